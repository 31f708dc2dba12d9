//! `xwb-bare <component.wasm> <calls> [concurrency]`: calls a handler with Wasmtime and nothing
//! else, and prints `{"p50_us":…,"p99_us":…,"calls_per_s":…}`: what the runner is measured by.
//!
//! `xwb-bare --count <bare|runner> <component.wasm> <calls>`: makes the calls one after the other,
//! through Wasmtime alone or through the runner, and prints nothing. For valgrind, which counts
//! instructions: without the pool, whose reservation of address space it refuses, and without what
//! only this processor can do, of which it knows not all. So the count is the same on every
//! processor of an architecture.
//!
//! A fresh store for each call as in the runner, and the same compiled code, with the checks
//! that a time limit needs. But no limits, no recording, no host functions beyond WASI and no
//! hop between threads: calls are plain function calls, on as many threads as there are
//! processors. The host functions of the world trap.

use std::future::pending;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use wasmtime::component::{Component, ComponentExportIndex, InstancePre, Linker, ResourceTable};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use xwb_runner::types::{ContextData, ExecuteRequest, ExecuteResponse, HttpRequest};
use xwb_runner::{
    BoxFuture, CancelToken, CompiledCache, EngineOptions, Host, HostCall, HostFault, HostReply,
    Limits, LogLevel, Lookup, code_settings,
};

type Failure = Box<dyn std::error::Error + Send + Sync>;

struct State {
    wasi: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

struct Handler {
    engine: Engine,
    pre: InstancePre<State>,
    export: ComponentExportIndex,
}

impl Handler {
    fn load(path: &Path, config: &Config) -> Result<Self, Failure> {
        let engine = Engine::new(config)?;
        let component = compiled(&engine, path)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        linker.define_unknown_imports_as_traps(&component)?;
        let pre = linker.instantiate_pre(&component)?;
        let export = component.get_export_index(None, "handler").ok_or("no handler")?;
        Ok(Self { engine, pre, export })
    }

    fn call(&self) -> Result<ExecuteResponse, Failure> {
        let state = State { wasi: WasiCtx::builder().build(), table: ResourceTable::new() };
        let mut store = Store::new(&self.engine, state);
        store.set_epoch_deadline(u64::MAX / 2);
        let instance = self.pre.instantiate(&mut store)?;
        let handler = instance
            .get_typed_func::<(ExecuteRequest,), (ExecuteResponse,)>(&mut store, self.export)?;
        Ok(handler.call(&mut store, (request(),))?.0)
    }

    /// Time of each of so many calls, made by so many threads.
    fn measure(&self, calls: usize, threads: usize) -> Result<Vec<Duration>, Failure> {
        let left = AtomicUsize::new(calls);
        let work = || {
            let mut times = Vec::new();
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                .is_ok()
            {
                let started = Instant::now();
                self.call()?;
                times.push(started.elapsed());
            }
            Ok::<_, Failure>(times)
        };
        let mut times = Vec::with_capacity(calls);
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            for worker in workers {
                times.extend(worker.join().map_err(|_panic| "a worker panicked")??);
            }
            Ok::<_, Failure>(())
        })?;
        times.sort_unstable();
        Ok(times)
    }
}

/// The best that is known: reserved instances whose memory stays mapped between calls.
fn pooled() -> Result<Config, Failure> {
    let mut pool = PoolingAllocationConfig::default();
    pool.max_memory_size(1 << 30)
        .max_unused_warm_slots(16)
        .linear_memory_keep_resident(16 << 20)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    let mut config = code_settings(false)?;
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    Ok(config)
}

