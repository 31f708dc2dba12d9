//! Node-API binding of `xwb-runner`: converts values, decides nothing.
//!
//! What goes wrong before a run rejects with an `Error` that has `code` and `detail`; how a run
//! goes wrong is the `fault` of its outcome.
#![deny(clippy::unwrap_used, clippy::expect_used)]

mod builder;
mod coded;
mod component;
mod engine;
mod event;
mod listener;
mod outcome;
mod promise;
mod values;

use napi_derive::napi;

/// Gives the addon its own runtime when it is loaded; without one, napi would make its default.
#[napi_derive::module_init]
fn init() {
    if let Ok(runtime) = xwb_runner::runtime() {
        napi::bindgen_prelude::create_custom_tokio_runtime(runtime);
    }
}

/// Ends the loading of sources from outside. For an `AbortSignal`:
/// `signal.addEventListener('abort', () => token.cancel(), { once: true })`.
#[napi]
#[derive(Default)]
pub struct CancelToken {
    inner: xwb_runner::CancelToken,
}

#[napi]
impl CancelToken {
    /// A token that is not cancelled.
    #[napi(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends everything that was given this token, now or later. Within 50 ms.
    #[napi]
    pub fn cancel(&self) {
        self.inner.cancel();
    }

    /// Whether `cancel` was called.
    #[napi(getter)]
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.inner.is_cancelled()
    }
}
