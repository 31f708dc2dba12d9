//! One run: a fresh store, the handler, and what is kept of it (spec sections 4.3, 4.4, 4.7).

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use wasmtime::{Store, UpdateDeadline};

use crate::cancel::CancelToken;
use crate::component::Component;
use crate::fault::{Error, Fault, Stop, classify};
use crate::host::Host;
use crate::limits::{Limits, Usage};
use crate::record::{HostCallRecord, LogEntry, LogLevel, Recorder};
use crate::state::RunState;
use crate::types::{ExecuteRequest, ExecuteResponse};

/// How a run went. Exactly one of `response` and `fault` is there.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the guest answered.
    pub response: Option<ExecuteResponse>,
    /// How it ended without an answer.
    pub fault: Option<Fault>,
    /// Microseconds from instantiation to the end.
    pub duration_micros: u64,
    /// Bytes of all linear memories together at their highest.
    pub peak_memory_bytes: u64,
    /// What the guest logged, in order.
    pub logs: Vec<LogEntry>,
    /// Log lines that did not fit the limits.
    pub logs_dropped: u64,
    /// The host calls, in order; logging is in `logs` instead.
    pub host_calls: Vec<HostCallRecord>,
}

impl Component {
    /// Runs the handler once in a fresh store. Dropping the future ends the run.
    ///
    /// Needs a Tokio runtime such as [`crate::runtime`] makes. While it computes, a guest holds a
    /// worker thread for at most one tick of 5 ms at a time.
    ///
    /// # Errors
    /// [`Error::Limits`] and [`Error::Panic`]. All that a guest or a host answer does wrong is a
    /// [`Fault`] in the [`Outcome`] instead.
    pub async fn execute(
        &self,
        request: ExecuteRequest,
        limits: &Limits,
        host: Arc<dyn Host>,
        cancel: &CancelToken,
    ) -> Result<Outcome, Error> {
        let mut ended = None;
        self.execute_then(request, limits, host, cancel, |outcome| ended = Some(outcome)).await;
        ended.unwrap_or_else(|| Err(Error::Panic(String::from("a run ended without an outcome"))))
    }

    /// As [`Component::execute`], but tells the outcome as soon as it is known: giving the
    /// instance's memory back takes a while and nobody has to wait for it. The future ends when
    /// that is done too.
    pub async fn execute_then(
        &self,
        request: ExecuteRequest,
        limits: &Limits,
        host: Arc<dyn Host>,
        cancel: &CancelToken,
        tell: impl FnOnce(Result<Outcome, Error>),
    ) {
        let engine = &self.engine.0;
        if let Err(error) = limits.check(engine.info.max_memory_mb) {
            return tell(Err(error));
        }
        let _turn = tokio::select! {
            turn = engine.turns.acquire() => turn.ok(),
            () = cancel.cancelled() => None,
        };
        let usage = Arc::new(Usage::default());
        let recorder = Arc::new(Recorder::new(Arc::clone(&host), limits));
        let mut store = self.store(&request, limits, host, &recorder, &usage, cancel);
        let ended = {
            let _running = engine.ticker.run();
            let guest = AssertUnwindSafe(self.guest(&mut store, request, limits)).catch_unwind();
            tokio::select! {
                biased;
                () = cancel.cancelled() => Ok(Err(Stop::Cancelled.into())),
                ended = guest => ended,
                () = tokio::time::sleep_until(deadline(&recorder, limits).into()) => {
                    Ok(Err(Stop::Timeout(limits.timeout_ms).into()))
                }
            }
        };
        store.data().end_lines();
        let ended = ended.map_err(|panic| Error::from_panic(panic.as_ref()));
        tell(ended.map(|ended| conclude(ended, limits, &recorder, &usage)));
    }

    fn store(
        &self,
        request: &ExecuteRequest,
        limits: &Limits,
        host: Arc<dyn Host>,
        recorder: &Arc<Recorder>,
        usage: &Arc<Usage>,
        cancel: &CancelToken,
    ) -> Store<RunState> {
        let engine = &self.engine.0;
        let state = RunState::new(
            request.context.clone(),
            host,
            Arc::clone(recorder),
            limits,
            Arc::clone(usage),
            engine.info.allow_wasi_http,
            self.image.clone(),
        );
        let mut store = Store::new(&engine.engine, state);
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(limits.max_transfer_bytes);
        store.set_epoch_deadline(1);
        let (deadline, timeout_ms, cancel) =
            (deadline(recorder, limits), limits.timeout_ms, cancel.clone());
        store.epoch_deadline_callback(move |_| {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled.into());
            }
            if Instant::now() >= deadline {
                return Err(Stop::Timeout(timeout_ms).into());
            }
            Ok(UpdateDeadline::Yield(1))
        });
        store
    }

    async fn guest(
        &self,
        store: &mut Store<RunState>,
        request: ExecuteRequest,
        limits: &Limits,
    ) -> wasmtime::Result<ExecuteResponse> {
        let runner = self.prepared.pre.instantiate_async(&mut *store).await?;
        let response = runner.call_handler(store, &request).await?;
        limits.check_response(&response)?;
        Ok(response)
    }
}

fn deadline(recorder: &Recorder, limits: &Limits) -> Instant {
    recorder.started() + Duration::from_millis(limits.timeout_ms)
}

fn conclude(
    ended: wasmtime::Result<ExecuteResponse>,
    limits: &Limits,
    recorder: &Recorder,
    usage: &Usage,
) -> Outcome {
    let collected = recorder.collect();
    let stderr: Vec<_> = collected
        .logs
        .iter()
        .filter(|entry| entry.level == LogLevel::Stderr)
        .map(|entry| entry.message.as_str())
        .collect();
    let stderr = (!stderr.is_empty()).then(|| stderr.join("\n"));
    let (response, fault) = match ended {
        Ok(response) => (Some(response), None),
        Err(error) => (None, Some(classify(&error, usage, limits, stderr))),
    };
    Outcome {
        response,
        fault,
        duration_micros: collected.duration_micros,
        peak_memory_bytes: usage.peak(),
        logs: collected.logs,
        logs_dropped: collected.logs_dropped,
        host_calls: collected.calls,
    }
}
