//! Runs for a caller with one thread: where they run, and what it hears of them.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::channel;

use futures_util::FutureExt as _;
use xwb_runner::{
    Engine, Error, Event, HostFault, HostReply, Limits, Listener, NewRun, Outcome, Started,
};

use crate::caller::{Caller, body, only_call, only_end, undisturbed, value, waiting};
use crate::guest::{answer, echo, guest, secret_reader};
use crate::support::{code, within};

const LOOP: &str = "(loop $again (br $again)) (unreachable)";
const LOG: &str = "(call $log_info (i32.const 1024) (i32.const 8))";

#[test]
fn a_run_that_is_alone_ends_where_it_was_started() {
    let (caller, run, events) = undisturbed(|caller| {
        let Started { run, events } = caller.start(&echo());
        (!events.is_empty()).then_some((caller, run, events))
    });
    assert_eq!(body(only_end(run, events)), b"a body");
    assert!(!caller.was_told() && caller.inbox.take().is_empty(), "start gave it");
}

#[test]
fn a_run_that_is_alone_goes_on_where_it_is_answered() {
    let (caller, run, events) = undisturbed(|caller| {
        let (run, call) = caller.ask();
        let events = caller.runs.answer(call, Ok(value("the value")));
        (!events.is_empty() && !caller.was_told()).then_some((caller, run, events))
    });
    assert_eq!(body(only_end(run, events)), b"the value");
    assert!(caller.inbox.take().is_empty(), "answer gave it");
}

#[test]
fn runs_beside_others_go_to_workers_and_are_told_of_in_one_batch() {
    let (mut caller, run, call) = waiting();
    let beside = [caller.start(&echo()), caller.start(&echo()), caller.start_beside(&echo())];
    assert!(beside.iter().all(|started| started.events.is_empty()), "nobody works yet");
    let ended: HashSet<_> = caller.hear().into_iter().map(ended_well).collect();
    assert_eq!(ended, beside.map(|started| started.run).into());
    assert_eq!(body(caller.answered((run, call), Ok(value("late")))), b"late");
}

/// The run of an event that is a good end.
fn ended_well(event: Event) -> u32 {
    match event {
        Event::Ended { run, ended } if matches!(*ended, Ok(Outcome { fault: None, .. })) => run,
        other => panic!("not a good end: {other:?}"),
    }
}

#[test]
fn a_run_that_was_not_started_alone_goes_to_a_worker() {
    let mut caller = Caller::new();
    let Started { run, events } = caller.start_beside(&echo());
    assert!(events.is_empty());
    assert_eq!(body(only_end(run, caller.hear())), b"a body");
}

#[test]
fn a_run_on_a_worker_is_answered_there() {
    let mut caller = Caller::new();
    let Started { run, events } = caller.start_beside(&secret_reader());
    let call = only_call(run, &caller.or_next(events));
    assert!(caller.was_told());
    assert!(caller.runs.answer(call, Ok(value("the value"))).is_empty());
    assert_eq!(body(only_end(run, caller.hear())), b"the value");
}

#[test]
fn a_long_run_leaves_its_callers_thread() {
    let mut caller = Caller::new();
    let Started { run, events } = caller.start(&guest(LOOP));
    assert!(events.is_empty(), "it is not over, and yet its caller goes on");
    assert_eq!(caller.handed_over(), 1);
    caller.runs.cancel(run);
    assert_eq!(code(&only_end(run, caller.hear()).unwrap()), "guest.cancelled");
}

#[test]
fn cancel_ends_a_waiting_run_on_a_worker_and_its_answer_comes_to_nothing() {
    let (mut caller, run, call) = waiting();
    assert_eq!(caller.handed_over(), 0);
    caller.runs.cancel(run);
    assert_eq!((caller.handed_over(), caller.inbox.take().len()), (1, 0), "nobody works yet");
    assert_eq!(code(&only_end(run, caller.hear()).unwrap()), "guest.cancelled");

    assert!(caller.runs.answer(call, Ok(value("too late"))).is_empty());
    caller.runs.cancel(run);
    caller.work();
    assert!(!caller.was_told() && caller.inbox.take().is_empty());
}

#[test]
fn a_waiting_run_ends_at_its_limit() {
    let caller = Caller::new();
    let new = NewRun { limits: within(200), ..caller.new_run(&secret_reader()) };
    let Started { run, mut events } = caller.runs.start(new);
    while !matches!(events.last(), Some(Event::Ended { .. })) {
        events.extend(caller.or_next(Vec::new()));
    }
    let end = events.split_off(1);
    only_call(run, &events);
    assert_eq!(code(&only_end(run, end).unwrap()), "guest.timeout");
}

#[test]
fn a_run_may_be_cancelled_before_it_begins() {
    let caller = Caller::new();
    let new = NewRun { cancelled: true, ..caller.new_run(&guest(LOOP)) };
    let Started { run, events } = caller.runs.start(new);
    assert_eq!(code(&only_end(run, events).unwrap()), "guest.cancelled");
}

