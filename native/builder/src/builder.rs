//! The builder: made once, holds the engine that initialises sources.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use wasmtime::component::Component;
use wasmtime::{Engine, Linker};
use wasmtime_wasi::p1;
use xwb_runner::{CompiledCache, EngineOptions, Lookup, code_settings};

use crate::context::State;
use crate::error::Error;
use crate::initialise::TIME_LIMIT;
use crate::template::Template;

/// How a [`Builder`] is made.
#[derive(Clone, Debug)]
pub struct BuilderOptions {
    /// Folder for sources while they are loaded; made when absent.
    pub cache_dir: PathBuf,
    /// Folder of compiled engines; made when absent. The runner that has the same one maps what
    /// is compiled here.
    pub compiled_dir: PathBuf,
    /// Bytes that folder may hold; the least recently used go first.
    pub max_cache_bytes: u64,
    /// Longest time that a source may take to load.
    pub time_limit: Duration,
    /// Largest memory, in MiB, that a source may need while it is loaded.
    pub memory_mb: usize,
    /// How long after a load the engine for the next source is started: the first calls of what
    /// was loaded have the machine for themselves.
    pub standby_after: Duration,
}

impl BuilderOptions {
    /// Defaults: compiled code in the folder around `cache_dir`, where the runner has its own,
    /// with the runner's limit; 5 seconds, 512 MiB of memory, the next engine after 0.1 s.
    #[must_use]
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        let cache_dir = cache_dir.into();
        let compiled_dir = cache_dir.parent().unwrap_or(&cache_dir).to_owned();
        let EngineOptions { max_cache_bytes, .. } = EngineOptions::new(&compiled_dir);
        Self {
            cache_dir,
            compiled_dir,
            max_cache_bytes,
            time_limit: TIME_LIMIT,
            memory_mb: 512,
            standby_after: Duration::from_millis(100),
        }
    }
}

/// Opens engine templates. Clones are the same builder.
#[derive(Clone)]
pub struct Builder(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<State>,
    pub(crate) scratch: PathBuf,
    pub(crate) options: BuilderOptions,
    cache: CompiledCache,
    /// One engine is compiled at a time, and none twice.
    compiling: Mutex<()>,
}

impl Builder {
    /// Makes a builder; takes a few milliseconds.
    ///
    /// # Errors
    /// [`Error::Engine`] and [`Error::Folder`].
    pub fn new(options: &BuilderOptions) -> Result<Self, Error> {
        // What is compiled here is for the runner too.
        let engine = code_settings(false).and_then(|settings| Engine::new(&settings));
        let engine = engine.map_err(Error::Engine)?;
        let mut linker = Linker::new(&engine);
        p1::add_to_linker_sync(&mut linker, State::wasi).map_err(Error::Engine)?;
        let BuilderOptions { compiled_dir, max_cache_bytes, .. } = options;
        let cache = CompiledCache::of_runner(compiled_dir, *max_cache_bytes, &engine)
            .map_err(Error::Folder)?;
        let scratch = options.cache_dir.join("sources");
        std::fs::create_dir_all(&scratch).map_err(Error::Folder)?;
        let (options, compiling) = (options.clone(), Mutex::default());
        Ok(Self(Arc::new(Inner { engine, linker, scratch, options, cache, compiling })))
    }

    /// Opens the template in a folder that [`crate::seal`] completed: each file's hash is checked.
    /// Blocks, for seconds when the template's engine must be compiled.
    ///
    /// # Errors
    /// Every `template.*` error.
    pub fn open_template(&self, folder: &Path) -> Result<Template, Error> {
        Template::open(self, folder)
    }

    /// Compiles a component, or maps the compiled form of an earlier time.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`].
    pub(crate) fn compile(&self, component: &[u8]) -> Result<Component, Error> {
        let Inner { engine, cache, compiling, .. } = &*self.0;
        let key = blake3::hash(component).to_hex();
        let _turn = compiling.lock().unwrap_or_else(PoisonError::into_inner);
        if let Lookup::Hit(component) = cache.get(&key, |path| map(engine, path)) {
            return Ok(component);
        }
        let component = Component::from_binary(engine, component).map_err(Error::invalid)?;
        let compiled = component.serialize().map_err(Error::invalid)?;
        // Failing costs the runner and the next start a compilation, and nothing else.
        let _ = cache.put(&key, &compiled);
        Ok(component)
    }
}

#[allow(unsafe_code, reason = "mapping compiled code; the content's hash is checked first")]
fn map(engine: &Engine, path: &Path) -> Option<Component> {
    // SAFETY: the cache gives only files whose content is what `Component::serialize` gave when they
    // were written, and Wasmtime itself checks version and settings. The folder is the user's own.
    unsafe { Component::deserialize_file(engine, path) }.ok()
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Builder").field(&self.0.options).finish()
    }
}