#[allow(unsafe_code, reason = "mapping compiled code, which the cache has checked")]
fn compiled(engine: &Engine, path: &Path) -> Result<Component, Failure> {
    let bytes = std::fs::read(path)?;
    let key = blake3::hash(&bytes).to_hex();
    let cache = CompiledCache::open(&cache_dir(), 256 << 20, engine, "xwb-bare")?;
    // SAFETY: the cache gives only files that are what `Component::serialize` gave.
    let map = |file: &Path| unsafe { Component::deserialize_file(engine, file) }.ok();
    if let Lookup::Hit(component) = cache.get(&key, map) {
        return Ok(component);
    }
    let component = Component::from_binary(engine, &bytes)?;
    cache.put(&key, &component.serialize()?)?;
    Ok(component)
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
            method: String::from("POST"),
            url: String::from("/x"),
            headers: Vec::new(),
            body: None,
        },
    }
}

fn cache_dir() -> PathBuf {
    std::env::temp_dir().join("xwb-bare-cache")
}

/// One call after the other, with nothing around them.
fn through_wasmtime(path: &Path, calls: usize) -> Result<(), Failure> {
    let handler = Handler::load(path, &code_settings(true)?)?;
    (0..calls).try_for_each(|_| handler.call().map(|_| ()))
}

/// The same through the runner: its limits, its records, its threads.
fn through_runner(path: &Path, calls: usize) -> Result<(), Failure> {
    let options =
        EngineOptions { pooling: false, portable: true, ..EngineOptions::new(cache_dir()) };
    let component = xwb_runner::Engine::new(&options)?.load(path)?.component;
    let limits = Limits { timeout_ms: 60_000, ..Limits::default() };
    let (runtime, cancel) = (xwb_runner::runtime()?, CancelToken::new());
    for _ in 0..calls {
        let call = component.execute(request(), &limits, Arc::new(Nobody), &cancel);
        if let Some(fault) = runtime.block_on(call)?.fault {
            return Err(fault.message.into());
        }
    }
    Ok(())
}

/// Hears nothing and is asked nothing: the handler that is measured needs no host.
struct Nobody;

impl Host for Nobody {
    fn call(&self, _call: HostCall) -> BoxFuture<Result<HostReply, HostFault>> {
        Box::pin(pending())
    }

    fn log(&self, _level: LogLevel, _message: &str, _offset_micros: u64) {}
}

#[allow(clippy::cast_precision_loss, reason = "a count of calls")]
fn measure(path: &Path, calls: usize, at_once: usize) -> Result<(), Failure> {
    let threads = std::thread::available_parallelism()?.get().min(at_once);
    let handler = Handler::load(path, &pooled()?)?;
    // The first calls fill the pools; they are not what is measured.
    for _ in 0..4 {
        handler.measure(calls.div_ceil(40), threads)?;
        #[cfg(target_os = "linux")]
        xwb_runner::settle_memories()?;
    }
    let started = Instant::now();
    let times = handler.measure(calls, threads)?;
    let seconds = started.elapsed().as_secs_f64();
    let micros = |percent: usize| {
        times.get(times.len() * percent / 100).map_or(0.0, |time| time.as_secs_f64() * 1e6)
    };
    let result = json!({
        "p50_us": micros(50),
        "p99_us": micros(99),
        "calls_per_s": (calls as f64 / seconds).round(),
    });
    println!("{result}");
    Ok(())
}

const USAGE: &str = "usage: xwb-bare <component.wasm> <calls> [concurrency]
       xwb-bare --count <bare|runner> <component.wasm> <calls>";

/// A number of calls or of threads.
fn at_least_one(text: &str) -> Result<usize, Failure> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| USAGE.into())
}

fn main() -> Result<(), Failure> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["--count", "bare", path, calls] => through_wasmtime(Path::new(path), at_least_one(calls)?),
        ["--count", "runner", path, calls] => through_runner(Path::new(path), at_least_one(calls)?),
        [path, calls] => measure(Path::new(path), at_least_one(calls)?, 1),
        [path, calls, at_once] => {
            measure(Path::new(path), at_least_one(calls)?, at_least_one(at_once)?)
        }
        _ => Err(USAGE.into()),
    }
}
