//! Numbers of things in a module, and the indices of what is added to it.

use wasmparser::{Parser, Payload, TypeRef};

use crate::error::Error;

/// The imported functions, in the order of their indices after the module's own imports.
pub(super) const HOST: [&str; HOST_COUNT as usize] =
    ["pages", "runs", "address", "bytes", "head", "global"];
pub(super) const HOST_COUNT: u32 = 6;

/// What the rewriting must know before it begins.
#[derive(Default)]
pub(super) struct Shape {
    pub(super) types: u32,
    pub(super) imported_functions: u32,
    pub(super) functions: u32,
    pub(super) globals: u32,
    /// Globals that can change, with their types; the host sets them.
    pub(super) mutable: Vec<(u32, wasmparser::ValType)>,
    pub(super) realloc: u32,
    pub(super) is_initialised: bool,
}

impl Shape {
    pub(super) fn of(module: &[u8]) -> Result<Self, Error> {
        let mut shape = Self { is_initialised: true, ..Self::default() };
        let mut realloc = None;
        for payload in Parser::new(0).parse_all(module) {
            match payload.map_err(Error::invalid)? {
                Payload::TypeSection(section) => {
                    for group in section {
                        let count = group.map_err(Error::invalid)?.types().len();
                        shape.types += u32::try_from(count).map_err(Error::invalid)?;
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import.map_err(Error::invalid)?.ty {
                            TypeRef::Func(_) => shape.imported_functions += 1,
                            _ => {
                                return Err(Error::invalid(
                                    "the engine imports more than functions",
                                ));
                            }
                        }
                    }
                }
                Payload::FunctionSection(section) => shape.functions = section.count(),
                Payload::GlobalSection(section) => {
                    shape.globals = section.count();
                    for (index, global) in (0..).zip(section) {
                        let ty = global.map_err(Error::invalid)?.ty;
                        if ty.mutable {
                            shape.mutable.push((index, ty.content_type));
                        }
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export.map_err(Error::invalid)?;
                        match export.name {
                            "cabi_realloc" => realloc = Some(export.index),
                            "_initialize" => shape.is_initialised = false,
                            _ => {}
                        }
                    }
                }
                Payload::CodeSectionStart { .. } => break,
                _ => {}
            }
        }
        if shape.imported_functions == 0 || shape.globals == 0 {
            return Err(Error::invalid("the engine has no imports or no globals"));
        }
        shape.realloc = realloc.ok_or_else(|| Error::invalid("the engine has no cabi_realloc"))?;
        Ok(shape)
    }

    /// Index of an imported host function.
    pub(super) fn host(&self, name: &str) -> u32 {
        let position = (0..).zip(HOST).find(|(_, each)| *each == name);
        self.imported_functions + position.map_or(0, |(position, _)| position)
    }

    pub(super) fn initialize(&self) -> u32 {
        self.imported_functions + HOST_COUNT + self.functions
    }

    pub(super) fn realloc_wrapper(&self) -> u32 {
        self.initialize() + 1
    }

    /// Global: whether a run is being loaded.
    pub(super) fn loading(&self) -> u32 {
        self.globals
    }

    /// Global: where that run belongs.
    pub(super) fn destination(&self) -> u32 {
        self.globals + 1
    }
}
