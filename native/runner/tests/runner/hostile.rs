//! Guests that mean harm: each ends as it must, the host lives on and the next run is right.
//!
//! Each is run a few times; `XWB_HOSTILE_RUNS=1000` makes it a thousand.

use std::sync::Arc;

use serde_json::json;
use xwb_runner::types::ExecuteResponse;
use xwb_runner::{Component, Engine, Limits};

use crate::guest::{answer, component, echo, guest, guest_with, secret_reader, text};
use crate::support::{Answers, TestHost, code, engine, run, within};

fn times() -> usize {
    std::env::var("XWB_HOSTILE_RUNS").map_or(3, |text| text.parse().expect("a number of runs"))
}

fn load(engine: &Engine, bytes: &[u8]) -> Component {
    engine.load_bytes(bytes).unwrap().component
}

fn friendly() -> Arc<TestHost> {
    TestHost::new(Answers::Value(json!({ "ok": "value" })))
}

/// Runs a guest again and again, each time with a harmless one after it.
async fn attack(bytes: &[u8], limits: &Limits, expected: &str, says: &str) {
    let (engine, _folder) = engine();
    let (hostile, harmless) = (load(&engine, bytes), load(&engine, &echo()));
    for _ in 0..times() {
        let outcome = run(&hostile, limits, friendly()).await;
        assert_eq!(code(&outcome), expected, "{:?}", outcome.fault);
        let message = outcome.fault.map_or_else(String::new, |fault| fault.message);
        assert!(message.contains(says), "{message}");
        let next = run(&harmless, &Limits::default(), friendly()).await;
        assert_eq!(next.response.map(|ExecuteResponse { status, .. }| status), Some(200));
    }
}

