//! From the bytes of a component to code that runs, and into the cache.

use std::fs;
use std::path::Path;
use std::sync::PoisonError;

use wasmtime::component::Component;

use crate::cache::Lookup;
use crate::check;
use crate::engine::Engine;
use crate::fault::Error;
use crate::load::CompiledFrom;
use crate::relink::Unlinked;

/// Code that is new in the cache.
pub(crate) struct Compiled {
    pub(crate) code: Component,
    pub(crate) from: CompiledFrom,
    /// Why it is not in the cache, if so.
    pub(crate) cache_error: Option<String>,
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
        let key = blake3::hash(&unlinked.code).to_hex();
        if let Lookup::Hit(()) = self.0.cache.get(&key, |_| Some(())) {
            return Ok(());
        }
        let compiled = self.precompile(&unlinked.code)?;
        self.0.cache.put(&key, &compiled).map(drop).map_err(Error::Cache)
    }

    /// The compiled form of a component whose code is compiled apart from its data.
    fn relinked(&self, component: &[u8]) -> Option<(Vec<u8>, CompiledFrom)> {
        let unlinked = Unlinked::of(component)?;
        let hash = blake3::hash(&unlinked.code);
        // Two builds of one project wait for each other here.
        let slot = self.slot(hash);
        let turn = slot.lock().unwrap_or_else(PoisonError::into_inner);
        let key = hash.to_hex();
        let (mut compiled, from) = match self.0.cache.get(&key, |path| fs::read(path).ok()) {
            Lookup::Hit(compiled) => (compiled, CompiledFrom::Cache),
            Lookup::Miss | Lookup::Damaged => {
                let compiled = self.precompile(&unlinked.code).ok()?;
                // Failing costs the next build a compilation; this one's own file tells why.
                let _ = self.0.cache.put(&key, &compiled);
                (compiled, CompiledFrom::Compiled)
            }
        };
        drop(turn);
        unlinked.link(&mut compiled).then_some((compiled, from))
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