#[test]
fn what_keeps_a_run_from_beginning_is_its_end() {
    let caller = Caller::new();
    let new = NewRun { limits: within(0), ..caller.new_run(&echo()) };
    let Started { run, events } = caller.runs.start(new);
    assert_eq!(only_end(run, events).unwrap_err().code(), "request.limits");
}

#[test]
fn logs_come_before_the_end_in_order() {
    let text = format!("{LOG} {LOG} {}", answer(200, "(i32.const 0)", "(i32.const 0)"));
    let mut caller = Caller::new();
    let run = caller.start_beside(&guest(&text)).run;
    let mut events = caller.hear();
    assert_eq!(ended_well(events.pop().unwrap()), run);
    let is_log = |event: &Event| matches!(event, Event::Log { run: of, message, .. } if *of == run && message == "a secret");
    assert!(events.len() == 2 && events.iter().all(is_log), "{events:?}");
}

#[test]
fn answers_that_fail_or_are_no_json_end_a_run() {
    let caller = Caller::new();
    let failed = Err(HostFault { message: String::from("the store is closed") });
    let no_json = HostReply::from_json("{", None);
    for (answer, why) in [(failed, "store is closed"), (no_json, "valueJson is not JSON")] {
        let fault = caller.answered(caller.ask(), answer).unwrap().fault.unwrap();
        assert_eq!(fault.code, "host.failed");
        assert!(fault.message.contains(why), "{}", fault.message);
    }
}

#[test]
fn a_call_is_answered_once() {
    let caller = Caller::new();
    let (run, call) = caller.ask();
    assert!(caller.runs.answer(call + 1, Ok(value("to nobody"))).is_empty());
    assert_eq!(body(caller.answered((run, call), Ok(value("once")))), b"once");
    assert!(caller.runs.answer(call, Ok(value("twice"))).is_empty());
}

#[test]
fn runs_and_calls_have_numbers_of_their_own() {
    let caller = Caller::new();
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let (run, call) = caller.ask();
        let Started { run: beside, events } = caller.start_beside(&echo());
        assert_eq!(ended_well(caller.or_next(events).remove(0)), beside);
        assert_eq!(body(caller.answered((run, call), Ok(value("a value")))), b"a value");
        numbers.extend([run, call, beside]);
    }
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len(), "{numbers:?}");
}

/// A caller whose listener panics whenever it is called.
fn panicking() -> Caller {
    Caller::with_listener(|_| Box::new(|| panic!("the listener panicked")), channel().1)
}

fn assert_panicked(ended: &Result<Outcome, Error>) {
    match ended {
        Err(Error::Panic(text)) => assert_eq!(text, "the listener panicked"),
        other => panic!("no panic: {other:?}"),
    }
}

#[test]
fn a_panic_in_the_host_is_the_end_of_the_run() {
    let mut caller = panicking();
    let run = caller.start_beside(&secret_reader()).run;
    caller.work();
    let mut events = caller.inbox.take();
    let end = events.split_off(1);
    let call = only_call(run, &events);
    assert_panicked(&only_end(run, end));
    assert!(caller.runs.answer(call, Ok(value("too late"))).is_empty());
    let Started { run, events } = caller.start(&echo());
    assert_eq!(body(only_end(run, caller.or_next(events))), b"a body", "the engine lives on");
}

#[test]
fn a_panic_after_the_guest_is_the_end_of_the_run() {
    // That lines were dropped is logged when the guest is gone.
    let text = format!("{LOG} {}", answer(200, "(i32.const 0)", "(i32.const 0)"));
    let mut caller = panicking();
    let limits = Limits { max_log_lines: 0, ..Limits::default() };
    let new = NewRun { alone: false, limits, ..caller.new_run(&guest(&text)) };
    let run = caller.runs.start(new).run;
    caller.work();
    let mut events = caller.inbox.take();
    let end = events.split_off(1);
    assert!(matches!(events[0], Event::Log { .. }));
    assert_panicked(&only_end(run, end));
}

#[test]
fn what_a_run_leaves_is_there_to_tidy_when_its_end_is_told() {
    let tidy = |engine: &Engine| -> Listener {
        let engine = engine.clone();
        Box::new(move || {
            // It need not get as far as making the next instance.
            let _ = engine.tidy().now_or_never();
        })
    };
    let mut caller = Caller::with_listener(tidy, channel().1);
    let run = caller.start_beside(&echo()).run;
    caller.work();
    assert_eq!(body(only_end(run, caller.inbox.take())), b"a body");
    assert_eq!(Arc::strong_count(&caller.runs), 1, "the instance, and with it its host, is gone");
}

#[test]
fn a_worker_tidies_up() {
    let mut caller = Caller::new();
    let run = caller.start_beside(&echo()).run;
    assert_eq!(body(only_end(run, caller.hear())), b"a body");
    caller.runs.tidy(&caller.engine);
    assert!(Arc::strong_count(&caller.runs) > 1, "the instance still has its host");
    caller.work();
    assert_eq!(Arc::strong_count(&caller.runs), 1);
}
