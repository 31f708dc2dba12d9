//! The outcome of a run as a plain object.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

use crate::values::HttpHeader;

/// What the guest answered.
#[napi(object, object_from_js = false)]
pub struct ExecuteResponse {
    /// Status, unchecked.
    pub status: u32,
    /// Headers in the guest's order; names may repeat.
    pub headers: Vec<HttpHeader>,
    /// Absent is none, an empty buffer is the empty list.
    pub body: Option<Buffer>,
}

/// How a run ended without an answer.
#[napi(object, object_from_js = false)]
pub struct Fault {
    /// Stable code: `guest.trap`, `guest.stack_overflow`, `guest.timeout`, `guest.memory`,
    /// `guest.table`, `guest.instances`, `guest.cancelled`, `guest.host_calls`,
    /// `guest.response_too_large`, `guest.transfer_too_large`, `guest.exit`, `guest.failed`,
    /// `host.failed`, `host.timeout`, `host.reply_shape` or `engine.busy`.
    pub code: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// `execute_failed: ` and the whole chain of causes.
    pub detail: String,
    /// What the guest wrote to standard error, if anything.
    pub stderr: Option<String>,
}

/// One log line.
#[napi(object, object_from_js = false)]
pub struct LogEntry {
    /// Where it came from: `logging`, else a WASI stream.
    #[napi(ts_type = "'info' | 'warn' | 'error' | 'stdout' | 'stderr'")]
    pub level: &'static str,
    /// The text.
    pub message: String,
    /// Microseconds since the start of the run.
    pub offset_micros: f64,
}

/// One host call.
#[napi(object, object_from_js = false)]
pub struct HostCallRecord {
    /// Interface without the package.
    pub interface: &'static str,
    /// Function as in the WIT.
    pub function: &'static str,
    /// Microseconds since the start of the run.
    pub start_micros: f64,
    /// Microseconds until the answer, or until the end of the run.
    pub duration_micros: f64,
    /// `ok`, the WIT enum case, `fault`, or `interrupted`.
    pub outcome: String,
}

/// How a run went. Exactly one of `response` and `fault` is there.
#[napi(object, object_from_js = false)]
pub struct RunOutcome {
    /// What the guest answered.
    pub response: Option<ExecuteResponse>,
    /// How it ended without an answer.
    pub fault: Option<Fault>,
    /// Microseconds from instantiation to the end.
    pub duration_micros: f64,
    /// Bytes of all linear memories together at their highest.
    pub peak_memory_bytes: f64,
    /// What the guest logged, in order.
    pub logs: Vec<LogEntry>,
    /// Log lines that did not fit the limits.
    pub logs_dropped: f64,
    /// The host calls, in order; logging is in `logs` instead.
    pub host_calls: Vec<HostCallRecord>,
}

impl From<xwb_runner::Outcome> for RunOutcome {
    fn from(outcome: xwb_runner::Outcome) -> Self {
        Self {
            response: outcome.response.map(response),
            fault: outcome.fault.map(fault),
            duration_micros: number(outcome.duration_micros),
            peak_memory_bytes: number(outcome.peak_memory_bytes),
            logs: outcome.logs.into_iter().map(log_entry).collect(),
            logs_dropped: number(outcome.logs_dropped),
            host_calls: outcome.host_calls.into_iter().map(host_call).collect(),
        }
    }
}

fn response(response: xwb_runner::types::ExecuteResponse) -> ExecuteResponse {
    let headers = response.headers.into_iter();
    ExecuteResponse {
        status: response.status.into(),
        headers: headers
            .map(|header| HttpHeader { name: header.name, value: header.value })
            .collect(),
        body: response.body.map(Buffer::from),
    }
}

fn fault(fault: xwb_runner::Fault) -> Fault {
    Fault { code: fault.code, message: fault.message, detail: fault.detail, stderr: fault.stderr }
}

fn log_entry(entry: xwb_runner::LogEntry) -> LogEntry {
    LogEntry {
        level: entry.level.as_str(),
        message: entry.message,
        offset_micros: number(entry.offset_micros),
    }
}

fn host_call(call: xwb_runner::HostCallRecord) -> HostCallRecord {
    HostCallRecord {
        interface: call.interface,
        function: call.function,
        start_micros: number(call.start_micros),
        duration_micros: number(call.duration_micros),
        outcome: call.outcome,
    }
}

#[allow(clippy::cast_precision_loss, reason = "microseconds and sizes are far below 2^53")]
pub(crate) fn number(value: u64) -> f64 {
    value as f64
}
