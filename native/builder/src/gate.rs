//! Where an engine waits for its source: it is written to disk when the engine opens it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::time::Instant;

use wasmtime::{Caller, Engine, Extern, Instance, Linker, Module, Store};

use crate::context::{SOURCE_NAME, State};
use crate::engine_module::{EngineModule, MEMORY};
use crate::image_module::PREVIEW1;
use crate::standby::Order;

const PATH_OPEN: &str = "path_open";

/// Why a guest was ended from outside. Travels through the guest as a trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("time limit reached")]
    Timeout,
    #[error("cancelled")]
    Cancelled,
}

/// The source could not be put where the engine looks for it. Travels through the guest as a trap.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written", path.display())]
pub(crate) struct Unwritten {
    pub(crate) path: PathBuf,
    #[source]
    pub(crate) cause: std::io::Error,
}

/// The source of one engine, once it is ordered.
pub(crate) struct SourceGate {
    file: PathBuf,
    order: Option<Order>,
    orders: Receiver<Order>,
    is_open: bool,
}

impl SourceGate {
    pub(crate) fn new(folder: &Path, order: Option<Order>, orders: Receiver<Order>) -> Self {
        let file = folder.join(SOURCE_NAME);
        Self { file, order, orders, is_open: false }
    }

    /// Waits for the order, and puts the source where the engine looks for it.
    fn pass(&mut self) -> wasmtime::Result<()> {
        if self.is_open {
            return Ok(());
        }
        let order = match self.order.take() {
            Some(order) => order,
            None => self.orders.recv().map_err(|_| Stop::Cancelled)?,
        };
        std::fs::write(&self.file, &order.source)
            .map_err(|cause| Unwritten { path: self.file.clone(), cause })?;
        self.order = Some(order);
        self.is_open = true;
        self.still_wanted()
    }

    /// Nothing has a limit before it is ordered.
    pub(crate) fn still_wanted(&self) -> wasmtime::Result<()> {
        match &self.order {
            Some(order) if order.cancel.is_cancelled() => Err(Stop::Cancelled.into()),
            Some(order) if Instant::now() >= order.deadline => Err(Stop::Timeout.into()),
            _ => Ok(()),
        }
    }

    /// Identifies what comes of the source.
    pub(crate) fn id(&self) -> wasmtime::Result<[u8; 32]> {
        let order = self.order.as_ref().filter(|_| self.is_open);
        order
            .map(|order| order.id)
            .ok_or_else(|| wasmtime::format_err!("the engine read no source"))
    }
}

/// The modules that stand between an engine and WASI's `path_open`. WASI looks for the memory of
/// whoever calls it, so the one that calls it is a module with the engine's memory.
pub(crate) struct Gates {
    trampoline: Module,
    gate: Module,
}

impl Gates {
    pub(crate) fn new(engine: &Engine) -> wasmtime::Result<Self> {
        let module = |text| Module::new(engine, wat::parse_str(text)?);
        let trampoline = module(include_str!("trampoline.wat"))?;
        Ok(Self { trampoline, gate: module(include_str!("gate.wat"))? })
    }

    /// Instantiates an engine behind a gate.
    pub(crate) fn instantiate(
        &self,
        linker: &Linker<State>,
        store: &mut Store<State>,
        engine: &EngineModule,
    ) -> wasmtime::Result<Instance> {
        let mut gated = linker.clone();
        gated.allow_shadowing(true);
        let trampoline = linker.instantiate(&mut *store, &self.trampoline)?;
        let open = export(store, &trampoline, PATH_OPEN)?;
        gated.define(&mut *store, PREVIEW1, PATH_OPEN, open)?;
        let instance = engine.instantiate(&gated, store)?;
        let memory = export(store, &instance, MEMORY)?;
        let table = export(store, &trampoline, "table")?;
        let mut behind = linker.clone();
        behind.define(&mut *store, "engine", MEMORY, memory)?;
        behind.define(&mut *store, "trampoline", "table", table)?;
        behind.func_wrap("gate", "pass", pass)?;
        behind.instantiate(&mut *store, &self.gate)?;
        Ok(instance)
    }
}

fn export(store: &mut Store<State>, instance: &Instance, name: &str) -> wasmtime::Result<Extern> {
    let export = instance.get_export(&mut *store, name);
    export.ok_or_else(|| wasmtime::format_err!("there is no export {name}"))
}

/// Lets every file pass at once but the source.
fn pass(mut caller: Caller<'_, State>, path: i32, length: i32) -> wasmtime::Result<()> {
    let memory = caller.get_export(MEMORY).and_then(Extern::into_memory);
    let memory = memory.ok_or_else(|| wasmtime::format_err!("the gate has no memory"))?;
    let (start, length) = (usize::try_from(path)?, usize::try_from(length)?);
    let name = memory.data(&caller).get(start..start.saturating_add(length));
    if name.is_some_and(|name| name.ends_with(SOURCE_NAME.as_bytes())) {
        caller.data_mut().gate.pass()?;
    }
    Ok(())
}
