//! Runs that are under way, and the one function that hears of them.
//!
//! JavaScript is told of everything by one call for each batch: a function of its own for each
//! run would cost more than many a run.

use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use napi::Status;
use napi::bindgen_prelude::{FnArgs, Function};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use tokio::sync::oneshot;
use xwb_runner::{BoxFuture, CancelToken, Error, Host, HostCall, HostFault, HostReply, LogLevel};

use crate::event::{self, Event, RunEvent};

/// The arguments of the function that hears of runs.
pub(crate) type Heard = FnArgs<(Vec<RunEvent>,)>;
/// Does not keep the process alive.
type Listener = ThreadsafeFunction<(), (), Heard, Status, false, true>;
type Answer = Result<HostReply, HostFault>;

/// All runs of an engine.
pub(crate) struct Runs {
    listener: Listener,
    /// What JavaScript has not heard yet.
    news: Arc<Mutex<Vec<Event>>>,
    last_id: AtomicU32,
    running: Mutex<HashMap<u32, CancelToken>>,
    asked: Mutex<HashMap<u32, oneshot::Sender<Answer>>>,
}

impl Runs {
    pub(crate) fn new(hear: &Function<'_, Heard, ()>) -> napi::Result<Arc<Self>> {
        let news = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&news);
        let listener = hear.build_threadsafe_function::<()>().weak::<true>().build_callback(
            move |_context| {
                let batch = std::mem::take(&mut *lock(&heard));
                let batch = batch.into_iter().map(event::to_js).collect::<Vec<_>>();
                Ok(FnArgs::from((batch,)))
            },
        )?;
        let (running, asked) = (Mutex::default(), Mutex::default());
        Ok(Arc::new(Self { listener, news, last_id: AtomicU32::new(0), running, asked }))
    }

    /// Starts a run; gives the number under which JavaScript hears of it and may cancel it.
    pub(crate) fn start<F>(
        self: &Arc<Self>,
        run: impl FnOnce(Arc<dyn Host>, CancelToken, Teller) -> F,
    ) -> u32
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (id, cancel) = (self.next_id(), CancelToken::new());
        lock(&self.running).insert(id, cancel.clone());
        let host = Arc::new(JsHost { runs: Arc::clone(self), run: id });
        let work = run(host, cancel, Teller { runs: Arc::clone(self), run: id });
        let runs = Arc::clone(self);
        napi::bindgen_prelude::spawn(async move {
            if let Err(panic) = AssertUnwindSafe(work).catch_unwind().await {
                runs.ended(id, Err(Error::from_panic(panic.as_ref())));
            }
        });
        id
    }

    /// Ends a run; one that is over already is left alone.
    pub(crate) fn cancel(&self, run: u32) {
        let token = lock(&self.running).get(&run).cloned();
        if let Some(token) = token {
            token.cancel();
        }
    }

    /// Answers a host call; nobody waits any more for one whose run is over.
    pub(crate) fn answer(&self, call: u32, answer: Answer) {
        let asked = lock(&self.asked).remove(&call);
        if let Some(asked) = asked {
            // The run may end at this very moment.
            let _ = asked.send(answer);
        }
    }

    fn next_id(&self) -> u32 {
        self.last_id.fetch_add(1, Ordering::Relaxed)
    }

    fn ended(&self, run: u32, ended: Result<xwb_runner::Outcome, Error>) {
        if lock(&self.running).remove(&run).is_some() {
            self.tell(Event::Ended { run, ended: Box::new(ended) });
        }
    }

    fn tell(&self, event: Event) {
        let first = {
            let mut news = lock(&self.news);
            news.push(event);
            news.len() == 1
        };
        // Who finds news waiting knows that JavaScript was called already.
        if first {
            self.listener.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

/// Tells JavaScript how a run ended.
pub(crate) struct Teller {
    runs: Arc<Runs>,
    run: u32,
}

impl Teller {
    pub(crate) fn tell(self, ended: Result<xwb_runner::Outcome, Error>) {
        self.runs.ended(self.run, ended);
    }
}

/// Passes the host calls of one run to JavaScript.
struct JsHost {
    runs: Arc<Runs>,
    run: u32,
}

impl Host for JsHost {
    fn call(&self, call: HostCall) -> BoxFuture<Answer> {
        let (runs, run) = (Arc::clone(&self.runs), self.run);
        Box::pin(async move {
            let (sender, answer) = oneshot::channel();
            let id = runs.next_id();
            lock(&runs.asked).insert(id, sender);
            let asked = Asked { runs: &runs, id };
            runs.tell(Event::Call { run, id, call });
            let answer = answer.await;
            drop(asked);
            answer.unwrap_or_else(|_closed| {
                Err(HostFault { message: String::from("nobody answered") })
            })
        })
    }

    fn log(&self, level: LogLevel, message: &str, offset_micros: u64) {
        let (run, message) = (self.run, message.to_owned());
        self.runs.tell(Event::Log { run, level, message, offset_micros });
    }
}

/// A call that waits; forgotten when the run ends before its answer.
struct Asked<'a> {
    runs: &'a Runs,
    id: u32,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        lock(&self.runs.asked).remove(&self.id);
    }
}

/// A panic elsewhere leaves these maps usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
