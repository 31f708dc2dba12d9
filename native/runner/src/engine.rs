//! The engine: made once, holds the linker, the cache and the ticker.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Instant;

use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use wasmtime::component::{self, HasSelf, Linker};
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::cache::{CompiledCache, Lookup, hex};
use crate::check;
use crate::component::{Component, Prepared};
use crate::fault::Error;
use crate::functions::FunctionCache;
use crate::image::{self, ImageBase};
use crate::state::RunState;
use crate::ticker::Ticker;
use crate::world::{Runner, RunnerPre};

/// How an [`Engine`] is made.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Folder for compiled components; made when absent.
    pub cache_dir: PathBuf,
    /// Bytes that folder may hold; the least recently used go first.
    pub max_cache_bytes: u64,
    /// The most MiB a run's limits may allow for one linear memory; up to 4096.
    pub max_memory_mb: u32,
    /// Lets outgoing `wasi:http` requests through. They bypass the platform's allowlist.
    pub allow_wasi_http: bool,
    /// Keep compiled functions in memory, up to 256 MiB: a component much like an earlier one is
    /// compiled in a quarter of the time.
    pub reuse_functions: bool,
    /// Reserve memory for instances ahead of time; off only to test the fall-back.
    pub pooling: bool,
}

impl EngineOptions {
    /// Defaults: 2 GiB of cache, 1024 MiB for a memory, no `wasi:http`, no functions kept, pooling.
    #[must_use]
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        Self {
            cache_dir: cache_dir.into(),
            max_cache_bytes: 2 << 30,
            max_memory_mb: 1024,
            allow_wasi_http: false,
            reuse_functions: false,
            pooling: true,
        }
    }
}

/// Facts about an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineInfo {
    /// Version of Wasmtime.
    pub wasmtime: &'static str,
    /// Whether instances come from a pool; where the system refuses one they do not.
    pub pooling: bool,
    /// Runs at the same time; more wait their turn, which no limit counts.
    pub max_concurrent: u32,
    /// The most MiB a run's limits may allow for one linear memory.
    pub max_memory_mb: u32,
    /// Whether outgoing `wasi:http` requests are let through.
    pub allow_wasi_http: bool,
}

/// How a component came to be ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompiledFrom {
    /// This engine had it already.
    Memory,
    /// Mapped from the cache folder.
    Cache,
    /// Compiled now.
    Compiled,
}

impl CompiledFrom {
    /// `memory`, `cache` or `compiled`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Cache => "cache",
            Self::Compiled => "compiled",
        }
    }
}

/// A component that is ready, and how that went.
#[derive(Debug)]
pub struct Loaded {
    /// The component.
    pub component: Component,
    /// Where its code came from.
    pub compiled_from: CompiledFrom,
    /// Milliseconds from file to ready.
    pub millis: f64,
    /// A damaged cache file was found, removed and replaced.
    pub cache_repaired: bool,
    /// Why the compiled code could not be stored, if so; it runs all the same.
    pub cache_error: Option<String>,
}

/// Compiles components and runs them. Clones are the same engine; its thread ends with the last.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) engine: wasmtime::Engine,
    pub(crate) ticker: Ticker,
    pub(crate) turns: Semaphore,
    pub(crate) info: EngineInfo,
    linker: Linker<RunState>,
    cache: CompiledCache,
    /// One lock per component, so that it is compiled once however many ask.
    known: Mutex<HashMap<[u8; 32], Arc<Slot>>>,
}

/// A component that is in use somewhere, or not.
type Slot = Mutex<Weak<Prepared>>;

