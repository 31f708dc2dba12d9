//! The engine: made once, holds the linker, the cache and the ticker.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use tokio::sync::Semaphore;
use wasmtime::component::{HasSelf, Linker};

use crate::cache::CompiledCache;
use crate::component::Prepared;
use crate::fault::Error;
use crate::image;
use crate::leftover::Leftover;
use crate::options::{EngineInfo, EngineOptions, MAX_CONCURRENT, config};
use crate::state::RunState;
use crate::ticker::Ticker;
use crate::vessel::Vessel;
use crate::world::Runner;

/// Compiles components and runs them. Clones are the same engine; its thread ends with the last.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) engine: wasmtime::Engine,
    pub(crate) ticker: Ticker,
    pub(crate) turns: Arc<Semaphore>,
    pub(crate) info: EngineInfo,
    pub(crate) linker: Linker<RunState>,
    /// An instance for the next run of one component.
    pub(crate) ready: Mutex<Option<Vessel>>,
    /// What the last run left, until there is time.
    pub(crate) left: Mutex<Option<Leftover>>,
    pub(crate) cache: CompiledCache,
    /// One lock per component, so that it is compiled once however many ask.
    pub(crate) known: Mutex<HashMap<[u8; 32], Arc<Slot>>>,
}

/// A component that is in use somewhere, or not.
pub(crate) type Slot = Mutex<Weak<Prepared>>;

impl Engine {
    /// Makes an engine.
    ///
    /// # Errors
    /// [`Error::Engine`] and [`Error::Cache`]; [`Error::Limits`] for a memory bound beyond 4 GiB.
    pub fn new(options: &EngineOptions) -> Result<Self, Error> {
        if options.max_memory_mb == 0 || options.max_memory_mb > 4096 {
            let given = options.max_memory_mb;
            return Err(Error::Limits(format!(
                "maxMemoryMb is {given}; it must be from 1 to 4096"
            )));
        }
        let pooled = options
            .pooling
            .then(|| config(options, true).and_then(|config| wasmtime::Engine::new(&config)).ok())
            .flatten();
        let pooling = pooled.is_some();
        let engine = match pooled {
            Some(engine) => engine,
            None => config(options, false)
                .and_then(|config| wasmtime::Engine::new(&config))
                .map_err(Error::Engine)?,
        };
        let cache = CompiledCache::of_runner(&options.cache_dir, options.max_cache_bytes, &engine)
            .map_err(Error::Cache)?;
        let ticker = Ticker::start(engine.weak(), pooling)
            .map_err(|error| Error::Engine(wasmtime::Error::new(error)))?;
        let linker = link(&engine).map_err(Error::Engine)?;
        let info = EngineInfo {
            wasmtime: WASMTIME_VERSION,
            pooling,
            max_concurrent: MAX_CONCURRENT,
            max_memory_mb: options.max_memory_mb,
        };
        Ok(Self(Arc::new(Inner {
            engine,
            ticker,
            turns: Arc::new(Semaphore::new(MAX_CONCURRENT as usize)),
            info,
            linker,
            ready: Mutex::default(),
            left: Mutex::default(),
            cache,
            known: Mutex::default(),
        })))
    }

    /// Facts about this engine.
    #[must_use]
    pub fn info(&self) -> &EngineInfo {
        &self.0.info
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Engine").field(&self.0.info).finish()
    }
}

/// Version of the pinned Wasmtime; a test holds it against the lock file.
pub const WASMTIME_VERSION: &str = "48.0.8";

fn link(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<RunState>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    Runner::add_to_linker::<_, HasSelf<RunState>>(&mut linker, |state| state)?;
    image::link(&mut linker)?;
    Ok(linker)
}
