//! Instances made ahead of their runs: no run can tell.

use serde_json::json;
use xwb_runner::{CancelToken, Component, Limits, Outcome};

use crate::guest::{answer, component, echo, guest_with, text};
use crate::support::{Answers, TestHost, code, engine, request, run, within};

/// Answers how often this instance was called.
fn counter() -> Vec<u8> {
    let count = "(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
        (i32.store8 (i32.const 2048) (global.get $calls))";
    let handler = format!("{count}{}", answer(200, "(i32.const 2048)", "(i32.const 1)"));
    guest_with("(global $calls (mut i32) (i32.const 0))", &handler)
}

async fn run_ready(component: &Component, limits: &Limits) -> Outcome {
    component.make_ready(limits).await;
    let host = TestHost::new(Answers::Value(json!({ "ok": "value" })));
    run(component, limits, host).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_run_has_an_instance_of_its_own() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&counter()).unwrap().component;
    let other = engine.load_bytes(&echo()).unwrap().component;
    let limits = Limits::default();
    for _ in 0..3 {
        let outcome = run_ready(&component, &limits).await;
        assert_eq!(outcome.response.unwrap().body, Some(vec![1]));
        assert!(outcome.peak_memory_bytes >= 65_536);
    }
    component.make_ready(&limits).await;
    let outcome = run(&other, &limits, TestHost::new(Answers::Never)).await;
    assert_eq!(outcome.response.unwrap().body, Some(Vec::new()));
}

/// Runs and leaves the memory to whoever comes next.
async fn run_leaving(component: &Component, limits: &Limits) -> Option<Vec<u8>> {
    let (host, cancel) = (TestHost::new(Answers::Never), CancelToken::new());
    let request = request(None);
    let (outcome, remains) = component.execute_leaving(request, limits, host, &cancel).await;
    drop(remains.unwrap().leave());
    outcome.unwrap().response.unwrap().body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_run_finds_what_another_left() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&counter()).unwrap().component;
    let other = engine.load_bytes(&echo()).unwrap().component;
    let limits = Limits::default();
    for _ in 0..3 {
        assert_eq!(run_leaving(&component, &limits).await, Some(vec![1]));
        assert_eq!(run_leaving(&component, &limits).await, Some(vec![1]));
        engine.tidy().await;
        assert_eq!(run_leaving(&component, &limits).await, Some(vec![1]));
        assert_eq!(run_leaving(&other, &limits).await, Some(Vec::new()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_keeps_nobody_waiting() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&counter()).unwrap().component;
    let runs = (0..3 * engine.info().max_concurrent).map(|_| {
        let component = component.clone();
        tokio::spawn(async move { run_leaving(&component, &Limits::default()).await })
    });
    for run in runs.collect::<Vec<_>>() {
        assert_eq!(run.await.unwrap(), Some(vec![1]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_has_its_own_limits_whatever_was_ready() {
    let (engine, _folder) = engine();
    let big = guest_with("(memory $more 32)", &answer(200, "(i32.const 0)", "(i32.const 0)"));
    let component = engine.load_bytes(&big).unwrap().component;
    component.make_ready(&Limits::default()).await;
    let limits = Limits { memory_mb: 1, ..Limits::default() };
    let outcome = run(&component, &limits, TestHost::new(Answers::Never)).await;
    assert_eq!(code(&outcome), "guest.memory");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_logs_as_it_starts_logs_in_its_run() {
    let (engine, _folder) = engine();
    let start = "(start $hello) (func $hello (call $log_info (i32.const 1024) (i32.const 12)))";
    let inner = text(start, &answer(200, "(i32.const 0)", "(i32.const 0)"));
    let component = engine.load_bytes(&component(&inner)).unwrap().component;
    for _ in 0..2 {
        let outcome = run_ready(&component, &Limits::default()).await;
        assert_eq!(outcome.logs.len(), 1, "{:?}", outcome.fault);
        assert!(outcome.logs[0].offset_micros <= outcome.duration_micros);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_asks_the_host_as_it_starts_is_answered_in_its_run() {
    let (engine, _folder) = engine();
    let start = "(start $ask)
        (func $ask (call $secrets_get (i32.const 1024) (i32.const 12) (i32.const 2048)))";
    let inner = text(start, &answer(200, "(i32.const 0)", "(i32.const 0)"));
    let component = engine.load_bytes(&component(&inner)).unwrap().component;
    for _ in 0..2 {
        let outcome = run_ready(&component, &Limits::default()).await;
        assert!(outcome.response.is_some(), "{:?}", outcome.fault);
        assert_eq!(outcome.host_calls.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_never_starts_ends_at_its_runs_limit() {
    let (engine, _folder) = engine();
    let inner = text("(start $spin) (func $spin (loop (br 0)))", "(unreachable)");
    let component = engine.load_bytes(&component(&inner)).unwrap().component;
    for _ in 0..2 {
        assert_eq!(code(&run_ready(&component, &within(100)).await), "guest.timeout");
    }
}
