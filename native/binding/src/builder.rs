//! The classes `Builder`, `EngineTemplate`, `LoadedSource` and `ImageBase`.

use std::path::PathBuf;

use napi::Env;
use napi::bindgen_prelude::{ClassInstance, PromiseRaw};
use napi_derive::napi;
use xwb_builder::{Error, Initialised};
use xwb_runner::{Loaded, blocking};

use crate::CancelToken;
use crate::component::Component;
use crate::promise::{coded, promise};

/// Makes components from bundled JavaScript. Make one and keep it.
#[napi]
pub struct Builder {
    inner: xwb_builder::Builder,
}

#[napi]
impl Builder {
    /// Makes a builder; takes a few milliseconds. `cacheDir` is for sources while they are loaded;
    /// compiled engines are in the folder around it, which is the runner's. Throws
    /// `builder.create` or `builder.folder`.
    #[napi(factory)]
    #[allow(clippy::needless_pass_by_value, reason = "napi hands strings over")]
    pub fn create(env: Env, cache_dir: String) -> napi::Result<Self> {
        let inner = xwb_builder::Builder::new(&xwb_builder::BuilderOptions::new(cache_dir));
        inner.map(|inner| Self { inner }).map_err(|error| coded(env, &error))
    }

    /// Tells builders apart that make different templates of the same ingredients.
    #[napi(getter)]
    #[must_use]
    #[allow(clippy::unused_self, reason = "callers need no more than this one object")]
    pub fn version(&self) -> String {
        xwb_builder::version()
    }

    /// Completes an engine template in the folder that holds its ingredients (`recipe.json`,
    /// `engine.wasm`, `initializer.js`, `component.wasm`, `stubbed.wasm`, `adapter.wasm`).
    /// Resolves to the template's key; rejects with `template.missing`, `template.invalid` or
    /// `builder.write`.
    #[napi(ts_return_type = "Promise<string>")]
    #[allow(clippy::unused_self, reason = "callers need no more than this one object")]
    pub fn seal_template<'env>(
        &self,
        env: &'env Env,
        folder: String,
    ) -> napi::Result<PromiseRaw<'env, String>> {
        let seal = move || xwb_builder::seal(&PathBuf::from(folder));
        promise(env, blocking(seal), |recipe| recipe.key)
    }

    /// Opens a template: every file's hash is checked, the engine compiled (some 6 s) or mapped.
    /// Rejects with a `template.*` code.
    #[napi(ts_return_type = "Promise<EngineTemplate>")]
    pub fn open_template<'env>(
        &self,
        env: &'env Env,
        folder: String,
    ) -> napi::Result<PromiseRaw<'env, EngineTemplate>> {
        let builder = self.inner.clone();
        let open = move || builder.open_template(&PathBuf::from(folder));
        promise(env, blocking(open), |inner| EngineTemplate { inner })
    }
}

/// A JavaScript engine with the bindings of one world, ready to load sources.
#[napi]
pub struct EngineTemplate {
    inner: xwb_builder::Template,
}

impl EngineTemplate {
    pub(crate) fn image_base(&self) -> PathBuf {
        self.inner.image_base()
    }

    pub(crate) fn component(&self) -> PathBuf {
        self.inner.component()
    }
}

#[napi]
impl EngineTemplate {
    /// What the template was made from, as its maker named it.
    #[napi(getter)]
    #[must_use]
    pub fn key(&self) -> String {
        self.inner.key().to_owned()
    }

    /// Loads a bundled module. Rejects with a `source.*` code, `build.cancelled` or
    /// `builder.folder`; a `source.failed` has `kind` (`exception`, `missing-export`, `host-call`
    /// or `trap`), `reason`, `places` (`line:column` in the source, from 1, innermost first) and
    /// `output`.
    #[napi(ts_return_type = "Promise<LoadedSource>")]
    pub fn load<'env>(
        &self,
        env: &'env Env,
        source: String,
        cancel: Option<ClassInstance<'_, CancelToken>>,
    ) -> napi::Result<PromiseRaw<'env, LoadedSource>> {
        let template = self.inner.clone();
        let cancel = cancel.map(|token| token.inner.clone()).unwrap_or_default();
        let load = move || template.initialise(&source, &cancel);
        promise(env, blocking(load), LoadedSource::new)
    }
}

/// A source that was loaded: the memory that this left.
#[napi]
pub struct LoadedSource {
    inner: Option<Initialised>,
    id: String,
    took_ms: f64,
}

impl LoadedSource {
    fn new(inner: Initialised) -> Self {
        Self {
            id: inner.id().to_owned(),
            took_ms: inner.took().as_secs_f64() * 1e3,
            inner: Some(inner),
        }
    }

    fn loaded(&self) -> Result<Initialised, Error> {
        self.inner.clone().ok_or(Error::Disposed)
    }
}

/// A component file that was written.
#[napi(object, object_from_js = false)]
pub struct WrittenComponent {
    /// Size of the file.
    pub bytes: u32,
    /// Milliseconds for making and writing it.
    pub ms: f64,
}

#[napi]
impl LoadedSource {
    /// Identifies source and template, lower-case hexadecimal: the same give the same component.
    #[napi(getter)]
    #[must_use]
    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// Milliseconds that loading took.
    #[napi(getter)]
    #[must_use]
    pub fn ms(&self) -> f64 {
        self.took_ms
    }

    /// Writes the release component to a file, whole or not at all. Rejects with
    /// `builder.write`, `builder.disposed` or a `template.*` code.
    #[napi(ts_return_type = "Promise<WrittenComponent>")]
    pub fn write_component<'env>(
        &self,
        env: &'env Env,
        path: String,
    ) -> napi::Result<PromiseRaw<'env, WrittenComponent>> {
        let loaded = self.loaded();
        let write = move || loaded?.write_component(&PathBuf::from(path));
        promise(env, blocking(write), |written| WrittenComponent {
            bytes: u32::try_from(written.bytes).unwrap_or(u32::MAX),
            ms: written.took.as_secs_f64() * 1e3,
        })
    }

    /// Lets the memory go; components that run with it keep it. A second time does nothing.
    #[napi]
    pub fn dispose(&mut self) {
        self.inner = None;
    }
}

/// A compiled component that runs any source its template loaded.
#[napi]
pub struct ImageBase {
    inner: xwb_runner::ImageBase,
}

impl From<xwb_runner::ImageBase> for ImageBase {
    fn from(inner: xwb_runner::ImageBase) -> Self {
        Self { inner }
    }
}

#[napi]
impl ImageBase {
    /// The component that runs this source. Nothing is compiled or copied. Throws
    /// `builder.disposed`.
    #[napi]
    pub fn with_memory(&self, env: Env, source: &LoadedSource) -> napi::Result<Component> {
        let loaded = source.loaded().map_err(|error| coded(env, &error))?;
        Ok(Loaded::at_once(self.inner.with_memory(loaded.image())).into())
    }
}
