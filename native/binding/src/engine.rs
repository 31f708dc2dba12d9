//! The class `Engine`.

use std::path::PathBuf;
use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{Function, PromiseRaw, within_runtime_if_available};
use napi_derive::napi;
use tokio::runtime::Handle;
use xwb_runner::{HostFault, Inbox, NewRun, Runs, blocking};

use crate::builder::{EngineTemplate, ImageBase};
use crate::component::Component;
use crate::event::{HostReply, RunEvent, Started, to_js};
use crate::listener::{Heard, listener};
use crate::promise::{coded, promise};
use crate::values::{EngineInfo, EngineOptions, ExecuteRequest, RunLimits};

/// Compiles components and runs them. Make one and keep it.
#[napi]
pub struct Engine {
    inner: xwb_runner::Engine,
    runs: Arc<Runs>,
}

#[napi]
impl Engine {
    /// Makes an engine; takes a few milliseconds. `hear` is told of everything that happens in
    /// its runs; it must not throw, and does not keep the process alive. Throws `engine.create`,
    /// `cache.unusable` or `request.limits`.
    #[napi(factory)]
    #[allow(clippy::needless_pass_by_value, reason = "napi gives functions so")]
    pub fn create(
        env: Env,
        options: EngineOptions,
        #[napi(ts_arg_type = "(events: RunEvent[]) => void")] hear: Function<'_, Heard, ()>,
    ) -> napi::Result<Self> {
        let inner = xwb_runner::Engine::new(&options.into());
        let inner = inner.map_err(|error| coded(env, &error))?;
        let inbox = Inbox::default();
        let listener = listener(&hear, inbox.clone())?;
        let runtime = within_runtime_if_available(Handle::current);
        Ok(Self { inner, runs: Runs::new(runtime, inbox, listener) })
    }

    /// Runs the handler once. What has happened by the time this returns is in its answer, and
    /// `hear` is told of the rest under the number in it. The last event of a run is an outcome,
    /// in which all that the guest or a host answer does wrong is a `fault`, or an error:
    /// `request.limits` or `native.panic`. Throws `component.replaced` for a component that was
    /// disposed of.
    ///
    /// A run that is `alone`, and nothing else runs, begins right here, and goes on in `answer`,
    /// until it has computed for 5 to 10 ms: waking another thread and being woken by it takes as
    /// long as most handlers do. Others have processors of their own, if there are any.
    ///
    /// With `cancelled` the run ends before it begins.
    ///
    /// Host calls are all imports but `context` and `logging`: `argsJson` is an object with the
    /// WIT parameter names in camelCase, `valueJson` is `{"ok": …}` or `{"err": "<case>"}` where
    /// the WIT says result and the plain value elsewhere. The one `list<u8>` of a call or answer
    /// travels as `bytes`.
    #[napi]
    pub fn execute(
        &self,
        env: Env,
        component: &Component,
        request: ExecuteRequest,
        limits: RunLimits,
        alone: bool,
        cancelled: bool,
    ) -> napi::Result<Started> {
        let component = component.runnable().map_err(|error| coded(env, &error))?;
        let (request, limits) = (request.into(), limits.into());
        Ok(self.runs.start(NewRun { component, request, limits, alone, cancelled }).into())
    }

    /// Ends a run, within 50 ms. One that is over already is left alone.
    #[napi]
    pub fn cancel(&self, run: u32) {
        self.runs.cancel(run);
    }

    /// To be called when there is time after a run: a worker gives back what it left and makes an
    /// instance ready for the next. A run that comes before does the first itself.
    #[napi]
    pub fn tidy(&self) {
        self.runs.tidy(&self.inner);
    }

    /// Answers a host call. Text that is not JSON ends the run as `host.failed`. Gives what has
    /// happened since, of which `hear` is not told.
    #[napi]
    pub fn answer(&self, call: u32, reply: HostReply) -> Vec<RunEvent> {
        let bytes = reply.bytes.map(Into::into);
        let answer = xwb_runner::HostReply::from_json(&reply.value_json, bytes);
        to_js(self.runs.answer(call, answer))
    }

    /// Says that a host call could not be answered; the run ends as `host.failed`. Gives what
    /// has happened since, of which `hear` is not told.
    #[napi]
    pub fn fail(&self, call: u32, message: String) -> Vec<RunEvent> {
        to_js(self.runs.answer(call, Err(HostFault { message })))
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

    /// Compiles ahead what all release components of a template share, unless that was done: the
    /// first call of such a component then compiles nothing. Rejects with a `component.*` code or
    /// `cache.unusable`.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn prepare_code<'env>(
        &self,
        env: &'env Env,
        template: &EngineTemplate,
    ) -> napi::Result<PromiseRaw<'env, ()>> {
        let (engine, path) = (self.inner.clone(), template.component());
        promise(env, blocking(move || engine.prepare_code(&path)), |()| ())
    }
}
