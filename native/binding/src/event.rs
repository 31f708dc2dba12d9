//! What JavaScript hears of a run.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use xwb_runner::{Error, Event};

use crate::outcome::{LogEntry, RunOutcome, number};

/// Something that happened in a run: exactly one of the others is there.
#[napi(object, object_from_js = false)]
pub struct RunEvent {
    /// The run's number.
    pub run: u32,
    /// The guest asks; `Engine.answer` or `Engine.fail` must follow.
    pub call: Option<HostCall>,
    /// The guest logged a line.
    pub log: Option<LogEntry>,
    /// The run is over; the last event of a run is this or `error`.
    pub outcome: Option<RunOutcome>,
    /// There was no run.
    pub error: Option<RunError>,
}

/// A run that began, and what has happened since.
#[napi(object, object_from_js = false)]
pub struct Started {
    /// The run's number.
    pub run: u32,
    /// Of this run and of others; `hear` will not be told of it.
    pub events: Vec<RunEvent>,
}

/// A call of a guest to a host function.
#[napi(object, object_from_js = false)]
pub struct HostCall {
    /// The call's number, for its answer.
    pub id: u32,
    /// Interface without the package, e.g. `storage`.
    pub interface: &'static str,
    /// Function as in the WIT, e.g. `list-entries`.
    pub function: &'static str,
    /// JSON text of an object with the function's parameters in camelCase.
    pub args_json: String,
    /// The body, value or payload; absent is the WIT's none.
    pub bytes: Option<Buffer>,
}

/// Why there was no run: `request.limits` or `native.panic`.
#[napi(object, object_from_js = false)]
pub struct RunError {
    /// The stable code.
    pub code: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// The sentence and what lies behind it.
    pub detail: String,
}

/// The answer to a host call.
#[napi(object, object_to_js = false)]
pub struct HostReply {
    /// JSON text: `{"ok": …}`, `{"err": "<case>"}` or the plain value.
    pub value_json: String,
    /// `http.fetch`: the body; `storage.get`, `storage.put`, `ui-proxy.call-route`: the bytes,
    /// which an ok answer must have.
    pub bytes: Option<Buffer>,
}

impl From<xwb_runner::Started> for Started {
    fn from(started: xwb_runner::Started) -> Self {
        Self { run: started.run, events: to_js(started.events) }
    }
}

pub(crate) fn to_js(events: Vec<Event>) -> Vec<RunEvent> {
    events.into_iter().map(run_event).collect()
}

fn run_event(event: Event) -> RunEvent {
    let about = |run| RunEvent { run, call: None, log: None, outcome: None, error: None };
    match event {
        Event::Call { run, id, call } => RunEvent { call: Some(host_call(id, call)), ..about(run) },
        Event::Log { run, level, message, offset_micros } => {
            let (level, offset_micros) = (level.as_str(), number(offset_micros));
            RunEvent { log: Some(LogEntry { level, message, offset_micros }), ..about(run) }
        }
        Event::Ended { run, ended } => match *ended {
            Ok(outcome) => RunEvent { outcome: Some(outcome.into()), ..about(run) },
            Err(error) => RunEvent { error: Some(run_error(&error)), ..about(run) },
        },
    }
}

fn host_call(id: u32, call: xwb_runner::HostCall) -> HostCall {
    HostCall {
        id,
        interface: call.interface,
        function: call.function,
        args_json: call.args.to_string(),
        bytes: call.bytes.map(Buffer::from),
    }
}

fn run_error(error: &Error) -> RunError {
    RunError { code: error.code(), message: error.to_string(), detail: error.detail() }
}
