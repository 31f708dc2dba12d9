//! The seam to whoever answers a guest's imports.

use std::future::Future;
use std::pin::Pin;

use serde_json::Value;

use crate::record::LogLevel;

/// A boxed future that may move between threads.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send + 'static>>;

/// One call of a guest to a host function (spec section 3.4).
#[derive(Clone, Debug, PartialEq)]
pub struct HostCall {
    /// Interface name without the package, e.g. `storage` or `user-v2`.
    pub interface: &'static str,
    /// Function name as in the WIT, e.g. `list-entries`.
    pub function: &'static str,
    /// An object with the function's WIT parameters under camelCase names; records have
    /// camelCase keys, absent options are left out, non-finite floats are null, and the
    /// one `list<u8>` a call may have is in [`HostCall::bytes`] instead.
    pub args: Value,
    /// `http.fetch`: the body; `storage.put`: the value; `ui-proxy.call-route`: the payload.
    /// `None` and an empty vector are the WIT's none and empty list.
    pub bytes: Option<Vec<u8>>,
}

/// The answer to a [`HostCall`].
#[derive(Clone, Debug, PartialEq)]
pub struct HostReply {
    /// `{"ok": value}` or `{"err": "<enum case>"}` where the WIT says `result`, else the value.
    /// Keys are camelCase; absent and null both mean none. The `value` of entries in
    /// `storage.list-entries` is base64 text.
    pub value: Value,
    /// `http.fetch`: the body, none or some; `storage.get`, `storage.put` and
    /// `ui-proxy.call-route`: the bytes, which an ok answer must have.
    pub bytes: Option<Vec<u8>>,
}

impl HostReply {
    /// An answer whose value is JSON text.
    ///
    /// # Errors
    /// When it is not.
    pub fn from_json(value: &str, bytes: Option<Vec<u8>>) -> Result<Self, HostFault> {
        match serde_json::from_str(value) {
            Ok(value) => Ok(Self { value, bytes }),
            Err(error) => Err(HostFault { message: format!("valueJson is not JSON: {error}") }),
        }
    }
}

/// The host failed to answer at all: the guest traps and the run ends as `host.failed`.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct HostFault {
    /// What went wrong, for a person.
    pub message: String,
}

/// Answers host calls and hears logs. One value may serve many runs at once.
pub trait Host: Send + Sync + 'static {
    /// Answers one call. `context.get-context` and `logging.*` never arrive here.
    fn call(&self, call: HostCall) -> BoxFuture<Result<HostReply, HostFault>>;

    /// Hears a log line as it happens; must not block. `offset_micros` counts from the
    /// start of the run.
    fn log(&self, level: LogLevel, message: &str, offset_micros: u64);
}
