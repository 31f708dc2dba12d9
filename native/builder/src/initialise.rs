//! Lets the engine load a source and takes what that left in memory.

use std::path::PathBuf;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wasmtime::component::Component;
use wasmtime::{Engine, Instance, Linker, Store, UpdateDeadline, Val};
use xwb_runner::{CancelToken, MemoryImage};

use crate::builder::Builder;
use crate::captured::Captured;
use crate::context::{State, Surroundings};
use crate::engine_module::{EngineModule, MEMORY, PAGE};
use crate::error::Error;
use crate::files::{hash_parts, hex};
use crate::gate::{Gates, SourceGate, Stop, Unwritten};
use crate::image_module::{LOAD, PAGES, START};
use crate::initialised::Initialised;
use crate::seal::INITIALIZER;
use crate::source_error::SourceError;
use crate::standby::{Order, Standby};
use crate::template::Template;

/// Longest time that a source may take to load, unless the builder's options say otherwise.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Largest source that is accepted.
pub const MAX_SOURCE_BYTES: usize = 32 << 20;

/// Changes whenever the same source must not be taken to give the same component any more.
const FORMAT: &[u8] = b"xwb-build/2";

impl Template {
    /// Loads `source`, a bundled ECMAScript module that exports the world's functions. Blocks for
    /// a few milliseconds when an engine stands by, for some 20 ms otherwise; a source that does
    /// more while it is loaded takes longer, up to the time limit.
    ///
    /// The same source and template give the same result, always: clock and random numbers are
    /// fixed while a source is loaded.
    ///
    /// # Errors
    /// Every `source.*` error, [`Error::Cancelled`], [`Error::Folder`] and [`Error::Write`].
    pub fn initialise(&self, source: &str, cancel: &CancelToken) -> Result<Initialised, Error> {
        let started = Instant::now();
        if source.len() > MAX_SOURCE_BYTES {
            let (size, limit) = (source.len(), MAX_SOURCE_BYTES);
            return Err(Error::SourceTooLarge { size, limit });
        }
        if cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let order = Order {
            source: source.to_owned(),
            id: hash_parts([FORMAT, self.key().as_bytes(), source.as_bytes()]),
            deadline: started + self.builder().0.options.time_limit,
            cancel: cancel.clone(),
        };
        let standby = match self.take_standby() {
            Some(standby) => standby,
            None => Standby::start(self.setup(), Duration::ZERO)?,
        };
        let image = standby.load(order);
        let took = started.elapsed();
        let after = self.builder().0.options.standby_after;
        self.keep_standby(Standby::start(self.setup(), after)?);
        Ok(Initialised::new(self.clone(), image?, took))
    }
}

/// What every initialisation of a template begins with.
pub(crate) struct Setup {
    builder: Builder,
    folder: PathBuf,
    environment: Vec<(String, String)>,
    /// Unix time at which the template's clock stands still.
    made_at: Duration,
    /// Of all random numbers; the engine uses them before it sees the source.
    seed: [u8; 32],
    module: EngineModule,
    linker: Linker<State>,
    gates: Gates,
}

impl Setup {
    pub(crate) fn new(
        builder: &Builder,
        folder: PathBuf,
        (environment, made_at): (Vec<(String, String)>, Duration),
        key: &str,
        (image_base, engine): (&Component, &[u8]),
    ) -> Result<Self, Error> {
        let mut linker = builder.0.linker.clone();
        let module = EngineModule::new(image_base, engine, &mut linker)?;
        let gates = Gates::new(&builder.0.engine).map_err(Error::Engine)?;
        let seed = hash_parts([FORMAT, b"seed", key.as_bytes()]);
        let builder = builder.clone();
        Ok(Self { builder, folder, environment, made_at, seed, module, linker, gates })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.builder.0.engine
    }

    /// Starts an engine and lets it load the source that was or will be ordered.
    ///
    /// # Errors
    /// As [`Template::initialise`]; [`Error::Cancelled`] when nothing will be ordered any more.
    pub(crate) fn run(
        &self,
        order: Option<Order>,
        orders: Receiver<Order>,
    ) -> Result<MemoryImage, Error> {
        let scratch = &self.builder.0.scratch;
        let folder = tempfile::Builder::new().prefix("source-").tempdir_in(scratch);
        let folder = folder.map_err(Error::Folder)?;
        let output = Captured::default();
        let gate = SourceGate::new(folder.path(), order, orders);
        let mut store = self.store(&folder, gate, &output)?;
        self.load(&mut store).map_err(|failed| failed.explain(&store, &self.builder, &output))
    }

