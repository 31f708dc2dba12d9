//! What a core module consists of, read before it is rewritten.

use wasmparser::{
    CompositeInnerType, Export, ExternalKind, FuncType, Global, MemoryType, Parser, Payload, Table,
    TypeRef,
};

use crate::error::Error;

/// The parts of a core module that others refer to, in the order of their indices.
#[derive(Default)]
pub(crate) struct Shape<'a> {
    pub(crate) types: Vec<FuncType>,
    pub(crate) imports: Vec<Import<'a>>,
    /// The type of each function of the module's own.
    pub(crate) functions: Vec<u32>,
    pub(crate) tables: Vec<Table<'a>>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: Vec<Global<'a>>,
    exports: Vec<Export<'a>>,
}

/// An imported function.
pub(crate) struct Import<'a> {
    pub(crate) module: &'a str,
    pub(crate) name: &'a str,
    pub(crate) ty: u32,
}

impl<'a> Shape<'a> {
    /// # Errors
    /// [`Error::TemplateInvalid`] for what is no module, and for what no engine has.
    pub(crate) fn of(module: &'a [u8]) -> Result<Self, Error> {
        let mut shape = Self::default();
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload.map_err(Error::invalid)?;
            if matches!(payload, Payload::CodeSectionStart { .. }) {
                break;
            }
            shape.read(payload)?;
        }
        Ok(shape)
    }

    fn read(&mut self, payload: Payload<'a>) -> Result<(), Error> {
        match payload {
            Payload::TypeSection(section) => {
                for group in section {
                    for ty in group.map_err(Error::invalid)?.into_types() {
                        let CompositeInnerType::Func(ty) = ty.composite_type.inner else {
                            return Err(Error::invalid("the engine has types beyond functions"));
                        };
                        self.types.push(ty);
                    }
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(Error::invalid)?;
                    let TypeRef::Func(ty) = import.ty else {
                        return Err(Error::invalid("the engine imports more than functions"));
                    };
                    self.imports.push(Import { module: import.module, name: import.name, ty });
                }
            }
            Payload::FunctionSection(section) => self.functions = all(section)?,
            Payload::TableSection(section) => self.tables = all(section)?,
            Payload::MemorySection(section) => self.memories = all(section)?,
            Payload::GlobalSection(section) => self.globals = all(section)?,
            Payload::ExportSection(section) => self.exports = all(section)?,
            Payload::StartSection { .. } => {
                return Err(Error::invalid("the engine starts by itself"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Index of an exported function.
    pub(crate) fn exported(&self, name: &str) -> Option<u32> {
        let mut functions = self.exports.iter().filter(|each| each.kind == ExternalKind::Func);
        functions.find(|each| each.name == name).map(|export| export.index)
    }

    /// The imports that `other` does not have.
    pub(crate) fn imports_beyond<'b>(
        &'b self,
        other: &[(&str, &str)],
    ) -> impl Iterator<Item = &'b Import<'a>> {
        self.imports.iter().filter(|each| !other.contains(&(each.module, each.name)))
    }

    /// Type of an import.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`] when there is no such type.
    pub(crate) fn type_of(&self, ty: u32) -> Result<&FuncType, Error> {
        self.types.get(ty as usize).ok_or_else(|| Error::invalid("the engine lacks a type"))
    }
}

fn all<'a, T: wasmparser::FromReader<'a>>(
    section: wasmparser::SectionLimited<'a, T>,
) -> Result<Vec<T>, Error> {
    section.into_iter().collect::<Result<_, _>>().map_err(Error::invalid)
}

/// Modules have far fewer than 2³² of anything.
pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
