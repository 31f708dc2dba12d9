//! Compiled code without the data that a memory begins with.
//!
//! Builds of one JavaScript project differ in nothing but the data of the engine's memory, and
//! compiling depends on none of it. So a component is compiled with a mark in place of its data,
//! once; the compiled form of each build is a copy of that with the build's own data where the
//! mark was: byte for byte what compiling gives when the data are one segment.

use wasm_encoder::{DataSection, Section as _};
use wasmparser::{
    BinaryReader, BinaryReaderError, ConstExpr, DataKind, DataSectionReader, ImportSectionReader,
    MemorySectionReader, MemoryType, Operator, TypeRef,
};

use crate::sections::{Section, id, largest_module, push_section, sections};

/// What a marked memory begins with; nothing else has it at the beginning of a page.
const MARK: &[u8; 32] = b"here go the data of just a build";
/// Ends of the data are put so far apart: builds with little more of it still share their code,
/// and every system's pages fit.
const ALIGNMENT: usize = 65_536;
/// Where a compiled file may have the beginning of a memory.
const SMALLEST_PAGE: usize = 4_096;
/// With less data than this a component is its code.
const LEAST: usize = 256 << 10;
/// Data that are spread wider than this are not laid out when they are compiled (as in Wasmtime).
const WIDEST: usize = 16 << 20;

/// A component taken apart.
pub(crate) struct Unlinked {
    /// The component with a mark in place of its data.
    pub(crate) code: Vec<u8>,
    /// What belongs where the mark is.
    data: Vec<u8>,
}

impl Unlinked {
    /// Takes apart what can be, and gives nothing for all else: a component with little data, or
    /// with data that do not simply lie in a memory of its own.
    pub(crate) fn of(component: &[u8]) -> Option<Self> {
        let (_, module) = largest_module(component).ok()??;
        let binary = &component[module.body.clone()];
        let parts = sections(binary).ok()?;
        let layout = laid_out(binary, &parts).ok()??;
        let mut code = component[..module.whole.start].to_vec();
        push_section(&mut code, id::CORE_MODULE, &marked(binary, &parts, &layout));
        code.extend_from_slice(&component[module.whole.end..]);
        Some(Self { code, data: layout.data })
    }

    /// Puts the data into `compiled`, the compiled form of [`Unlinked::code`]. Whether it could:
    /// not when the marked memory is not there as a whole, or a mark is there twice. So nothing
    /// but data is ever written over, whatever else a component holds.
    #[must_use]
    pub(crate) fn link(&self, compiled: &mut [u8]) -> bool {
        let mut marks = (0..compiled.len()).step_by(SMALLEST_PAGE);
        let mut next = || marks.find(|at| compiled[*at..].starts_with(MARK));
        let (Some(at), None) = (next(), next()) else { return false };
        let place = compiled.get_mut(at..at + self.data.len());
        let Some(place) = place.filter(|place| **place == marked_memory(self.data.len())) else {
            return false;
        };
        place.copy_from_slice(&self.data);
        true
    }
}

/// What stands for data of this width.
fn marked_memory(width: usize) -> Vec<u8> {
    let mut memory = vec![0; width];
    memory[..MARK.len()].copy_from_slice(MARK);
    // Zeros at an end would not be laid out.
    memory[width - 1] = 1;
    memory
}

/// A module's data as they lie in its memory.
struct Layout<'a> {
    /// Where they begin; this and their length are multiples of [`ALIGNMENT`].
    start: usize,
    data: Vec<u8>,
    /// Segments that the code itself puts somewhere. It names them by their numbers, so only such
    /// as come before all others.
    passive: Vec<&'a [u8]>,
}