    fn store(
        &self,
        source: &TempDir,
        gate: SourceGate,
        output: &Captured,
    ) -> Result<Store<State>, Error> {
        let options = &self.builder.0.options;
        let surroundings = Surroundings {
            environment: &self.environment,
            bindings: (&self.folder, INITIALIZER),
            source: source.path(),
            now: self.made_at,
            seed: self.seed,
            memory_bytes: options.memory_mb << 20,
            output,
        };
        let folder = |error: wasmtime::Error| Error::Folder(std::io::Error::other(error));
        let state = State::new(&surroundings, gate).map_err(folder)?;
        let mut store = Store::new(self.engine(), state);
        store.limiter(|state| &mut state.memory);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|store| {
            store.data().gate.still_wanted()?;
            Ok(UpdateDeadline::Continue(1))
        });
        Ok(store)
    }

    fn load(&self, store: &mut Store<State>) -> Result<MemoryImage, Failed> {
        let instance = self.gates.instantiate(&self.linker, store, &self.module)?;
        for step in [START, LOAD] {
            instance.get_typed_func::<(), ()>(&mut *store, step)?.call(&mut *store, ())?;
        }
        // As in an official build, the check comes after the picture is taken.
        let id = hex(&store.data().gate.id()?);
        let globals = globals(store, &instance)?;
        let image = MemoryImage::capture(id, memory(store, &instance)?, globals);
        let check = instance.get_typed_func::<(), i32>(&mut *store, "check_init")?;
        match check.call(&mut *store, ())? {
            0 => Ok(image),
            status => Err(Failed::Check(status)),
        }
    }
}

/// The part of the memory that the engine knows of.
fn memory<'a>(store: &'a mut Store<State>, instance: &Instance) -> wasmtime::Result<&'a [u8]> {
    let missing = |name: &str| wasmtime::format_err!("the engine has no {name}");
    let pages = instance.get_global(&mut *store, PAGES).ok_or_else(|| missing(PAGES))?;
    let pages = pages.get(&mut *store).i32().ok_or_else(|| missing(PAGES))?;
    let memory = instance.get_memory(&mut *store, MEMORY).ok_or_else(|| missing(MEMORY))?;
    let bytes = pages.cast_unsigned() as usize * PAGE;
    memory.data(&*store).get(..bytes).ok_or_else(|| missing(MEMORY))
}

/// Bits of the mutable globals, which are exported under their indices, in order.
fn globals(store: &mut Store<State>, instance: &Instance) -> wasmtime::Result<Vec<u64>> {
    let exported = instance.exports(&mut *store).filter_map(|export| {
        let index = export.name().strip_prefix(GLOBAL_PREFIX)?.parse::<u32>().ok()?;
        Some((index, export.into_global()?))
    });
    let mut globals: Vec<_> = exported.collect();
    globals.sort_unstable_by_key(|(index, _)| *index);
    let values = globals.into_iter().map(|(index, global)| match global.get(&mut *store) {
        Val::I32(value) => Ok(u64::from(value.cast_unsigned())),
        Val::I64(value) => Ok(value.cast_unsigned()),
        Val::F32(bits) => Ok(u64::from(bits)),
        Val::F64(bits) => Ok(bits),
        _ => wasmtime::bail!("global {index} has a type that cannot be kept"),
    });
    values.collect()
}

/// How the globals are exported; `wizer` names them so too.
pub(crate) const GLOBAL_PREFIX: &str = "__wizer_global_";

/// Why loading ended.
enum Failed {
    Trap(wasmtime::Error),
    /// What `check_init` answered.
    Check(i32),
}

impl From<wasmtime::Error> for Failed {
    fn from(error: wasmtime::Error) -> Self {
        Self::Trap(error)
    }
}

impl Failed {
    fn explain(self, store: &Store<State>, builder: &Builder, output: &Captured) -> Error {
        let options = &builder.0.options;
        let error = match self {
            Self::Check(status) => {
                return Error::Source(SourceError::of_check(status, &output.text()));
            }
            Self::Trap(error) => error,
        };
        let error = match error.downcast::<Unwritten>() {
            Ok(Unwritten { path, cause }) => return Error::Write { path, cause },
            Err(error) => error,
        };
        match error.downcast_ref::<Stop>() {
            Some(Stop::Cancelled) => Error::Cancelled,
            Some(Stop::Timeout) => {
                let limit = options.time_limit.as_millis();
                Error::SourceTimeout(u64::try_from(limit).unwrap_or(u64::MAX))
            }
            None if store.data().memory.reached => Error::SourceMemory(options.memory_mb),
            None => Error::Source(SourceError::of_trap(&error, &output.text())),
        }
    }
}
