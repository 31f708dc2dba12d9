//! Lets the engine load a source and takes what that left in memory.

use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wasmtime::{Instance, Store, Val};
use xwb_runner::{CancelToken, MemoryImage};

use crate::builder::Inner;
use crate::captured::Captured;
use crate::context::{SOURCE_NAME, State, Surroundings};
use crate::error::Error;
use crate::files::{hash_parts, hex};
use crate::initialised::Initialised;
use crate::seal::INITIALIZER;
use crate::source_error::SourceError;
use crate::template::Template;
use crate::watchdog::{Stop, Watchdog};

/// Longest time that a source may take to load, unless the builder's options say otherwise.
pub const TIME_LIMIT: Duration = Duration::from_secs(5);
/// Largest source that is accepted.
pub const MAX_SOURCE_BYTES: usize = 32 << 20;

/// Changes whenever the same source must not be taken to give the same component any more.
const FORMAT: &[u8] = b"xwb-build/1";

impl Template {
    /// Loads `source`, a bundled ECMAScript module that exports the world's functions. Blocks for
    /// some 15 ms; a source that does more while it is loaded takes longer, up to the time limit.
    ///
    /// The same source and template give the same result, always: clock and random numbers are
    /// fixed while a source is loaded.
    ///
    /// # Errors
    /// Every `source.*` error, [`Error::Cancelled`] and [`Error::Folder`].
    ///
    /// # Panics
    /// On a thread that drives asynchronous tasks: it must be one that may block.
    pub fn initialise(&self, source: &str, cancel: &CancelToken) -> Result<Initialised, Error> {
        let started = Instant::now();
        if source.len() > MAX_SOURCE_BYTES {
            let (size, limit) = (source.len(), MAX_SOURCE_BYTES);
            return Err(Error::SourceTooLarge { size, limit });
        }
        let builder = &*self.builder().0;
        let folder = source_folder(builder, source).map_err(Error::Folder)?;
        let id = hash_parts([FORMAT, self.key().as_bytes(), source.as_bytes()]);
        let output = Captured::default();
        let mut store = self.store(builder, folder.path(), id, &output)?;
        let watchdog = Watchdog::start(&mut store, builder.options.time_limit, cancel);
        let loaded = {
            let _watchdog = watchdog.map_err(Error::Folder)?;
            if cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            self.load(&mut store, hex(&id))
        };
        let image = loaded.map_err(|failed| failed.explain(&store, builder, &output))?;
        Ok(Initialised::new(self.clone(), image, started.elapsed()))
    }

    fn store(
        &self,
        builder: &Inner,
        source: &Path,
        seed: [u8; 32],
        output: &Captured,
    ) -> Result<Store<State>, Error> {
        let state = State::new(&Surroundings {
            environment: &self.environment(),
            bindings: (self.folder(), INITIALIZER),
            source,
            now: self.made_at(),
            seed,
            memory_bytes: builder.options.memory_mb << 20,
            output,
        });
        let folder = |error: wasmtime::Error| Error::Folder(std::io::Error::other(error));
        let mut store = Store::new(&builder.engine, state.map_err(folder)?);
        store.limiter(|state| &mut state.memory);
        Ok(store)
    }

    fn load(&self, store: &mut Store<State>, sha256: String) -> Result<MemoryImage, Failed> {
        let instance = self.instantiate(store)?;
        for step in ["_initialize", "componentize.wizer"] {
            instance.get_typed_func::<(), ()>(&mut *store, step)?.call(&mut *store, ())?;
        }
        // As in an official build, the check comes after the picture is taken.
        let globals = globals(store, &instance)?;
        let memory = instance.get_memory(&mut *store, "memory");
        let memory = memory.ok_or_else(|| wasmtime::format_err!("the engine has no memory"))?;
        let image = MemoryImage::capture(sha256, memory.data(&*store), globals);
        let check = instance.get_typed_func::<(), i32>(&mut *store, "check_init")?;
        match check.call(&mut *store, ())? {
            0 => Ok(image),
            status => Err(Failed::Check(status)),
        }
    }
}

fn source_folder(builder: &Inner, source: &str) -> std::io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("source-").tempdir_in(&builder.scratch)?;
    std::fs::write(folder.path().join(SOURCE_NAME), source)?;
    Ok(folder)
}

/// Bits of the mutable globals, which `wizer` exports under their indices, in order.
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

/// How `wizer` names the globals that it exports.
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
    fn explain(self, store: &Store<State>, builder: &Inner, output: &Captured) -> Error {
        let error = match self {
            Self::Check(status) => {
                return Error::Source(SourceError::of_check(status, output.text()));
            }
            Self::Trap(error) => error,
        };
        match error.downcast_ref::<Stop>() {
            Some(Stop::Cancelled) => Error::Cancelled,
            Some(Stop::Timeout) => {
                let limit = builder.options.time_limit.as_millis();
                Error::SourceTimeout(u64::try_from(limit).unwrap_or(u64::MAX))
            }
            None if store.data().memory.reached => Error::SourceMemory(builder.options.memory_mb),
            None => Error::Source(SourceError::of_trap(&error, &output.text())),
        }
    }
}
