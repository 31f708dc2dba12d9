//! `xwb-bare <component.wasm> <calls> [concurrency]`: calls a handler with the library's own
//! engine settings and no Node, and prints `{"p50_us":…,"p99_us":…,"calls_per_s":…}`.
//! Every host call is answered with the WIT's plainest refusal.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::json;
use xwb_runner::types::{ContextData, ExecuteRequest, HttpRequest};
use xwb_runner::{
    BoxFuture, CancelToken, Component, Engine, EngineOptions, Host, HostCall, HostFault, HostReply,
    Limits, LogLevel,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

struct Refusing;

impl Host for Refusing {
    fn call(&self, call: HostCall) -> BoxFuture<Result<HostReply, HostFault>> {
        let value = match (call.interface, call.function) {
            ("secrets", "list-keys") => json!([]),
            ("http" | "user" | "user-v2" | "clients" | "services", _) => {
                json!({ "err": "not-allowed" })
            }
            ("scheduler", "create-schedule" | "update-schedule" | "delete-schedule")
            | ("invoicing", _) => json!({ "success": false }),
            _ => json!({ "err": "denied" }),
        };
        Box::pin(async { Ok(HostReply { value, bytes: None }) })
    }

    fn log(&self, _level: LogLevel, _message: &str, _offset_micros: u64) {}
}

fn request() -> ExecuteRequest {
    ExecuteRequest {
        context: ContextData {
            request_id: Some(String::from("bench")),
            tenant_id: String::from("tenant"),
            extension_id: String::from("extension"),
            install_id: None,
            version_id: None,
        },
        http: HttpRequest {
            method: String::from("GET"),
            url: String::from("/"),
            headers: Vec::new(),
            body: None,
        },
    }
}

async fn worker(
    component: Component,
    left: Arc<AtomicUsize>,
) -> Result<Vec<u128>, xwb_runner::Error> {
    let (limits, cancel, host) = (Limits::default(), CancelToken::new(), Arc::new(Refusing));
    let mut times = Vec::new();
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
        let started = Instant::now();
        let outcome = component.execute(request(), &limits, host.clone(), &cancel).await?;
        times.push(started.elapsed().as_micros());
        if let Some(fault) = outcome.fault {
            return Err(xwb_runner::Error::Panic(fault.detail));
        }
    }
    Ok(times)
}

async fn measure(
    component: &Component,
    calls: usize,
    at_once: usize,
) -> Result<Vec<u128>, Failure> {
    let left = Arc::new(AtomicUsize::new(calls));
    let workers: Vec<_> =
        (0..at_once).map(|_| tokio::spawn(worker(component.clone(), Arc::clone(&left)))).collect();
    let mut times = Vec::with_capacity(calls);
    for worker in workers {
        times.extend(worker.await??);
    }
    times.sort_unstable();
    Ok(times)
}

#[allow(clippy::cast_precision_loss, reason = "a count of calls")]
fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let usage = "usage: xwb-bare <component.wasm> <calls> [concurrency]";
    let path = args.next().ok_or(usage)?;
    let calls: usize = args.next().ok_or(usage)?.parse()?;
    let at_once: usize = args.next().map_or(Ok(1), |text| text.parse())?;
    if calls == 0 || at_once == 0 {
        return Err(usage.into());
    }
    let engine = Engine::new(&EngineOptions::new(std::env::temp_dir().join("xwb-bare-cache")))?;
    let component = engine.load(Path::new(&path))?.component;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    // The first calls fill the pools; they are not what is measured.
    runtime.block_on(measure(&component, at_once * 8, at_once))?;
    let started = Instant::now();
    let times = runtime.block_on(measure(&component, calls, at_once))?;
    let seconds = started.elapsed().as_secs_f64();
    let result = json!({
        "p50_us": times.get(times.len() / 2).copied().unwrap_or_default(),
        "p99_us": times.get(times.len() * 99 / 100).copied().unwrap_or_default(),
        "calls_per_s": (calls as f64 / seconds).round(),
    });
    println!("{result}");
    Ok(())
}
