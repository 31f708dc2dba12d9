//! The release component: an official build of the same world with another memory in it.

use std::borrow::Cow;
use std::ops::Range;

use wasm_encoder::reencode::{Reencode as _, RoundtripReencoder};
use wasm_encoder::{
    ConstExpr, DataCountSection, Encode as _, GlobalSection, Ieee32, Ieee64, MemorySection,
    Section as _,
};
use wasmparser::{
    BinaryReader, BinaryReaderError, DataKind, DataSectionReader, GlobalSectionReader,
    MemorySectionReader, ValType,
};
use xwb_runner::MemoryImage;
use xwb_runner::sections::{Section, id, largest_module, section_head, sections};

use crate::error::Error;
use crate::segments::Segments;

/// An official build, taken apart.
pub(crate) struct Release {
    component: Vec<u8>,
    /// The engine's module in it: the section with id and length, and without.
    module: Section,
    /// The module's sections, their ranges relative to the module.
    sections: Vec<Section>,
    /// How many of the module's globals are the engine's, the first ones.
    globals: u32,
    /// The segments that the engine's code puts into memory by itself: number, and encoded.
    passive: (u32, Vec<u8>),
}

impl Release {
    /// Takes a component apart. The engine is by far the largest of its core modules; `globals` is
    /// how many it has of itself.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`].
    pub(crate) fn new(component: Vec<u8>, globals: u32) -> Result<Self, Error> {
        let module = largest_module(&component).map_err(Error::invalid)?;
        let (_, module) =
            module.ok_or_else(|| Error::invalid("the official build has no module"))?;
        let binary = &component[module.body.clone()];
        let sections = sections(binary).map_err(Error::invalid)?;
        for needed in [id::MEMORY, id::GLOBAL, id::CODE, id::DATA] {
            if !sections.iter().any(|section| section.id == needed) {
                return Err(Error::invalid(format!("the official build has no section {needed}")));
            }
        }
        let data = sections.iter().find(|section| section.id == id::DATA);
        let data = data.map_or(&[][..], |section| &binary[section.body.clone()]);
        let passive = passive(data).map_err(Error::invalid)?;
        Ok(Self { component, module, sections, globals, passive })
    }

    /// The component with the memory and the globals of `image`, in pieces. All else stays as it
    /// is, bit by bit.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`] when the two do not belong together.
    pub(crate) fn with_memory(&self, image: &MemoryImage) -> Result<Vec<Cow<'_, [u8]>>, Error> {
        let module = &self.component[self.module.body.clone()];
        let (count, mut data) = self.data(image);
        let header = self.sections.first().map_or(0, |section| section.whole.start);
        let mut pieces = vec![Cow::Borrowed(&module[..header])];
        for section in &self.sections {
            let body = &module[section.body.clone()];
            let mut made = Vec::new();
            match section.id {
                id::MEMORY => memory(body, image.pages())?.append_to(&mut made),
                id::GLOBAL => globals(body, self.globals, image.globals())?.append_to(&mut made),
                id::DATA_COUNT => DataCountSection { count }.append_to(&mut made),
                id::DATA => {
                    pieces.push(Cow::Owned(section_head(section.id, data.len())));
                    made = std::mem::take(&mut data);
                }
                _ => {
                    pieces.push(Cow::Borrowed(&module[section.whole.clone()]));
                    continue;
                }
            }
            pieces.push(Cow::Owned(made));
        }
        let length = pieces.iter().map(|piece| piece.len()).sum();
        let Range { start, end } = self.module.whole;
        let around = [
            Cow::Borrowed(&self.component[..start]),
            Cow::Owned(section_head(id::CORE_MODULE, length)),
        ];
        pieces.splice(..0, around);
        pieces.push(Cow::Borrowed(&self.component[end..]));
        Ok(pieces)
    }

    /// Number of data segments, and the data section without id and length.
    fn data(&self, image: &MemoryImage) -> (u32, Vec<u8>) {
        let segments = Segments::of(image);
        let count = self.passive.0 + u32::try_from(segments.count()).unwrap_or(u32::MAX);
        let mut data = Vec::new();
        count.encode(&mut data);
        data.extend_from_slice(&self.passive.1);
        segments.encode(&mut data);
        (count, data)
    }
}

/// The memories with another size of the first.
fn memory(body: &[u8], pages: u32) -> Result<MemorySection, Error> {
    let memories = MemorySectionReader::new(BinaryReader::new(body, 0)).map_err(Error::invalid)?;
    let mut made = MemorySection::new();
    for memory in memories {
        let memory = memory.map_err(Error::invalid)?;
        let mut memory = RoundtripReencoder.memory_type(memory).map_err(Error::invalid)?;
        if made.is_empty() {
            memory.minimum = u64::from(pages);
        }
        made.memory(memory);
    }
    Ok(made)
}

/// The globals with other bits in the mutable ones among the first `count`.
fn globals(body: &[u8], count: u32, bits: &[u64]) -> Result<GlobalSection, Error> {
    let globals = GlobalSectionReader::new(BinaryReader::new(body, 0)).map_err(Error::invalid)?;
    let mut bits = bits.iter();
    let mut made = GlobalSection::new();
    for (index, global) in (0..).zip(globals) {
        let global = global.map_err(Error::invalid)?;
        if index < count && global.ty.mutable {
            let bits = bits.next().ok_or_else(|| Error::invalid("the engine lacks a global"))?;
            let ty = RoundtripReencoder.global_type(global.ty).map_err(Error::invalid)?;
            made.global(ty, &constant(global.ty.content_type, *bits)?);
        } else {
            RoundtripReencoder.parse_global(&mut made, global).map_err(Error::invalid)?;
        }
    }
    Ok(made)
}

