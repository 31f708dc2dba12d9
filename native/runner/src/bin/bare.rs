//! `xwb-bare <component.wasm> <calls> [concurrency]`: calls a handler with Wasmtime and nothing
//! else, and prints `{"p50_us":…,"p99_us":…,"calls_per_s":…}`: what the runner is measured by.
//!
//! A fresh store for each call as in the runner, and the same compiled code, with the checks
//! that a time limit needs. But no limits, no recording, no host functions beyond WASI and no
//! hop between threads: calls are plain function calls, on as many threads as there are
//! processors. The host functions of the world trap.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use wasmtime::component::{Component, ComponentExportIndex, InstancePre, Linker, ResourceTable};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use xwb_runner::types::{ContextData, ExecuteRequest, ExecuteResponse, HttpRequest};
use xwb_runner::{CompiledCache, Lookup};

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
    fn load(path: &Path) -> Result<Self, Failure> {
        let engine = Engine::new(&config())?;
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
fn config() -> Config {
    let mut pool = PoolingAllocationConfig::default();
    pool.max_memory_size(1 << 30)
        .max_unused_warm_slots(16)
        .linear_memory_keep_resident(16 << 20)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    let mut config = Config::new();
    config.epoch_interruption(true).allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

#[allow(unsafe_code, reason = "mapping compiled code, which the cache has checked")]
fn compiled(engine: &Engine, path: &Path) -> Result<Component, Failure> {
    let bytes = std::fs::read(path)?;
    let key = blake3::hash(&bytes).to_hex();
    let folder = std::env::temp_dir().join("xwb-bare-cache");
    let cache = CompiledCache::open(&folder, 256 << 20, engine, "xwb-bare")?;
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
    let threads = std::thread::available_parallelism()?.get().min(at_once);
    let handler = Handler::load(Path::new(&path))?;
    // The first calls fill the pools; they are not what is measured.
    handler.measure(calls.div_ceil(10), threads)?;
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
