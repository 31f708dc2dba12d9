//! The class `Engine`.

use std::path::PathBuf;

use napi::Env;
use napi::bindgen_prelude::PromiseRaw;
use napi_derive::napi;
use xwb_runner::{Error, Loaded};

use crate::component::Component;
use crate::promise::{coded, promise};
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
}

async fn blocking(
    work: impl FnOnce() -> Result<Loaded, Error> + Send + 'static,
) -> Result<Loaded, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => Err(match failed.try_into_panic() {
            Ok(panic) => Error::from_panic(panic.as_ref()),
            Err(cancelled) => Error::Panic(cancelled.to_string()),
        }),
    }
}
