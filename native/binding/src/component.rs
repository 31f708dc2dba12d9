//! The class `Component`.

use napi_derive::napi;
use xwb_runner::{CompiledFrom, Error, Loaded};

/// A component that is ready to run, any number of times and at the same time.
#[napi]
pub struct Component {
    /// Gone once it is disposed of.
    inner: Option<xwb_runner::Component>,
    compiled_from: CompiledFrom,
    millis: f64,
    cache_repaired: bool,
    cache_error: Option<String>,
}

impl From<Loaded> for Component {
    fn from(loaded: Loaded) -> Self {
        let Loaded { component, compiled_from, millis, cache_repaired, cache_error } = loaded;
        Self { inner: Some(component), compiled_from, millis, cache_repaired, cache_error }
    }
}

impl Component {
    /// # Errors
    /// `component.replaced` once it is disposed of.
    pub(crate) fn runnable(&self) -> Result<xwb_runner::Component, Error> {
        self.inner.clone().ok_or(Error::Replaced)
    }
}

#[napi]
impl Component {
    /// Where the code came from: `memory` (this engine had it), `cache` or `compiled`.
    #[napi(getter, ts_return_type = "'memory' | 'cache' | 'compiled'")]
    #[must_use]
    pub fn compiled_from(&self) -> &'static str {
        self.compiled_from.as_str()
    }

    /// Milliseconds from file to ready.
    #[napi(getter)]
    #[must_use]
    pub fn ms(&self) -> f64 {
        self.millis
    }

    /// Whether a damaged cache file was found, removed and replaced.
    #[napi(getter)]
    #[must_use]
    pub fn cache_repaired(&self) -> bool {
        self.cache_repaired
    }

    /// Why the compiled code could not be stored, if so; the component runs all the same.
    #[napi(getter)]
    #[must_use]
    pub fn cache_error(&self) -> Option<String> {
        self.cache_error.clone()
    }

    /// Everything it imports, sorted: `alga:extension/storage.get`; an interface without
    /// functions appears under its bare name.
    #[napi]
    #[must_use]
    pub fn imports(&self) -> Vec<String> {
        self.inner.as_ref().map(|inner| inner.imports().to_vec()).unwrap_or_default()
    }

    /// Lets code and memory go; runs that are under way keep them. A second time does nothing.
    #[napi]
    pub fn dispose(&mut self) {
        self.inner = None;
    }
}
