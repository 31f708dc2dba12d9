//! The class `Component`.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{ClassInstance, ObjectFinalize, PromiseRaw};
use napi_derive::napi;
use xwb_runner::Loaded;

use crate::CancelToken;
use crate::held_memory::HeldMemory;
use crate::host::{JsHost, OnHostCall, OnLog};
use crate::outcome::RunOutcome;
use crate::promise::promise;
use crate::values::{ExecuteRequest, RunLimits};

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
}

impl ObjectFinalize for Component {
    fn finalize(mut self, env: Env) -> napi::Result<()> {
        self.held.release(env);
        Ok(())
    }
}

#[napi]
impl Component {
    /// SHA-256 of the component file, lower-case hexadecimal.
    #[napi(getter)]
    #[must_use]
    pub fn sha256(&self) -> String {
        self.inner.component.sha256().to_owned()
    }

    /// Size of the component file in bytes.
    #[napi(getter)]
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "file sizes are far below 2^53")]
    pub fn bytes(&self) -> f64 {
        self.inner.component.bytes() as f64
    }

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

    /// Runs the handler once. What the guest or a host answer does wrong is the outcome's
    /// `fault`; the promise rejects only with `request.limits` and `native.panic`.
    ///
    /// `hostCall` answers the guest's imports, all but `context` and `logging`: `argsJson` is an
    /// object with the WIT parameter names in camelCase, `valueJson` is `{"ok": …}` or
    /// `{"err": "<case>"}` where the WIT says result and the plain value elsewhere. The one
    /// `list<u8>` of a call or answer travels as `bytes`. If it throws or rejects, the run ends
    /// as `host.failed` with that message.
    #[napi(ts_return_type = "Promise<RunOutcome>")]
    pub fn execute<'env>(
        &self,
        env: &'env Env,
        request: ExecuteRequest,
        #[napi(ts_arg_type = "RunLimits | undefined | null")] limits: Option<RunLimits>,
        #[napi(ts_arg_type = "(call: HostCall) => Promise<HostReply>")] host_call: OnHostCall,
        #[napi(
            ts_arg_type = "((level: LogEntry['level'], message: string, offsetMicros: number) => void) | undefined | null"
        )]
        on_log: Option<OnLog>,
        cancel: Option<ClassInstance<'_, CancelToken>>,
    ) -> napi::Result<PromiseRaw<'env, RunOutcome>> {
        let component = self.inner.component.clone();
        let request = request.into();
        let limits = limits.map(Into::into).unwrap_or_default();
        let cancel = cancel.map(|token| token.inner.clone()).unwrap_or_default();
        let host = Arc::new(JsHost::new(host_call, on_log));
        let run = async move { component.execute(request, &limits, host, &cancel).await };
        promise(env, run, RunOutcome::from)
    }
}