/// Lays out a module's data. Nothing when their places are not known before the module runs.
fn laid_out<'a>(
    module: &'a [u8],
    parts: &[Section],
) -> Result<Option<Layout<'a>>, BinaryReaderError> {
    let body = |id| {
        let part = parts.iter().find(|part| part.id == id);
        part.map(|part| BinaryReader::new(&module[part.body.clone()], 0))
    };
    if let Some(imports) = body(id::IMPORT) {
        for import in ImportSectionReader::new(imports)?.into_imports() {
            if matches!(import?.ty, TypeRef::Memory(_)) {
                return Ok(None);
            }
        }
    }
    let (Some(memories), Some(data)) = (body(id::MEMORY), body(id::DATA)) else { return Ok(None) };
    let memories =
        MemorySectionReader::new(memories)?.into_iter().collect::<Result<Vec<_>, _>>()?;
    let Some(limit) = only_size(&memories) else { return Ok(None) };
    let segments = DataSectionReader::new(data)?;
    let counted = body(id::DATA_COUNT).map(|mut reader| reader.read_var_u32()).transpose()?;
    if counted.is_some_and(|count| count != segments.count()) {
        return Ok(None);
    }
    let (mut passive, mut placed) = (Vec::new(), Vec::new());
    for segment in segments {
        let segment = segment?;
        match segment.kind {
            DataKind::Passive if placed.is_empty() => passive.push(segment.data),
            DataKind::Active { memory_index: 0, offset_expr } => match constant(&offset_expr)? {
                Some(at) if at.saturating_add(segment.data.len()) <= limit => {
                    placed.push((at, segment.data));
                }
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }
    }
    Ok(join(&placed).map(|(start, data)| Layout { start, data, passive }))
}

fn constant(offset: &ConstExpr<'_>) -> Result<Option<usize>, BinaryReaderError> {
    let mut operators = offset.get_operators_reader();
    let Operator::I32Const { value } = operators.read()? else { return Ok(None) };
    operators.read()?;
    Ok(operators.eof().then_some(value.cast_unsigned() as usize))
}

/// Bytes of a module's memory before it grows, if it has one of the ordinary kind.
fn only_size(memories: &[MemoryType]) -> Option<usize> {
    let [memory] = memories else { return None };
    let ordinary = !memory.memory64 && !memory.shared && memory.page_size_log2.is_none();
    let pages = usize::try_from(memory.initial).ok().filter(|_| ordinary)?;
    pages.checked_mul(ALIGNMENT)
}

fn join(placed: &[(usize, &[u8])]) -> Option<(usize, Vec<u8>)> {
    let bytes: usize = placed.iter().map(|(_, data)| data.len()).sum();
    let start = placed.iter().map(|(start, _)| *start).min()? / ALIGNMENT * ALIGNMENT;
    let end = placed.iter().map(|(start, data)| start + data.len()).max()?;
    let width = (end - start).next_multiple_of(ALIGNMENT);
    if bytes < LEAST || (width > WIDEST && width / 2 >= bytes) {
        return None;
    }
    let mut joined = vec![0; width];
    for (at, data) in placed {
        joined[at - start..][..data.len()].copy_from_slice(data);
    }
    Some((start, joined))
}

/// The module with a mark in place of its data. Its code stays where it is, as faults tell places.
fn marked(module: &[u8], parts: &[Section], layout: &Layout<'_>) -> Vec<u8> {
    let mut data = DataSection::new();
    for segment in &layout.passive {
        data.passive(segment.iter().copied());
    }
    let offset = u32::try_from(layout.start).unwrap_or(u32::MAX).cast_signed();
    data.active(0, &wasm_encoder::ConstExpr::i32_const(offset), marked_memory(layout.data.len()));
    let header = parts.first().map_or(0, |part| part.whole.start);
    let mut out = module[..header].to_vec();
    for part in parts {
        match part.id {
            id::DATA => data.append_to(&mut out),
            id::DATA_COUNT => push_section(&mut out, part.id, &leb(data.len(), part.body.len())),
            _ => out.extend_from_slice(&module[part.whole.clone()]),
        }
    }
    out
}

