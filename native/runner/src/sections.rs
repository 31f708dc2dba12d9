//! The sections of a WebAssembly binary, core module or component, as byte ranges.

use std::ops::Range;

use wasm_encoder::Encode as _;
use wasmparser::{BinaryReader, BinaryReaderError};

/// Bytes of magic number, version and layer.
const HEADER: usize = 8;

/// Section ids of core modules.
pub mod id {
    /// Memories.
    pub const MEMORY: u8 = 5;
    /// Globals.
    pub const GLOBAL: u8 = 6;
    /// Code.
    pub const CODE: u8 = 10;
    /// Data segments.
    pub const DATA: u8 = 11;
    /// Number of data segments.
    pub const DATA_COUNT: u8 = 12;
    /// Imports.
    pub const IMPORT: u8 = 2;
    /// In a component: a core module.
    pub const CORE_MODULE: u8 = 1;
}

/// One section of a binary.
#[derive(Clone, Debug)]
pub struct Section {
    /// What kind of section (see [`id`]).
    pub id: u8,
    /// With id and length.
    pub whole: Range<usize>,
    /// Without them.
    pub body: Range<usize>,
}

/// Lists the sections of a whole binary.
///
/// # Errors
/// When a section's length runs past the end.
pub fn sections(binary: &[u8]) -> Result<Vec<Section>, BinaryReaderError> {
    let mut reader = BinaryReader::new(binary, 0);
    reader.read_bytes(HEADER)?;
    let mut found = Vec::new();
    while !reader.eof() {
        let start = reader.original_position();
        let id = reader.read_u8()?;
        let length = reader.read_var_u32()? as usize;
        let body = reader.original_position();
        reader.read_bytes(length)?;
        found.push(Section { id, whole: start..body + length, body: body..body + length });
    }
    Ok(found)
}

/// The largest core module of a component, which is a JavaScript engine if it has one, and its
/// index among them.
///
/// # Errors
/// As [`sections`].
pub fn largest_module(component: &[u8]) -> Result<Option<(u32, Section)>, BinaryReaderError> {
    let all = sections(component)?.into_iter();
    let modules = (0..).zip(all.filter(|section| section.id == id::CORE_MODULE));
    Ok(modules.max_by_key(|(_, section)| section.body.len()))
}

/// Id and length of a section, the length in its shortest spelling.
#[must_use]
pub fn section_head(id: u8, length: usize) -> Vec<u8> {
    let mut head = vec![id];
    length.encode(&mut head);
    head
}

/// Appends a section with the shortest spelling of its length.
pub fn push_section(out: &mut Vec<u8>, id: u8, body: &[u8]) {
    out.extend(section_head(id, body.len()));
    out.extend_from_slice(body);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_its_header_and_its_sections() {
        let module = wat::parse_str("(module (memory 1) (data (i32.const 0) \"x\"))").unwrap();
        let found = sections(&module).unwrap();
        let ids: Vec<_> = found.iter().map(|section| section.id).collect();
        assert_eq!(ids, [id::MEMORY, id::DATA]);
        let mut copy = module[..HEADER].to_vec();
        for section in &found {
            push_section(&mut copy, section.id, &module[section.body.clone()]);
        }
        assert_eq!(copy, module);
    }

    #[test]
    fn a_section_that_runs_past_the_end_is_an_error() {
        let mut module = wat::parse_str("(module (memory 1))").unwrap();
        module.pop();
        assert!(sections(&module).is_err());
    }
}
