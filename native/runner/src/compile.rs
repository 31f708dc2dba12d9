//! From the bytes of a component to code that runs, and into the cache.

use std::fs;
use std::io;
use std::path::Path;

use wasmtime::component::Component;

use crate::cache::Lookup;
use crate::check;
use crate::engine::Engine;
use crate::fault::Error;
use crate::load::CompiledFrom;
use crate::lock::lock;
use crate::relink::Unlinked;

/// Code that is new in the cache.
pub(crate) struct Compiled {
    pub(crate) code: Component,
    pub(crate) from: CompiledFrom,
    /// Why it is not in the cache, if so.
    pub(crate) cache_error: Option<String>,
}

/// Code that builds share.
enum Shared<T> {
    /// In the cache already.
    Kept(T),
    /// Compiled now, and whether it could be kept.
    New(Vec<u8>, io::Result<()>),
}

impl Engine {
    /// Compiles a component, or takes the code of an earlier build that differs in data only.
    /// `key` is what it is kept under.
    ///
    /// # Errors
    /// [`Error::Invalid`].
    pub(crate) fn compile(&self, key: &str, component: &[u8]) -> Result<Compiled, Error> {
        let engine = &self.0.engine;
        let (compiled, from) = if let Some(relinked) = self.relinked(component) {
            relinked
        } else {
            (self.precompile(component)?, CompiledFrom::Compiled)
        };
        let (code, cache_error) = match self.0.cache.put(key, &compiled) {
            Ok(path) => (map(engine, &path), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let code = match code {
            Some(code) => code,
            None => unpacked(engine, &compiled).map_err(Error::Engine)?,
        };
        Ok(Compiled { code, from, cache_error })
    }

    /// Compiles ahead what all builds share that differ from this component in data only, unless
    /// it is in the cache; nothing for other components. Blocks, for seconds when it compiles.
    ///
    /// # Errors
    /// Every `component.*` error about reading and compiling, and [`Error::Cache`].
    pub fn prepare_code(&self, component: &Path) -> Result<(), Error> {
        let component = fs::read(component).map_err(Error::Unreadable)?;
        check::header(&component)?;
        let Some(unlinked) = Unlinked::of(&component) else { return Ok(()) };
        match self.shared(&unlinked, |_| Some(()))? {
            Shared::Kept(()) => Ok(()),
            Shared::New(_, kept) => kept.map_err(Error::Cache),
        }
    }

    /// The compiled form of a component whose code is compiled apart from its data.
    fn relinked(&self, component: &[u8]) -> Option<(Vec<u8>, CompiledFrom)> {
        let unlinked = Unlinked::of(component)?;
        let (mut compiled, from) = match self.shared(&unlinked, |path| fs::read(path).ok()).ok()? {
            Shared::Kept(compiled) => (compiled, CompiledFrom::Cache),
            // Not to have kept it costs the next build a compilation; this one's own file tells why.
            Shared::New(compiled, _) => (compiled, CompiledFrom::Compiled),
        };
        unlinked.link(&mut compiled).then_some((compiled, from))
    }

    /// The code that builds share, as `open` gives it from the cache, or compiled and kept now.
    fn shared<T>(
        &self,
        unlinked: &Unlinked,
        open: impl Fn(&Path) -> Option<T>,
    ) -> Result<Shared<T>, Error> {
        let hash = blake3::hash(&unlinked.code);
        // Two builds of one project wait for each other here.
        let slot = self.slot(hash);
        let _turn = lock(&slot);
        let key = hash.to_hex();
        if let Lookup::Hit(kept) = self.0.cache.get(&key, open) {
            return Ok(Shared::Kept(kept));
        }
        let compiled = self.precompile(&unlinked.code)?;
        let kept = self.0.cache.put(&key, &compiled).map(drop);
        Ok(Shared::New(compiled, kept))
    }

    fn precompile(&self, component: &[u8]) -> Result<Vec<u8>, Error> {
        self.0.engine.precompile_component(component).map_err(Error::Invalid)
    }
}

/// Compiled code in the cache's folder.
#[allow(unsafe_code, reason = "mapping compiled code; the content's hash is checked first")]
pub(crate) fn map(engine: &wasmtime::Engine, path: &Path) -> Option<Component> {
    // SAFETY: the cache gives only files whose content is what was put there when they were
    // written, and Wasmtime itself checks version and settings. Nobody else writes in the cache's
    // folder (see there on trust).
    unsafe { Component::deserialize_file(engine, path) }.ok()
}

#[allow(unsafe_code, reason = "running code that was compiled just now")]
fn unpacked(engine: &wasmtime::Engine, compiled: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: these bytes are from this engine's compiler, with another memory's beginning at most,
    // or from the cache, which checked them.
    unsafe { Component::deserialize(engine, compiled) }
}
