//! From a component file to a component that is ready.

use std::borrow::Cow;
use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use blake3::{Hash, Hasher};

use crate::ahead::Ahead;
use crate::cache::Lookup;
use crate::check;
use crate::compile::{self, Compiled};
use crate::component::{Component, Prepared};
use crate::engine::{Engine, Slot};
use crate::fault::Error;
use crate::image::{self, ImageBase};
use crate::lock::lock;
use crate::world::RunnerPre;

/// How a component came to be ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompiledFrom {
    /// This engine had it already.
    Memory,
    /// Mapped from the cache folder: its own code, or that of a build with other data.
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

impl Loaded {
    /// A component for which there was nothing to read or compile.
    #[must_use]
    pub fn at_once(component: Component) -> Self {
        ready(component, CompiledFrom::Memory)
    }
}

/// Largest component file that is read.
const MAX_COMPONENT_BYTES: u64 = 512 << 20;

impl Engine {
    /// Makes the component in a file ready. Blocks, for seconds when it must be compiled.
    ///
    /// # Errors
    /// Every `component.*` error.
    pub fn load(&self, path: &Path) -> Result<Loaded, Error> {
        without_image(self.load_file(path)?)
    }

    /// As [`Engine::load`], from bytes.
    ///
    /// # Errors
    /// Every `component.*` error but the one about reading.
    pub fn load_bytes(&self, bytes: &[u8]) -> Result<Loaded, Error> {
        let hash = Hasher::new().update_rayon(bytes).finalize();
        without_image(self.load_known(hash, None, || Ok(Cow::Borrowed(bytes)))?)
    }

    /// Makes a component ready that takes its memory from the host (see [`ImageBase`]). Blocks,
    /// for seconds when it must be compiled.
    ///
    /// # Errors
    /// Every `component.*` error; [`Error::Link`] for a component that has a memory of its own.
    pub fn load_image_base(&self, path: &Path) -> Result<ImageBase, Error> {
        let loaded = self.load_file(path)?;
        if !loaded.component.prepared.wants_image {
            let missing = wasmtime::format_err!("it does not import `{}`", image::INTERFACE);
            return Err(Error::Link(missing));
        }
        Ok(ImageBase(loaded.component))
    }

    /// The whole file is held in memory only when it must be compiled.
    fn load_file(&self, path: &Path) -> Result<Loaded, Error> {
        let (hash, ahead) = self.hash_and_map(path)?;
        self.load_known(hash, ahead, || {
            let bytes = fs::read(path).map_err(Error::Unreadable)?;
            let same = Hasher::new().update_rayon(&bytes).finalize() == hash;
            same.then_some(Cow::Owned(bytes)).ok_or(Error::Replaced)
        })
    }

    fn load_known<'a>(
        &self,
        hash: Hash,
        ahead: Option<Ahead>,
        read: impl FnOnce() -> Result<Cow<'a, [u8]>, Error>,
    ) -> Result<Loaded, Error> {
        let started = Instant::now();
        let slot = self.slot(hash);
        let mut slot = lock(&slot);
        let mut loaded = if let Some(prepared) = slot.upgrade() {
            let component = Component { engine: self.clone(), prepared, image: None };
            Loaded::at_once(component)
        } else {
            self.prepare(hash, ahead, read)?
        };
        *slot = Arc::downgrade(&loaded.component.prepared);
        loaded.millis = started.elapsed().as_secs_f64() * 1e3;
        Ok(loaded)
    }

    /// What is known of the binary with this hash.
    pub(crate) fn slot(&self, hash: Hash) -> Arc<Slot> {
        let mut known = lock(&self.0.known);
        known.retain(|_, slot| Arc::strong_count(slot) > 1 || is_alive(slot));
        Arc::clone(known.entry(*hash.as_bytes()).or_default())
    }

    fn prepare<'a>(
        &self,
        hash: Hash,
        ahead: Option<Ahead>,
        read: impl FnOnce() -> Result<Cow<'a, [u8]>, Error>,
    ) -> Result<Loaded, Error> {
        let engine = &self.0.engine;
        let key = hash.to_hex();
        let cache = &self.0.cache;
        let lookup = match ahead.filter(|ahead| cache.is_of(&ahead.file, &key)) {
            Some(ahead) => Lookup::Hit(ahead.code),
            None => cache.get(&key, |path| compile::map(engine, path)),
        };
        let cache_repaired = matches!(lookup, Lookup::Damaged);
        let Compiled { code, from, cache_error } = match lookup {
            Lookup::Hit(code) => Compiled { code, from: CompiledFrom::Cache, cache_error: None },
            Lookup::Miss | Lookup::Damaged => {
                let bytes = read()?;
                check::header(&bytes)?;
                self.compile(&key, &bytes)?
            }
        };
        let ty = code.component_type();
        let imports = check::imports(engine, &ty)?;
        let wants_image = ty.get_import(engine, image::INTERFACE).is_some();
        check::handler(engine, &ty)?;
        let linked = self.0.linker.instantiate_pre(&code).and_then(RunnerPre::new);
        let pre = linked.map_err(Error::Link)?;
        let prepared =
            Arc::new(Prepared { pre, hash, imports, wants_image, notices: AtomicBool::new(false) });
        let component = Component { engine: self.clone(), prepared, image: None };
        Ok(Loaded { cache_repaired, cache_error, ..ready(component, from) })
    }
}

fn without_image(loaded: Loaded) -> Result<Loaded, Error> {
    if loaded.component.prepared.wants_image {
        let import = String::from(image::INTERFACE);
        return Err(Error::UnknownImport { import, nearest: None });
    }
    Ok(loaded)
}

/// Reads the file in pieces. It is not mapped: a build script may write to it at this moment.
pub(crate) fn hash_of(path: &Path) -> Result<Hash, Error> {
    let file = File::open(path).map_err(Error::Unreadable)?;
    let size = file.metadata().map_err(Error::Unreadable)?.len();
    if size > MAX_COMPONENT_BYTES {
        return Err(Error::TooLarge { size, limit: MAX_COMPONENT_BYTES });
    }
    let mut hasher = Hasher::new();
    hasher.update_reader(file).map_err(Error::Unreadable)?;
    Ok(hasher.finalize())
}

fn is_alive(slot: &Slot) -> bool {
    slot.try_lock().map_or(true, |slot| slot.strong_count() > 0)
}

fn ready(component: Component, compiled_from: CompiledFrom) -> Loaded {
    Loaded { component, compiled_from, millis: 0.0, cache_repaired: false, cache_error: None }
}