fn constant(ty: ValType, bits: u64) -> Result<ConstExpr, Error> {
    let [a, b, c, d, ..] = bits.to_le_bytes();
    let low = u32::from_le_bytes([a, b, c, d]);
    Ok(match ty {
        ValType::I32 => ConstExpr::i32_const(low.cast_signed()),
        ValType::I64 => ConstExpr::i64_const(bits.cast_signed()),
        ValType::F32 => ConstExpr::f32_const(Ieee32::new(low)),
        ValType::F64 => ConstExpr::f64_const(Ieee64::new(bits)),
        _ => return Err(Error::invalid("the engine has a global that cannot be kept")),
    })
}

/// The passive segments, which come before the memory's own: how many, and encoded.
fn passive(data: &[u8]) -> Result<(u32, Vec<u8>), BinaryReaderError> {
    let (mut count, mut encoded) = (0, Vec::new());
    for segment in DataSectionReader::new(BinaryReader::new(data, 0))? {
        let segment = segment?;
        if let DataKind::Passive = segment.kind {
            count += 1;
            encoded.push(1);
            segment.data.encode(&mut encoded);
        }
    }
    Ok((count, encoded))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use wasmtime_wizer::{InstanceState, SnapshotVal, Wizer};

    use super::*;

    const ENGINE: &str = r#"(module
      (memory (export "memory") 1 1000)
      (global $stack (mut i32) (i32.const 1)) (global i32 (i32.const -2))
      (global (mut i64) (i64.const 3)) (global (mut f32) (f32.const 4)) (global (mut f64) (f64.const 5))
      (func (export "componentize.wizer"))
      (func (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 1)))
      (data (i32.const 3) "active") (data "passive"))"#;

    /// A state of an instance of that engine.
    struct State {
        memory: Vec<u8>,
        globals: Vec<u64>,
    }

    impl State {
        /// Bytes and gaps of many widths, about as many as asked for.
        fn scattered(pages: usize, parts: usize, seed: u64) -> Self {
            let mut memory = vec![0; pages << 16];
            let mut random = seed;
            let mut next = |below: usize| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                usize::try_from(random >> 33).unwrap() % below
            };
            let mut at = next(9);
            for _ in 0..parts {
                let (length, gap) = (1 + next(40), next(2 * (pages << 16) / parts - 40));
                let end = memory.len().min(at + length);
                memory[at.min(end)..end].fill(u8::try_from(1 + next(255)).unwrap());
                at = end + gap;
            }
            Self { memory, globals: vec![seed, !seed, seed ^ 0x3f80_0000, seed << 40] }
        }

        fn image(&self) -> MemoryImage {
            MemoryImage::capture(String::new(), &self.memory, self.globals.clone())
        }

        /// The component of an official build with this state.
        fn official(&mut self) -> Vec<u8> {
            let engine = wat::parse_str(ENGINE).unwrap();
            let mut wizer = Wizer::new();
            wizer.init_func("componentize.wizer");
            let (context, _) = wizer.instrument(&engine).unwrap();
            let module = wizer.snapshot(&context, self).now_or_never().unwrap().unwrap();
            let mut component = wat::parse_str("(component)").unwrap();
            component.extend(section_head(id::CORE_MODULE, module.len()));
            component.extend(module);
            component
        }
    }

    impl InstanceState for State {
        async fn global_get(&mut self, _name: &str, ty: ValType) -> SnapshotVal {
            let bits = self.globals.remove(0);
            let low = u32::try_from(bits & 0xffff_ffff).unwrap();
            match ty {
                ValType::I64 => SnapshotVal::I64(bits.cast_signed()),
                ValType::F64 => SnapshotVal::F64(bits),
                ValType::F32 => SnapshotVal::F32(low),
                _ => SnapshotVal::I32(low.cast_signed()),
            }
        }

        async fn memory_contents(&mut self, _name: &str, contents: impl FnOnce(&[u8]) + Send) {
            contents(&self.memory);
        }
    }

    #[test]
    fn a_component_is_what_wizer_makes_of_the_same_memory() {
        let before = State::scattered(2, 300, 7).official();
        let release = Release::new(before, 5).unwrap();
        for (pages, parts) in
            [(1, 1), (2, 500), (3, 2_000), (40, 9_000), (40, 14_000), (60, 40_000)]
        {
            let mut state = State::scattered(pages, parts, 1993 * parts as u64);
            let ours = release.with_memory(&state.image()).unwrap().concat();
            assert!(ours == state.official(), "{parts} parts of {pages} pages");
        }
    }

    #[test]
    fn what_does_not_belong_together_is_told() {
        let mut state = State::scattered(1, 3, 1);
        let official = state.official();
        let release = Release::new(official.clone(), 5).unwrap();
        let image = MemoryImage::capture(String::new(), &vec![0; 65_536], vec![1]);
        assert_eq!(release.with_memory(&image).unwrap_err().code(), "template.invalid");
        for broken in [&official[..official.len() - 9], b"", b"\0asm\x0d\0\x01\0"] {
            let refused = Release::new(broken.to_vec(), 5).map(|_| ()).unwrap_err();
            assert_eq!(refused.code(), "template.invalid");
        }
    }
}
