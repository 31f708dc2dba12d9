//! A `Host` whose answers come from JavaScript functions.

use std::sync::Arc;

use napi::Status;
use napi::bindgen_prelude::{Buffer, FnArgs, Promise};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi_derive::napi;
use xwb_runner::{BoxFuture, Host, HostFault, LogLevel};

/// A call of a guest to a host function.
#[napi(object, object_from_js = false)]
pub struct HostCall {
    /// Interface without the package, e.g. `storage`.
    pub interface: String,
    /// Function as in the WIT, e.g. `list-entries`.
    pub function: String,
    /// JSON text of an object with the function's parameters in camelCase.
    pub args_json: String,
    /// The body, value or payload; absent is the WIT's none.
    pub bytes: Option<Buffer>,
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

/// The JavaScript function that answers host calls.
pub type OnHostCall = ThreadsafeFunction<HostCall, Promise<HostReply>, HostCall, Status, false>;
/// The JavaScript function that hears logs.
pub type OnLog = ThreadsafeFunction<
    FnArgs<(&'static str, String, f64)>,
    (),
    FnArgs<(&'static str, String, f64)>,
    Status,
    false,
>;

pub(crate) struct JsHost {
    on_call: Arc<OnHostCall>,
    on_log: Option<OnLog>,
}

impl JsHost {
    pub(crate) fn new(on_call: OnHostCall, on_log: Option<OnLog>) -> Self {
        Self { on_call: Arc::new(on_call), on_log }
    }
}

impl Host for JsHost {
    fn call(
        &self,
        call: xwb_runner::HostCall,
    ) -> BoxFuture<Result<xwb_runner::HostReply, HostFault>> {
        let on_call = Arc::clone(&self.on_call);
        Box::pin(async move { ask(&on_call, call).await.map_err(|error| fault(&error)) })
    }

    #[allow(clippy::cast_precision_loss, reason = "microseconds of a run are far below 2^53")]
    fn log(&self, level: LogLevel, message: &str, offset_micros: u64) {
        if let Some(on_log) = &self.on_log {
            let args = FnArgs::from((level.as_str(), message.to_owned(), offset_micros as f64));
            on_log.call(args, ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

async fn ask(
    on_call: &OnHostCall,
    call: xwb_runner::HostCall,
) -> napi::Result<xwb_runner::HostReply> {
    let call = HostCall {
        interface: call.interface.to_owned(),
        function: call.function.to_owned(),
        args_json: call.args.to_string(),
        bytes: call.bytes.map(Buffer::from),
    };
    let reply = on_call.call_async_catch(call).await?.await?;
    let value = serde_json::from_str(&reply.value_json)
        .map_err(|error| napi::Error::from_reason(format!("valueJson is not JSON: {error}")))?;
    Ok(xwb_runner::HostReply { value, bytes: reply.bytes.map(Into::into) })
}

fn fault(error: &napi::Error) -> HostFault {
    HostFault { message: error.reason.clone() }
}