/// Runs at the same time in an engine; the pools below have room for so many.
const MAX_CONCURRENT: u32 = 64;
/// Core instances, tables and memories that one run may take from the pools on average.
const CORE_INSTANCES_PER_RUN: u32 = 12;
const TABLES_PER_RUN: u32 = 6;
const MEMORIES_PER_RUN: u32 = 2;
/// Bytes of a memory that stay mapped between runs: measured to be worth four times the calls
/// per second for JavaScript guests.
const KEEP_RESIDENT: usize = 16 << 20;
/// Slots that keep their image without being in use; bounds what an idle engine holds.
const WARM_SLOTS: u32 = 16;
/// Largest component file that is read.
const MAX_COMPONENT_BYTES: u64 = 512 << 20;

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
        let cache =
            CompiledCache::open(&options.cache_dir, options.max_cache_bytes, &engine, SETTINGS)
                .map_err(Error::Cache)?;
        let ticker = Ticker::start(engine.weak())
            .map_err(|error| Error::Engine(wasmtime::Error::new(error)))?;
        let linker = link(&engine).map_err(Error::Engine)?;
        let info = EngineInfo {
            wasmtime: WASMTIME_VERSION,
            pooling,
            max_concurrent: MAX_CONCURRENT,
            max_memory_mb: options.max_memory_mb,
            allow_wasi_http: options.allow_wasi_http,
        };
        Ok(Self(Arc::new(Inner {
            engine,
            ticker,
            turns: Semaphore::new(MAX_CONCURRENT as usize),
            info,
            linker,
            cache,
            known: Mutex::default(),
        })))
    }

    /// Facts about this engine.
    #[must_use]
    pub fn info(&self) -> &EngineInfo {
        &self.0.info
    }

    /// Makes the component in a file ready. Blocks, for seconds when it must be compiled.
    ///
    /// # Errors
    /// Every `component.*` error.
    pub fn load(&self, path: &Path) -> Result<Loaded, Error> {
        let size = std::fs::metadata(path).map_err(Error::Unreadable)?.len();
        if size > MAX_COMPONENT_BYTES {
            return Err(Error::TooLarge { size, limit: MAX_COMPONENT_BYTES });
        }
        self.load_bytes(&std::fs::read(path).map_err(Error::Unreadable)?)
    }

    /// As [`Engine::load`], from bytes.
    ///
    /// # Errors
    /// Every `component.*` error but the one about reading.
    pub fn load_bytes(&self, bytes: &[u8]) -> Result<Loaded, Error> {
        let loaded = self.load_any(bytes)?;
        if loaded.component.prepared.wants_image {
            let import = String::from(image::INTERFACE);
            return Err(Error::UnknownImport { import, nearest: None });
        }
        Ok(loaded)
    }

    /// Makes a component ready that takes its memory from the host (see [`ImageBase`]). Blocks,
    /// for seconds when it must be compiled.
    ///
    /// # Errors
    /// Every `component.*` error; [`Error::Link`] for a component that has a memory of its own.
    pub fn load_image_base(&self, path: &Path) -> Result<ImageBase, Error> {
        let loaded = self.load_any(&std::fs::read(path).map_err(Error::Unreadable)?)?;
        if !loaded.component.prepared.wants_image {
            let missing = wasmtime::format_err!("it does not import `{}`", image::INTERFACE);
            return Err(Error::Link(missing));
        }
        Ok(ImageBase(loaded.component))
    }

    fn load_any(&self, bytes: &[u8]) -> Result<Loaded, Error> {
        let started = Instant::now();
        check::header(bytes)?;
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let slot = {
            let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.retain(|_, slot| Arc::strong_count(slot) > 1 || is_alive(slot));
            Arc::clone(known.entry(digest).or_default())
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let mut loaded = if let Some(prepared) = slot.upgrade() {
            let component = Component { engine: self.clone(), prepared, image: None };
            ready(component, CompiledFrom::Memory)
        } else {
            self.prepare(bytes, &hex(&digest))?
        };
        *slot = Arc::downgrade(&loaded.component.prepared);
        loaded.millis = started.elapsed().as_secs_f64() * 1e3;
        Ok(loaded)
    }

    fn prepare(&self, bytes: &[u8], sha256: &str) -> Result<Loaded, Error> {
        let engine = &self.0.engine;
        let lookup = self.0.cache.get(sha256, |path| map(engine, path));
        let cache_repaired = matches!(lookup, Lookup::Damaged);
        let (code, compiled_from) = match lookup {
            Lookup::Hit(code) => (code, CompiledFrom::Cache),
            Lookup::Miss | Lookup::Damaged => {
                let code = component::Component::from_binary(engine, bytes);
                (code.map_err(Error::Invalid)?, CompiledFrom::Compiled)
            }
        };
        let ty = code.component_type();
        let imports = check::imports(engine, &ty)?;
        let wants_image = ty.get_import(engine, image::INTERFACE).is_some();
        check::handler(engine, &ty)?;
        let linked = self.0.linker.instantiate_pre(&code).and_then(RunnerPre::new);
        let pre = linked.map_err(Error::Link)?;
        let cache_error = match compiled_from {
            CompiledFrom::Compiled => self.store(sha256, &code).err(),
            CompiledFrom::Cache | CompiledFrom::Memory => None,
        };
        let prepared = Arc::new(Prepared {
            pre,
            sha256: sha256.to_owned(),
            bytes: bytes.len() as u64,
            imports,
            wants_image,
        });
        let component = Component { engine: self.clone(), prepared, image: None };
        Ok(Loaded { cache_repaired, cache_error, ..ready(component, compiled_from) })
    }

    fn store(&self, sha256: &str, code: &component::Component) -> Result<(), String> {
        let compiled = code.serialize().map_err(|error| format!("{error:#}"))?;
        self.0.cache.put(sha256, &compiled).map_err(|error| error.to_string())
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Engine").field(&self.0.info).finish()
    }
}

