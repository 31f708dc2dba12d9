//! The class `Engine`.

use std::path::PathBuf;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;

use crate::builder::{EngineTemplate, ImageBase};
use crate::component::Component;
use crate::promise::{blocking, coded, promise};
use crate::values::{EngineInfo, EngineOptions};

/// Compiles components and runs them. Make one and keep it.
#[napi]
pub struct Engine {
    inner: xwb_runner::Engine,
}

#[napi]
impl Engine {
    /// Makes an engine; takes a few milliseconds. Throws `engine.create`, `cache.unusable` or
    /// `request.limits`.
    #[napi(factory)]
    pub fn create(env: Env, options: EngineOptions) -> napi::Result<Self> {
        let inner = xwb_runner::Engine::new(&options.into());
        inner.map(|inner| Self { inner }).map_err(|error| coded(env, &error))
    }

    /// Facts about this engine.
    #[napi]
    #[must_use]
    pub fn info(&self) -> EngineInfo {
        self.inner.info().into()
    }

    /// Reads, checks and compiles (or maps) the component in a file. Rejects with a
    /// `component.*` code.
    #[napi(ts_return_type = "Promise<Component>")]
    pub fn load<'env>(
        &self,
        env: &'env Env,
        path: String,
    ) -> napi::Result<PromiseRaw<'env, Component>> {
        let engine = self.inner.clone();
        promise(env, blocking(move || engine.load(&PathBuf::from(path))), Component::from)
    }

    /// Makes a template's memory image base ready: compiled (or mapped) once, it runs any source
    /// that the template loaded. Rejects with a `component.*` code.
    #[napi(ts_return_type = "Promise<ImageBase>")]
    pub fn load_image_base<'env>(
        &self,
        env: &'env Env,
        template: &EngineTemplate,
    ) -> napi::Result<PromiseRaw<'env, ImageBase>> {
        let (engine, path) = (self.inner.clone(), template.image_base());
        promise(env, blocking(move || engine.load_image_base(&path)), ImageBase::from)
    }
}
