//! Runs: answers, limits, faults, cancel, panics, many at once.

use std::sync::Arc;
use std::time::Duration;

use crate::guest::{answer, echo, guest, secret_reader};
use crate::support::{Answers, TestHost, code, duration, engine, request, run, run_guest, within};
use serde_json::json;
use xwb_runner::{CancelToken, Limits, LogLevel};

const LOOP: &str = "(loop $again (br $again)) (unreachable)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_comes_back_and_none_differs_from_empty() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&echo()).unwrap().component;
    for body in [Some(Vec::new()), Some(vec![7; 1 << 20])] {
        let host = TestHost::new(Answers::Never);
        let outcome = component
            .execute(request(body.clone()), &Limits::default(), host, &CancelToken::new())
            .await
            .unwrap();
        assert_eq!(outcome.response.unwrap().body, body);
    }
    let empty = guest("(i32.store16 (i32.const 64) (i32.const 204)) (i32.const 64)");
    let response = run_guest(&empty, &Limits::default()).await.response.unwrap();
    assert_eq!((response.status, response.body), (204, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_loop_ends_at_its_limit_and_never_early() {
    let outcome = run_guest(&guest(LOOP), &within(200)).await;
    assert_eq!(code(&outcome), "guest.timeout");
    let limit = Duration::from_millis(200);
    assert!(duration(&outcome) >= limit, "{:?}", duration(&outcome));
    assert!(outcome.fault.unwrap().detail.starts_with("execute_failed: "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_waits_for_the_host_ends_at_its_limit() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&secret_reader()).unwrap().component;
    let outcome = run(&component, &within(100), TestHost::new(Answers::Never)).await;
    assert_eq!(code(&outcome), "guest.timeout");
    assert_eq!(outcome.host_calls[0].outcome, "interrupted");
    assert!(outcome.host_calls[0].duration_micros > 90_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_call_has_its_own_limit() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&secret_reader()).unwrap().component;
    let limits = Limits { host_call_timeout_ms: 20, ..within(60_000) };
    let outcome = run(&component, &limits, TestHost::new(Answers::Never)).await;
    assert_eq!(outcome.host_calls[0].outcome, "fault");
    let fault = outcome.fault.unwrap();
    assert_eq!(fault.code, "host.timeout");
    assert!(fault.message.contains("secrets.get") && fault.message.contains("20 ms"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_beyond_the_limit_is_refused_and_said() {
    let grow = "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) \
                (unreachable)";
    let limits = Limits { memory_mb: 8, ..Limits::default() };
    let outcome = run_guest(&guest(grow), &limits).await;
    let fault = outcome.fault.unwrap();
    assert_eq!(fault.code, "guest.memory");
    assert!(fault.message.contains("memory limit of 8 MiB"), "{}", fault.message);
    assert!(outcome.peak_memory_bytes <= 8 << 20 && outcome.peak_memory_bytes > 6 << 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn traps_have_codes_and_reasons() {
    let limits = Limits::default();
    let trap = run_guest(&guest("(unreachable)"), &limits).await.fault.unwrap();
    assert_eq!(trap.code, "guest.trap");
    assert!(trap.detail.contains("unreachable"), "{}", trap.detail);
    let outside = "(i32.load (i32.const 100000000))";
    let outside = run_guest(&guest(outside), &limits).await.fault.unwrap();
    assert!(outside.message.contains("out of bounds memory access"), "{}", outside.message);
    let overflow = run_guest(&guest("(call $recurse)"), &limits).await;
    assert_eq!(code(&overflow), "guest.stack_overflow");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_call_goes_out_and_comes_back() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&secret_reader()).unwrap().component;
    let host = TestHost::new(Answers::Value(json!({ "ok": "the value" })));
    let outcome = run(&component, &Limits::default(), Arc::clone(&host)).await;
    assert_eq!(outcome.response.unwrap().body.unwrap(), b"the value");
    let call = host.calls.lock().unwrap()[0].clone();
    assert_eq!((call.interface, call.function), ("secrets", "get"));
    assert_eq!(call.args, json!({ "key": "a secret key" }));
    assert_eq!(outcome.host_calls[0].outcome, "ok");

    let host = TestHost::new(Answers::Value(json!({ "err": "expired" })));
    let outcome = run(&component, &Limits::default(), host).await;
    let response = outcome.response.unwrap();
    assert_eq!((response.status, response.body.unwrap()), (500, vec![2]));
    assert_eq!(outcome.host_calls[0].outcome, "expired");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_host_that_fails_or_answers_nonsense_is_named() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&secret_reader()).unwrap().component;
    let host = TestHost::new(Answers::Fault("the store is closed"));
    let outcome = run(&component, &Limits::default(), host).await;
    assert_eq!(outcome.host_calls[0].outcome, "fault");
    let fault = outcome.fault.unwrap();
    assert_eq!(fault.code, "host.failed");
    assert!(fault.message.contains("secrets.get") && fault.message.contains("store is closed"));
    for nonsense in [json!(1), json!({ "err": "no such case" }), json!({ "ok": 1 }), json!({})] {
        let host = TestHost::new(Answers::Value(nonsense));
        let outcome = run(&component, &Limits::default(), host).await;
        assert_eq!(outcome.host_calls[0].outcome, "fault");
        let fault = outcome.fault.unwrap();
        assert_eq!(fault.code, "host.reply_shape");
        assert!(fault.message.contains("secrets.get"), "{}", fault.message);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn host_calls_and_responses_are_bounded() {
    let calls = "(loop $again (call $secrets_get (i32.const 1024) (i32.const 12) (i32.const 2048)) \
                 (br $again)) (unreachable)";
    let limits = Limits { max_host_calls: 5, ..Limits::default() };
    let outcome = run_guest(&guest(calls), &limits).await;
    assert_eq!((code(&outcome), outcome.host_calls.len()), ("guest.host_calls", 5));
    let limits = Limits { max_response_bytes: 11, ..Limits::default() };
    let outcome =
        run_guest(&guest(&answer(200, "(i32.const 1024)", "(i32.const 12)")), &limits).await;
    assert_eq!(code(&outcome), "guest.response_too_large");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logs_are_kept_passed_on_and_bounded() {
    let log = "(call $log_info (i32.const 1024) (i32.const 8))";
    let text = format!("{log} {log} {log} {}", answer(200, "(i32.const 0)", "(i32.const 0)"));
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&guest(&text)).unwrap().component;
    let host = TestHost::new(Answers::Never);
    let limits = Limits { max_log_bytes: 11, ..Limits::default() };
    let outcome = run(&component, &limits, Arc::clone(&host)).await;
    let messages: Vec<_> = outcome.logs.iter().map(|entry| entry.message.as_str()).collect();
    let dropped = "1 more log lines were dropped: a run may log 10000 lines and 11 bytes.";
    assert_eq!(messages, ["a secret", "a s", dropped]);
    assert_eq!(outcome.logs_dropped, 1);
    assert_eq!(host.logs.lock().unwrap()[0], (LogLevel::Info, String::from("a secret")));
    let limits = Limits { max_log_lines: 1, ..Limits::default() };
    let outcome = run(&component, &limits, host).await;
    assert_eq!((outcome.logs.len(), outcome.logs_dropped), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outcome_is_there_before_the_instance_is_gone() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&echo()).unwrap().component;
    let (host, cancel) = (TestHost::new(Answers::Never), CancelToken::new());
    let limits = Limits::default();
    let weak = Arc::downgrade(&host);
    let (outcome, remains) = component.execute_leaving(request(None), &limits, host, &cancel).await;
    assert!(outcome.unwrap().response.is_some());
    assert!(weak.strong_count() > 0, "the store still holds the host");
    drop(remains);
    assert_eq!(weak.strong_count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancel_ends_a_computing_and_a_waiting_guest() {
    let (engine, _folder) = engine();
    for bytes in [guest(LOOP), secret_reader()] {
        let component = engine.load_bytes(&bytes).unwrap().component;
        let token = CancelToken::new();
        let run = {
            let token = token.clone();
            tokio::spawn(async move {
                let host = TestHost::new(Answers::Never);
                component.execute(request(None), &Limits::default(), host, &token).await.unwrap()
            })
        };
        tokio::time::sleep(Duration::from_millis(50)).await;
        token.cancel();
        let outcome = run.await.unwrap();
        assert_eq!(code(&outcome), "guest.cancelled");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_becomes_a_coded_error_and_the_engine_lives_on() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&secret_reader()).unwrap().component;
    let host = TestHost::new(Answers::Panic);
    let failed = component
        .execute(request(None), &Limits::default(), host, &CancelToken::new())
        .await
        .unwrap_err();
    assert_eq!(failed.code(), "native.panic");
    assert!(failed.to_string().contains("the host panicked"));
    let host = TestHost::new(Answers::Value(json!({ "ok": "fine" })));
    assert!(run(&component, &Limits::default(), host).await.response.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_runs_at_once_keep_apart_and_loops_do_not_starve_them() {
    let (engine, _folder) = engine();
    let echo = engine.load_bytes(&echo()).unwrap().component;
    let looping = engine.load_bytes(&guest(LOOP)).unwrap().component;
    let loops: Vec<_> = (0..4)
        .map(|_| {
            let looping = looping.clone();
            tokio::spawn(
                async move { run(&looping, &within(400), TestHost::new(Answers::Never)).await },
            )
        })
        .collect();
    let echoes: Vec<_> = (0..100_u8)
        .map(|mark| {
            let echo = echo.clone();
            tokio::spawn(async move {
                let host = TestHost::new(Answers::Never);
                let body = Some(vec![mark; 1000]);
                let cancel = CancelToken::new();
                let limits = Limits::default();
                let outcome = echo.execute(request(body), &limits, host, &cancel).await.unwrap();
                assert_eq!(outcome.response.unwrap().body.unwrap(), vec![mark; 1000]);
            })
        })
        .collect();
    for echo in echoes {
        echo.await.unwrap();
    }
    for looping in loops {
        assert_eq!(code(&looping.await.unwrap()), "guest.timeout");
    }
}

#[tokio::test]
async fn senseless_limits_are_refused() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&echo()).unwrap().component;
    let huge = Limits { memory_mb: 100_000, ..Limits::default() };
    for limits in [within(0), within(u64::MAX), huge] {
        let host = TestHost::new(Answers::Never);
        let refused = component.execute(request(None), &limits, host, &CancelToken::new()).await;
        assert_eq!(refused.unwrap_err().code(), "request.limits");
    }
}
