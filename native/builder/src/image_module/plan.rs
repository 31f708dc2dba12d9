//! Where things stand in the module that is made: indices of what it had, and of what is added.

use wasmparser::{Global, ValType};

use super::shape::{Shape, count};
use crate::error::Error;

/// The imported functions, in the order of their indices after the module's own imports.
pub(super) const HOST: [&str; HOST_COUNT as usize] =
    ["pages", "runs", "address", "bytes", "head", "global"];
pub(super) const HOST_COUNT: u32 = 6;

/// What the rewriting must know before it begins.
pub(super) struct Plan<'a> {
    stubbed: Shape<'a>,
    /// Globals of the engine before it is initialised; the others came with the stubs.
    pub(super) globals: Vec<Global<'a>>,
    /// Pages of the engine's memory before it is initialised. The module begins with as many as
    /// an official build has: to grow by them in each run would cost a third of a call.
    pub(super) first_pages: u32,
    /// Globals that can change, with their types; the host sets them.
    pub(super) mutable: Vec<(u32, ValType)>,
    /// Where the places of what stands in for the stubs begin: at the end of the module's table.
    pub(super) switches: u32,
    /// How many functions are stubs for what the engine imports. They are the module's first.
    pub(super) stubs: u32,
    /// The engine's own functions that initialise it and load a source.
    pub(super) start: u32,
    pub(super) load: u32,
    realloc: u32,
}

impl<'a> Plan<'a> {
    /// Holds the module of an official build against the engine that it was made from: functions
    /// have the same index in both, for each import that is gone is a stub in its place.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`] when they do not belong together.
    pub(super) fn new(engine: Shape<'a>, stubbed: Shape<'a>) -> Result<Self, Error> {
        if stubbed.exported("_initialize").is_some() {
            return Err(Error::invalid("the official build's module is not initialised"));
        }
        let kept: Vec<_> = stubbed.imports.iter().map(|each| (each.module, each.name)).collect();
        let gone: Vec<_> = engine.imports_beyond(&kept).collect();
        let stubs = stubbed.functions.get(..gone.len()).unwrap_or_default();
        let mut same = kept.len() + gone.len() == engine.imports.len()
            && stubs.len() == gone.len()
            && stubbed.functions.len() == gone.len() + engine.functions.len();
        for (import, ty) in gone.into_iter().zip(stubs) {
            same &= engine.type_of(import.ty)? == stubbed.type_of(*ty)?;
        }
        let realloc = stubbed.exported("cabi_realloc");
        let realloc = realloc.ok_or_else(|| Error::invalid("the engine has no cabi_realloc"))?;
        same &= ["cabi_realloc", "check_init"]
            .iter()
            .all(|name| engine.exported(name) == stubbed.exported(name));
        let (Some(start), Some(load)) =
            (engine.exported("_initialize"), engine.exported("componentize.wizer"))
        else {
            return Err(Error::invalid("the engine cannot be initialised"));
        };
        let ([memory], [table]) = (engine.memories.as_slice(), stubbed.tables.as_slice()) else {
            return Err(Error::invalid("the engine has not one memory and one table"));
        };
        let both = || engine.globals.iter().zip(&stubbed.globals);
        if !same || !both().all(|(a, b)| a.ty == b.ty) {
            return Err(Error::invalid("the official build's module is of another engine"));
        }
        let mutable = (0..).zip(both()).filter(|(_, (global, _))| global.ty.mutable);
        let mutable = mutable.map(|(index, (global, _))| (index, global.ty.content_type)).collect();
        let switches = u32::try_from(table.ty.initial).map_err(Error::invalid)?;
        let first_pages = u32::try_from(memory.initial).map_err(Error::invalid)?;
        let stubs = count(stubs.len());
        let globals = engine.globals;
        Ok(Self { stubbed, globals, first_pages, mutable, switches, stubs, start, load, realloc })
    }

    /// Where a function of the module stands once the host functions are imported.
    pub(super) fn moved(&self, function: u32) -> u32 {
        if function < self.imports() { function } else { function + HOST_COUNT }
    }

    /// Number of types before any is added.
    pub(super) fn types(&self) -> u32 {
        count(self.stubbed.types.len())
    }

    fn imports(&self) -> u32 {
        count(self.stubbed.imports.len())
    }

    /// Index of an imported host function.
    pub(super) fn host(&self, name: &str) -> u32 {
        let position = (0..).zip(HOST).find(|(_, each)| *each == name);
        self.imports() + position.map_or(0, |(position, _)| position)
    }

    /// Type of a stub, and how many parameters it has.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`] when there is no such type.
    pub(super) fn stub(&self, position: u32) -> Result<(u32, u32), Error> {
        let ty = self.stubbed.functions.get(position as usize).copied().unwrap_or(u32::MAX);
        Ok((ty, count(self.stubbed.type_of(ty)?.params().len())))
    }

    /// The module's own `cabi_realloc`.
    pub(super) fn realloc(&self) -> u32 {
        self.moved(self.realloc)
    }

    pub(super) fn initialize(&self) -> u32 {
        self.imports() + HOST_COUNT + count(self.stubbed.functions.len())
    }

    pub(super) fn realloc_wrapper(&self) -> u32 {
        self.initialize() + 1
    }

    /// Stands for `memory.grow`.
    pub(super) fn grow(&self) -> u32 {
        self.initialize() + 2
    }

    /// Global: whether a run is being loaded.
    pub(super) fn loading(&self) -> u32 {
        count(self.stubbed.globals.len())
    }

    /// Global: where that run belongs.
    pub(super) fn destination(&self) -> u32 {
        self.loading() + 1
    }

    /// Global: how many pages of the memory the engine knows of.
    pub(super) fn pages(&self) -> u32 {
        self.loading() + 2
    }
}