/// Core WAT: `what`, for ever.
fn forever(what: &str) -> Vec<u8> {
    guest(&format!("(loop $again {what} (br $again)) (unreachable)"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_bomb() {
    let bomb = "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) \
                (unreachable)";
    let limits = Limits { memory_mb: 32, ..within(5_000) };
    attack(&guest(bomb), &limits, "guest.memory", "memory limit of 32 MiB").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn table_bomb() {
    let bomb = "(loop $again (br_if $again (i32.ne \
                  (table.grow $bomb (ref.null func) (i32.const 4096)) (i32.const -1)))) (unreachable)";
    let bytes = guest_with("(table $bomb 1 funcref)", bomb);
    let limits = Limits { max_table_elements: 50_000, ..within(5_000) };
    attack(&bytes, &limits, "guest.table", "limit of 50000 table elements").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_instances() {
    let instances = "(core instance (instantiate $m))".repeat(60);
    let rest = text("", &answer(200, "(i32.const 0)", "(i32.const 0)"));
    let bytes = component(&format!("(core module $m) {instances} {rest}"));
    attack(&bytes, &within(5_000), "guest.instances", "the limit is 50 instances").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deep_recursion() {
    attack(&guest("(call $recurse)"), &within(5_000), "guest.stack_overflow", "stack").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn endless_loop() {
    attack(&forever(""), &within(20), "guest.timeout", "20 ms").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn host_call_flood() {
    let call = "(call $secrets_get (i32.const 1024) (i32.const 12) (i32.const 2048))";
    let limits = Limits { max_host_calls: 100, ..within(5_000) };
    attack(&forever(call), &limits, "guest.host_calls", "100 allowed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn giant_log() {
    let (engine, _folder) = engine();
    let text = format!(
        "(drop (memory.grow (i32.const 320)))
         (memory.fill (i32.const 65536) (i32.const 65) (i32.const 20000000))
         (local.set $a (i32.const 0))
         (loop $again
           (call $log_info (i32.const 65536) (i32.const 20000000))
           (local.set $a (i32.add (local.get $a) (i32.const 1)))
           (br_if $again (i32.lt_u (local.get $a) (i32.const 3))))
         {}",
        answer(200, "(i32.const 0)", "(i32.const 0)")
    );
    let giant = load(&engine, &guest(&text));
    for _ in 0..times() {
        let outcome = run(&giant, &within(5_000), friendly()).await;
        assert_eq!(code(&outcome), "");
        let kept: usize = outcome.logs.iter().map(|entry| entry.message.len()).sum();
        assert!(kept < (1 << 20) + 200, "{kept}");
        assert_eq!(outcome.logs_dropped, 2);
        assert!(outcome.logs[1].message.starts_with("2 more log lines were dropped"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn giant_strings_and_responses() {
    let grown = "(drop (memory.grow (i32.const 1600)))";
    let log = format!("{grown} (call $log_info (i32.const 0) (i32.const 100000000)) (unreachable)");
    attack(&guest(&log), &within(5_000), "guest.transfer_too_large", "67108864 bytes").await;
    let body = format!("{grown} {}", answer(200, "(i32.const 0)", "(i32.const 40000000)"));
    attack(&guest(&body), &within(5_000), "guest.response_too_large", "40000000 bytes").await;
    let body = format!("{grown} {}", answer(200, "(i32.const 0)", "(i32.const 100000000)"));
    attack(&guest(&body), &within(5_000), "guest.transfer_too_large", "67108864 bytes").await;
    let headers = |count: u32| {
        format!(
            "{grown} (i32.store16 (i32.const 64) (i32.const 200))
             (i32.store (i32.const 68) (i32.const 65536))
             (i32.store (i32.const 72) (i32.const {count})) (i32.const 64)"
        )
    };
    let many = guest(&headers(20_000));
    attack(&many, &within(5_000), "guest.response_too_large", "20000 headers").await;
    let giant = guest(&headers(6_000_000));
    attack(&giant, &within(5_000), "guest.transfer_too_large", "67108864 bytes").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strings_that_are_no_utf_8() {
    // A stray byte, a surrogate, an overlong form, a cut sequence.
    for bytes in ["\\ff\\ff\\ff", "\\ed\\a0\\80", "\\c0\\80a", "ab\\e2"] {
        let data = format!("(data (i32.const 3000) \"{bytes}\")");
        for passed in [
            "(call $secrets_get (i32.const 3000) (i32.const 3) (i32.const 2048)) (unreachable)",
            "(call $log_info (i32.const 3000) (i32.const 3)) (unreachable)",
            "(i32.store16 (i32.const 64) (i32.const 200)) (i32.store (i32.const 68) (i32.const 128))
             (i32.store (i32.const 72) (i32.const 1)) (i32.store (i32.const 128) (i32.const 3000))
             (i32.store (i32.const 132) (i32.const 3)) (i32.const 64)",
            "(i32.store16 (i32.const 64) (i32.const 200)) (i32.store (i32.const 68) (i32.const 128))
             (i32.store (i32.const 72) (i32.const 1)) (i32.store (i32.const 136) (i32.const 3000))
             (i32.store (i32.const 140) (i32.const 3)) (i32.const 64)",
        ] {
            let bytes = guest_with(&data, passed);
            attack(&bytes, &within(5_000), "guest.failed", "utf-8").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guest_that_blocks_in_a_host_call() {
    let (engine, _folder) = engine();
    let (blocked, harmless) = (load(&engine, &secret_reader()), load(&engine, &echo()));
    for _ in 0..times() {
        let outcome = run(&blocked, &within(10), TestHost::new(Answers::Never)).await;
        assert_eq!(code(&outcome), "guest.timeout");
        assert!(run(&harmless, &within(5_000), friendly()).await.response.is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_holds_beside_many_loops() {
    let (engine, _folder) = engine();
    let looping = load(&engine, &forever(""));
    let others: Vec<_> = (0..63)
        .map(|_| {
            let looping = looping.clone();
            tokio::spawn(async move { run(&looping, &within(600), friendly()).await })
        })
        .collect();
    let outcome = run(&looping, &within(200), friendly()).await;
    assert_eq!(code(&outcome), "guest.timeout");
    assert!(outcome.duration_micros >= 200_000, "never early");
    for other in others {
        assert_eq!(code(&other.await.unwrap()), "guest.timeout");
    }
}
