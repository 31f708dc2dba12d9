//! Policy for `wasi:http`, which a component built without `--disable all` imports.
//!
//! Outgoing requests are refused by default: the platform's allowlist and the workbench's
//! recording sit behind `alga:extension/http` only. A run's limits may let them through,
//! unrecorded but for the fact. Each attempt becomes a host call record.

use std::future::Future;
use std::sync::Arc;

use http_body_util::BodyExt;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::record::Recorder;

type Sent = (http::Response<WasiBody>, Done);
type Done = Box<dyn Future<Output = Result<(), Error>> + Send>;

/// Decides about outgoing `wasi:http` requests of one run.
pub(crate) struct Egress {
    allow: bool,
    recorder: Arc<Recorder>,
}

impl Egress {
    pub(crate) fn new(allow: bool, recorder: Arc<Recorder>) -> Self {
        Self { allow, recorder }
    }
}

impl WasiHttpHooks for Egress {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _processed: Done,
    ) -> Box<dyn Future<Output = Result<Sent, Error>> + Send> {
        let recorder = Arc::clone(&self.recorder);
        // Beyond the run's host calls nothing goes out at all.
        let Some(index) = recorder.begin("wasi:http/outgoing-handler", "handle") else {
            return Box::new(async { Err(Error::HttpRequestDenied) });
        };
        if !self.allow {
            recorder.end(index, String::from("http-request-denied"));
            return Box::new(async { Err(Error::HttpRequestDenied) });
        }
        Box::new(async move {
            let sent = wasmtime_wasi_http::default_send_request(request, options).await;
            recorder.end(index, String::from(if sent.is_ok() { "ok" } else { "transport" }));
            let (response, io) = sent?;
            Ok((response.map(BodyExt::boxed_unsync), Box::new(io) as Done))
        })
    }
}
