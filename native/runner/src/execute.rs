//! One run: a fresh store, the handler, and what is kept of it (spec sections 4.3, 4.4, 4.7).

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt as _;

use crate::cancel::CancelToken;
use crate::component::Component;
use crate::fault::{Error, Fault, Stop, classify};
use crate::host::Host;
use crate::leftover::Remains;
use crate::limits::{Limits, Usage};
use crate::panic::Panic;
use crate::record::{HostCallRecord, LogEntry, LogLevel, Recorder};
use crate::types::{ExecuteRequest, ExecuteResponse};
use crate::vessel::Vessel;

/// How a run went. Exactly one of `response` and `fault` is there.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the guest answered.
    pub response: Option<ExecuteResponse>,
    /// How it ended without an answer.
    pub fault: Option<Fault>,
    /// Microseconds from the request to the end.
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
        self.execute_leaving(request, limits, host, cancel).await.0
    }

    /// As [`Component::execute`], but leaves it to the caller when the instance's memory is given
    /// back: that takes a while, and nobody has to wait for it.
    pub async fn execute_leaving(
        &self,
        request: ExecuteRequest,
        limits: &Limits,
        host: Arc<dyn Host>,
        cancel: &CancelToken,
    ) -> (Result<Outcome, Error>, Option<Remains>) {
        let engine = &self.engine.0;
        if let Err(error) = limits.check(engine.info.max_memory_mb) {
            return (Err(error), None);
        }
        drop(engine.take_leftover());
        let turn = tokio::select! {
            turn = Arc::clone(&engine.turns).acquire_owned() => turn.ok(),
            () = cancel.cancelled() => None,
        };
        let mut vessel = Vessel::take(self, limits);
        let deadline = vessel.begin(request.context.clone(), host, cancel);
        let ended = {
            let _running = engine.ticker.run();
            let guest = AssertUnwindSafe(self.guest(&mut vessel, request, limits)).catch_unwind();
            tokio::select! {
                biased;
                () = cancel.cancelled() => Ok(Err(Stop::Cancelled.into())),
                ended = guest => ended,
                () = tokio::time::sleep_until(deadline.into()) => {
                    Ok(Err(Stop::Timeout(limits.timeout_ms).into()))
                }
            }
        };
        let Vessel { store, recorder, usage, .. } = vessel;
        store.data().end_lines();
        let ended = ended.map_err(|payload| Error::from(Panic::from(payload)));
        let ended = ended.map(|ended| conclude(ended, limits, &recorder, &usage));
        (ended, Some(Remains::new((self, limits), store, turn)))
    }

    async fn guest(
        &self,
        vessel: &mut Vessel,
        request: ExecuteRequest,
        limits: &Limits,
    ) -> wasmtime::Result<ExecuteResponse> {
        let runner = vessel.instance(self).await?;
        let response = runner.call_handler(&mut vessel.store, &request).await?;
        limits.check_response(&response)?;
        Ok(response)
    }
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
