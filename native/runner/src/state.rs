//! What one store holds, and the one way from a guest's import to the host.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::egress::Egress;
use crate::fault::Stop;
use crate::host::{HostCall, HostFault, HostReply};
use crate::image::MemoryImage;
use crate::limits::{Limiter, Limits, Usage};
use crate::record::{LogLevel, Recorder};
use crate::reply::{self, Shape};
use crate::residency;
use crate::stdio::LineSink;
use crate::types::ContextData;
use crate::wasi_output::WasiOutput;

/// Data of one store: a run's context, records and limits.
pub(crate) struct RunState {
    pub(crate) context: ContextData,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) limiter: Limiter,
    pub(crate) image: Option<Arc<MemoryImage>>,
    born: Instant,
    max_host_calls: usize,
    /// Milliseconds for one host call; none where the whole run has no more than that.
    host_call_limit_ms: Option<u64>,
    stdout: LineSink,
    stderr: LineSink,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    egress: Egress,
    table: ResourceTable,
}

/// Nobody hears it: what fails so is made anew once there is a host.
const TOO_EARLY: &str = "there is no run yet";

impl RunState {
    pub(crate) fn new(
        recorder: Arc<Recorder>,
        limits: &Limits,
        usage: Arc<Usage>,
        image: Option<Arc<MemoryImage>>,
    ) -> Self {
        // No environment, no arguments, no preopened folder, no network, stdin at its end.
        let stdout = LineSink::new(LogLevel::Stdout, &recorder);
        let stderr = LineSink::new(LogLevel::Stderr, &recorder);
        let wasi = WasiCtx::builder()
            .stdout(WasiOutput(stdout.clone()))
            .stderr(WasiOutput(stderr.clone()))
            .build();
        Self {
            context: ContextData {
                request_id: None,
                tenant_id: String::new(),
                extension_id: String::new(),
                install_id: None,
                version_id: None,
            },
            image,
            born: Instant::now(),
            limiter: Limiter::new(limits, usage),
            max_host_calls: limits.max_host_calls,
            host_call_limit_ms: Some(limits.host_call_timeout_ms)
                .filter(|limit| *limit < limits.timeout_ms),
            stdout,
            stderr,
            wasi,
            http: WasiHttpCtx::new(),
            egress: Egress::new(limits.allow_wasi_http, Arc::clone(&recorder)),
            recorder,
            table: ResourceTable::new(),
        }
    }

    /// Logs what the guest wrote to its standard streams after the last line end.
    pub(crate) fn end_lines(&self) {
        self.stdout.end();
        self.stderr.end();
    }

    /// Asks the host and records the call.
    ///
    /// # Errors
    /// A [`Stop`], which ends the guest: too many calls, a host that fails or takes too long, a
    /// wrong shape.
    pub(crate) async fn ask<T>(
        &mut self,
        interface: &'static str,
        function: &'static str,
        args: Value,
        bytes: Option<Vec<u8>>,
        read: fn(HostReply) -> Shape<T>,
    ) -> wasmtime::Result<T> {
        let Some(index) = self.recorder.begin(interface, function) else {
            return Err(Stop::HostCalls(self.max_host_calls).into());
        };
        let call = HostCall { interface, function, args, bytes };
        let (answer, outcome) = match self.answer(call).await {
            Ok(reply) => {
                let outcome = reply::outcome(&reply);
                let answer =
                    read(reply).map_err(|why| Stop::HostReply { interface, function, why });
                (answer, outcome)
            }
            Err(stop) => (Err(stop), String::new()),
        };
        let outcome = if answer.is_ok() { outcome } else { String::from("fault") };
        self.recorder.end(index, outcome);
        Ok(answer?)
    }

    async fn answer(&mut self, call: HostCall) -> Result<HostReply, Stop> {
        let (interface, function) = (call.interface, call.function);
        let failed = |HostFault { message }| Stop::HostFailed { interface, function, message };
        let Some(host) = self.recorder.host() else {
            return Err(Stop::HostFailed { interface, function, message: String::from(TOO_EARLY) });
        };
        let answer = host.call(call);
        let Some(limit_ms) = self.host_call_limit_ms else {
            return answer.await.map_err(failed);
        };
        match tokio::time::timeout(Duration::from_millis(limit_ms), answer).await {
            Ok(answered) => answered.map_err(failed),
            Err(_elapsed) => Err(Stop::HostTimeout { interface, function, limit_ms }),
        }
    }

    /// Records a call that is answered right here.
    ///
    /// # Errors
    /// [`Stop::HostCalls`] when the run has used up its calls.
    pub(crate) fn native(
        &self,
        interface: &'static str,
        function: &'static str,
    ) -> wasmtime::Result<()> {
        let Some(index) = self.recorder.begin(interface, function) else {
            return Err(Stop::HostCalls(self.max_host_calls).into());
        };
        self.recorder.end(index, String::from("ok"));
        Ok(())
    }
}

/// A store's data goes before its memories do.
impl Drop for RunState {
    fn drop(&mut self) {
        residency::before_restoring(self.born.elapsed());
    }
}

impl WasiView for RunState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for RunState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.egress }
    }
}
