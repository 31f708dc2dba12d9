//! What the tests share.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use xwb_runner::types::{ContextData, ExecuteRequest, HttpRequest};
use xwb_runner::{
    BoxFuture, CancelToken, Component, Engine, EngineOptions, Host, HostCall, HostFault, HostReply,
    Limits, LogLevel, Outcome,
};

/// How a [`TestHost`] answers.
pub enum Answers {
    /// Always this value.
    Value(Value),
    /// A host fault with this text.
    Fault(&'static str),
    /// Never.
    Never,
    /// A panic.
    Panic,
}

/// A host that answers one way and remembers what it heard.
pub struct TestHost {
    answers: Answers,
    pub calls: Mutex<Vec<HostCall>>,
    pub logs: Mutex<Vec<(LogLevel, String)>>,
}

impl TestHost {
    pub fn new(answers: Answers) -> Arc<Self> {
        Arc::new(Self { answers, calls: Mutex::default(), logs: Mutex::default() })
    }
}

impl Host for TestHost {
    fn call(&self, call: HostCall) -> BoxFuture<Result<HostReply, HostFault>> {
        self.calls.lock().unwrap().push(call);
        match &self.answers {
            Answers::Value(value) => {
                let value = value.clone();
                Box::pin(async { Ok(HostReply { value, bytes: None }) })
            }
            Answers::Fault(text) => {
                let message = (*text).to_owned();
                Box::pin(async { Err(HostFault { message }) })
            }
            Answers::Never => Box::pin(pending()),
            Answers::Panic => Box::pin(async { panic!("the host panicked") }),
        }
    }

    fn log(&self, level: LogLevel, message: &str, _offset_micros: u64) {
        self.logs.lock().unwrap().push((level, message.to_owned()));
    }
}

/// An engine with a cache folder of its own; keep the folder as long as the engine.
pub fn engine() -> (Engine, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::new(&EngineOptions::new(folder.path())).unwrap();
    (engine, folder)
}

/// A request with this body.
pub fn request(body: Option<Vec<u8>>) -> ExecuteRequest {
    ExecuteRequest {
        context: ContextData {
            request_id: None,
            tenant_id: String::from("tenant"),
            extension_id: String::from("extension"),
            install_id: None,
            version_id: None,
        },
        http: HttpRequest {
            method: String::from("POST"),
            url: String::from("/"),
            headers: Vec::new(),
            body,
        },
    }
}

/// Limits with this time.
pub fn within(timeout_ms: u64) -> Limits {
    Limits { timeout_ms, ..Limits::default() }
}

/// Runs a component once and expects a run.
pub async fn run(component: &Component, limits: &Limits, host: Arc<TestHost>) -> Outcome {
    component.execute(request(None), limits, host, &CancelToken::new()).await.unwrap()
}

/// Loads and runs a guest once against a host that answers `{"ok": "value"}`.
pub async fn run_guest(bytes: &[u8], limits: &Limits) -> Outcome {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(bytes).unwrap().component;
    run(&component, limits, TestHost::new(Answers::Value(json!({ "ok": "value" })))).await
}

/// The code an outcome ended with.
pub fn code(outcome: &Outcome) -> &'static str {
    outcome.fault.as_ref().map_or("", |fault| fault.code)
}

/// Time as the outcome tells it.
pub fn duration(outcome: &Outcome) -> Duration {
    Duration::from_micros(outcome.duration_micros)
}
