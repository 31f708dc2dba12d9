//! The class `Component`.

use napi::Env;
use napi::bindgen_prelude::ObjectFinalize;
use napi_derive::napi;
use xwb_runner::Loaded;

use crate::held_memory::HeldMemory;

/// A component that is ready to run, any number of times and at the same time.
#[napi(custom_finalize)]
pub struct Component {
    inner: Loaded,
    held: HeldMemory,
}

impl From<Loaded> for Component {
    fn from(inner: Loaded) -> Self {
        Self { inner, held: HeldMemory::default() }
    }
}

impl Component {
    /// A component together with the memory that it begins with.
    pub(crate) fn with_memory(inner: Loaded, held: HeldMemory) -> Self {
        Self { inner, held }
    }

    pub(crate) fn runnable(&self) -> xwb_runner::Component {
        self.inner.component.clone()
    }
}

impl ObjectFinalize for Component {
    fn finalize(mut self, env: Env) -> napi::Result<()> {
        self.held.release(env);
        Ok(())
    }
}

#[napi]
impl Component {
    /// Where the code came from: `memory` (this engine had it), `cache` or `compiled`.
    #[napi(getter, ts_return_type = "'memory' | 'cache' | 'compiled'")]
    #[must_use]
    pub fn compiled_from(&self) -> &'static str {
        self.inner.compiled_from.as_str()
    }

    /// Milliseconds from file to ready.
    #[napi(getter)]
    #[must_use]
    pub fn ms(&self) -> f64 {
        self.inner.millis
    }

    /// Whether a damaged cache file was found, removed and replaced.
    #[napi(getter)]
    #[must_use]
    pub fn cache_repaired(&self) -> bool {
        self.inner.cache_repaired
    }

    /// Why the compiled code could not be stored, if so; the component runs all the same.
    #[napi(getter)]
    #[must_use]
    pub fn cache_error(&self) -> Option<String> {
        self.inner.cache_error.clone()
    }

    /// Everything it imports, sorted: `alga:extension/storage.get`; an interface without
    /// functions appears under its bare name.
    #[napi]
    #[must_use]
    pub fn imports(&self) -> Vec<String> {
        self.inner.component.imports().to_vec()
    }
}
