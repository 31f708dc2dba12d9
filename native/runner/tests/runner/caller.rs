//! A caller of runs. Its workers work only when a test lets them, so that what has happened before
//! was done on the caller's own thread.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, ThreadId};

use serde_json::json;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use xwb_runner::{
    Engine, Error, Event, HostFault, HostReply, Inbox, Listener, NewRun, Outcome, Runs, Started,
};

use crate::guest::secret_reader;
use crate::support::{engine, request, within};

/// A caller of runs and what it needs.
pub struct Caller {
    pub runs: Arc<Runs>,
    pub inbox: Inbox,
    /// The threads on which the caller was told that there is something in its inbox.
    told: Receiver<ThreadId>,
    workers: Runtime,
    pub engine: Engine,
    _folder: TempDir,
}

impl Caller {
    pub fn new() -> Self {
        let (tell, told) = channel();
        let listener: Listener = Box::new(move || tell.send(thread::current().id()).unwrap());
        Self::with_listener(|_| listener, told)
    }

    pub fn with_listener(
        listener: impl FnOnce(&Engine) -> Listener,
        told: Receiver<ThreadId>,
    ) -> Self {
        let workers = Builder::new_current_thread().enable_all().build().unwrap();
        let (engine, folder) = engine();
        let inbox = Inbox::default();
        let listener = listener(&engine);
        let runs = Runs::new(workers.handle().clone(), inbox.clone(), listener);
        Self { runs, inbox, told, workers, engine, _folder: folder }
    }

    /// A run that is alone as far as its caller knows.
    pub fn new_run(&self, bytes: &[u8]) -> NewRun {
        NewRun {
            component: self.engine.load_bytes(bytes).unwrap().component,
            request: request(Some(b"a body".to_vec())),
            limits: within(60_000),
            alone: true,
            cancelled: false,
        }
    }

    pub fn start(&self, bytes: &[u8]) -> Started {
        self.runs.start(self.new_run(bytes))
    }

    pub fn start_beside(&self, bytes: &[u8]) -> Started {
        self.runs.start(NewRun { alone: false, ..self.new_run(bytes) })
    }

    pub fn was_told(&self) -> bool {
        self.told.try_recv().is_ok()
    }

    /// What waits for workers, or on them.
    pub fn handed_over(&self) -> usize {
        self.workers.metrics().num_alive_tasks()
    }

    /// Lets workers work, on a thread of their own, until nothing is left for them.
    pub fn work(&mut self) -> ThreadId {
        let (workers, metrics) = (&self.workers, self.workers.metrics());
        let work = || {
            workers.block_on(async {
                while metrics.num_alive_tasks() > 0 {
                    yield_now().await;
                }
            });
            thread::current().id()
        };
        thread::scope(|scope| scope.spawn(work).join().unwrap())
    }

    /// Lets workers work, and gives what the caller was told of, once and on their thread.
    pub fn hear(&mut self) -> Vec<Event> {
        let worker = self.work();
        assert_eq!(self.told.try_recv(), Ok(worker));
        assert!(!self.was_told(), "once is enough");
        self.inbox.take()
    }

    /// Lets workers work until there are events, if there are none.
    pub fn or_next(&self, events: Vec<Event>) -> Vec<Event> {
        let mut events = events;
        self.workers.block_on(async {
            while events.is_empty() {
                yield_now().await;
                events = self.inbox.take();
            }
        });
        events
    }

    /// Starts a guest that asks; gives the numbers of run and call.
    pub fn ask(&self) -> (u32, u32) {
        let Started { run, events } = self.start(&secret_reader());
        (run, only_call(run, &self.or_next(events)))
    }

    /// Answers the last call of a run; gives its end, wherever that came.
    pub fn answered(
        &self,
        (run, call): (u32, u32),
        answer: Result<HostReply, HostFault>,
    ) -> Result<Outcome, Error> {
        only_end(run, self.or_next(self.runs.answer(call, answer)))
    }
}

/// A thread that loses its processor for longer than a turn sees its run move to a worker, as it
/// should; but not every time.
pub fn undisturbed<T>(attempt: impl Fn(Caller) -> Option<T>) -> T {
    (0..100).find_map(|_| attempt(Caller::new())).expect("it stays on its caller's thread")
}

/// A run that waits on its caller's thread, with the number of its call.
pub fn waiting() -> (Caller, u32, u32) {
    undisturbed(|caller| {
        let Started { run, events } = caller.start(&secret_reader());
        let call = (!events.is_empty()).then(|| only_call(run, &events));
        call.map(|call| (caller, run, call))
    })
}

/// An answer of the host.
pub fn value(text: &str) -> HostReply {
    HostReply { value: json!({ "ok": text }), bytes: None }
}

/// The only event, which is a call: its number.
pub fn only_call(run: u32, events: &[Event]) -> u32 {
    match events {
        [Event::Call { run: of, id, call }] if *of == run => {
            assert_eq!((call.interface, call.function), ("secrets", "get"));
            *id
        }
        other => panic!("not one call of run {run}: {other:?}"),
    }
}

/// The only event, which is the end of this run.
pub fn only_end(run: u32, events: Vec<Event>) -> Result<Outcome, Error> {
    match <[Event; 1]>::try_from(events) {
        Ok([Event::Ended { run: of, ended }]) if of == run => *ended,
        other => panic!("not just the end of run {run}: {other:?}"),
    }
}

pub fn body(ended: Result<Outcome, Error>) -> Vec<u8> {
    ended.unwrap().response.unwrap().body.unwrap()
}