/// A number in LEB128, spelled with so many bytes.
fn leb(mut number: u32, length: usize) -> Vec<u8> {
    let mut spelled = Vec::with_capacity(length);
    for at in 1..=length {
        let [low, ..] = number.to_le_bytes();
        spelled.push(if at < length { low | 0x80 } else { low & 0x7f });
        number >>= 7;
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A component with these fields in its one core module.
    fn component(fields: &str) -> Vec<u8> {
        wat::parse_str(format!("(component (core module {fields}))")).unwrap()
    }

    fn data(offset: u32, byte: char, length: usize) -> String {
        format!("(data (i32.const {offset}) \"{}\")", String::from(byte).repeat(length))
    }

    #[test]
    fn linking_gives_what_compiling_gives() {
        let engine = wasmtime::Engine::default();
        let code = "(func (export \"f\") (result i32) (i32.load8_u (i32.const 70000)))";
        let build = |byte| component(&format!("(memory 8) {code} {}", data(65_536, byte, 5 << 16)));
        let unlinked = Unlinked::of(&build('a')).unwrap();
        let mut linked = engine.precompile_component(&unlinked.code).unwrap();
        for byte in ['a', 'b'] {
            let other = Unlinked::of(&build(byte)).unwrap();
            assert_eq!(other.code, unlinked.code);
            let mut copy = linked.clone();
            assert!(other.link(&mut copy));
            assert!(copy == engine.precompile_component(&build(byte)).unwrap());
        }
        assert!(unlinked.link(&mut linked));
        assert!(!unlinked.link(&mut linked), "the mark is gone");
    }

    #[test]
    fn only_one_whole_marked_memory_is_written_over() {
        let unlinked = Unlinked { code: Vec::new(), data: vec![7; 64] };
        let (mark, page) = (marked_memory(64), SMALLEST_PAGE);
        let mut whole = vec![9; 3 * page];
        whole[page..page + 64].copy_from_slice(&mark);
        let mut twice = whole.clone();
        twice[..MARK.len()].copy_from_slice(MARK);
        let mut other = whole.clone();
        other[page + 40] = 1;
        let short = whole[..page + 63].to_vec();
        for mut refused in [twice, other, short, vec![9; page], Vec::new()] {
            let before = refused.clone();
            assert!(!unlinked.link(&mut refused));
            assert!(refused == before);
        }
        assert!(unlinked.link(&mut whole));
        assert_eq!((&whole[page..page + 64], whole[page + 64]), (&[7; 64][..], 9));
    }

    #[test]
    fn segments_are_laid_out_in_their_order_and_counted_in_as_many_bytes() {
        let segments = [data(65_540, 'a', LEAST), data(65_542, 'b', 1), data(65_600, 'c', 2)];
        // Bulk instructions make a module tell its number of segments before its code.
        let fields = "(memory 8) (func (data.drop 1)) (data \"\") (data \"x\")";
        let binary = component(&format!("{fields} {}", segments.concat()));
        let unlinked = Unlinked::of(&binary).unwrap();
        assert_eq!(&unlinked.data[..8], b"\0\0\0\0aaba");
        assert_eq!(&unlinked.data[62..67], b"aacca");
        assert_eq!(unlinked.data.len(), 5 << 16);
        wasmtime::Engine::default().precompile_component(&unlinked.code).unwrap();
    }

    #[test]
    fn numbers_are_spelled_as_long_as_asked() {
        assert_eq!(leb(1, 1), [1]);
        assert_eq!(leb(1, 3), [0x81, 0x80, 0]);
        assert_eq!(leb(300, 2), [0xac, 2]);
    }

    #[test]
    fn what_is_not_known_before_it_runs_stays_whole() {
        let much = data(0, 'x', LEAST);
        for fields in [
            format!("(memory 8) {}", data(0, 'x', LEAST - 1)),
            format!("(import \"a\" \"b\" (memory 8)) {much}"),
            format!("(memory 8) (memory 1) {much}"),
            format!("(memory i64 8) {}", much.replace("i32", "i64")),
            format!("(memory 3) {much}"),
            format!("(memory 8) {much} (data \"a passive one after it\")"),
            format!("(memory 8) (global $g i32 (i32.const 0)) (data (global.get $g) \"x\") {much}"),
            format!("(memory 600) {much} {}", data(20 << 20, 'x', 1)),
            String::from("(memory 8)"),
        ] {
            assert!(Unlinked::of(&component(&fields)).is_none(), "{fields:.60}");
        }
        assert!(Unlinked::of(b"no component").is_none());
        assert!(Unlinked::of(&wat::parse_str("(component)").unwrap()).is_none());
    }
}