/// Version of the pinned Wasmtime; a test holds it against the lock file.
pub const WASMTIME_VERSION: &str = "48.0.8";

/// Raised whenever a compiled file of an older program must not be used by a newer one.
const SETTINGS: &str = "xwb-runner/1";

#[allow(unsafe_code, reason = "mapping compiled code; the content's hash is checked first")]
fn map(engine: &wasmtime::Engine, path: &Path) -> Option<component::Component> {
    // SAFETY: the cache gives only files whose content is what `Component::serialize` gave when
    // they were written, and Wasmtime itself checks version and settings. Nobody else writes in
    // the cache's folder (see there on trust).
    unsafe { component::Component::deserialize_file(engine, path) }.ok()
}

fn is_alive(slot: &Slot) -> bool {
    slot.try_lock().map_or(true, |slot| slot.strong_count() > 0)
}

fn ready(component: Component, compiled_from: CompiledFrom) -> Loaded {
    Loaded { component, compiled_from, millis: 0.0, cache_repaired: false, cache_error: None }
}

fn link(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<RunState>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
    Runner::add_to_linker::<_, HasSelf<RunState>>(&mut linker, |state| state)?;
    image::link(&mut linker)?;
    Ok(linker)
}

fn config(options: &EngineOptions, pooling: bool) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    config.wasm_component_model(true).epoch_interruption(true);
    if options.reuse_functions {
        config.enable_incremental_compilation(Arc::new(FunctionCache::default()))?;
    }
    if pooling {
        let mut pool = PoolingAllocationConfig::default();
        pool.total_component_instances(MAX_CONCURRENT)
            .total_core_instances(MAX_CONCURRENT * CORE_INSTANCES_PER_RUN)
            .total_tables(MAX_CONCURRENT * TABLES_PER_RUN)
            .total_memories(MAX_CONCURRENT * MEMORIES_PER_RUN)
            .total_stacks(MAX_CONCURRENT)
            .max_memory_size((options.max_memory_mb as usize) << 20)
            .max_unused_warm_slots(WARM_SLOTS)
            .linear_memory_keep_resident(KEEP_RESIDENT)
            .table_keep_resident(64 << 10)
            .pagemap_scan(Enabled::Auto);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    Ok(config)
}
