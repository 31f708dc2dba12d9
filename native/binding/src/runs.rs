//! Runs that are under way, and the one function that hears of them.
//!
//! JavaScript is told of everything by one call for each batch: a function of its own for each
//! run would cost more than many a run.

use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

use futures_util::FutureExt as _;
use napi::Status;
use napi::bindgen_prelude::{FnArgs, Function, spawn, within_runtime_if_available};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use tokio::sync::oneshot;
use xwb_runner::types::ExecuteRequest;
use xwb_runner::{
    BoxFuture, CancelToken, Component, Error, Host, HostCall, HostFault, HostReply, Limits,
    LogLevel, Outcome, Remains,
};

use crate::event::{self, Event, RunEvent, Started};

/// The arguments of the function that hears of runs.
pub(crate) type Heard = FnArgs<(Vec<RunEvent>,)>;
/// Does not keep the process alive.
type Listener = ThreadsafeFunction<(), (), Heard, Status, false, true>;
type Answer = Result<HostReply, HostFault>;

/// All runs of an engine.
pub(crate) struct Runs {
    listener: Listener,
    news: Arc<Mutex<News>>,
    last_id: AtomicU32,
    running: Mutex<HashMap<u32, Running>>,
    /// The host calls that wait, with their runs.
    asked: Mutex<HashMap<u32, (u32, oneshot::Sender<Answer>)>>,
}

impl Runs {
    pub(crate) fn new(hear: &Function<'_, Heard, ()>) -> napi::Result<Arc<Self>> {
        let news = Arc::new(Mutex::new(News::default()));
        let heard = Arc::clone(&news);
        let listener = hear.build_threadsafe_function::<()>().weak::<true>().build_callback(
            move |_context| {
                let batch = std::mem::take(&mut lock(&heard).events);
                let batch = batch.into_iter().map(event::to_js).collect::<Vec<_>>();
                Ok(FnArgs::from((batch,)))
            },
        )?;
        let (running, asked) = (Mutex::default(), Mutex::default());
        Ok(Arc::new(Self { listener, news, last_id: AtomicU32::new(0), running, asked }))
    }

    /// Starts a run; one that is and stays the only one does its turns right here.
    pub(crate) fn start(
        self: &Arc<Self>,
        component: Component,
        request: ExecuteRequest,
        limits: Limits,
        cancel: CancelToken,
        alone: bool,
    ) -> Started {
        let id = self.next_id();
        let resident = {
            let mut running = lock(&self.running);
            let resident = (alone && running.is_empty()).then(Arc::<Resident>::default);
            running.insert(id, Running { cancel: cancel.clone(), resident: resident.clone() });
            resident
        };
        let work = Box::pin(Arc::clone(self).run(id, component, request, limits, cancel));
        let hushed = Hushed::new(self);
        match resident {
            Some(resident) => resident.turn(work),
            None => drop(spawn(work)),
        }
        Started { run: id, events: hushed.events() }
    }

    /// Runs and tells; what is left nobody has to wait for.
    async fn run(
        self: Arc<Self>,
        id: u32,
        component: Component,
        request: ExecuteRequest,
        limits: Limits,
        cancel: CancelToken,
    ) {
        let host = Arc::new(JsHost { runs: Arc::clone(&self), run: id });
        let work = component.execute_leaving(request, &limits, host, &cancel);
        let (ended, remains) = match AssertUnwindSafe(work).catch_unwind().await {
            Ok(over) => over,
            Err(panic) => (Err(Error::from_panic(panic.as_ref())), None),
        };
        // Before JavaScript hears of the end: it tidies up as soon as it has.
        let remains = remains.and_then(Remains::leave);
        self.ended(id, ended);
        drop(remains);
    }

    /// Ends a run; one that is over already is left alone.
    pub(crate) fn cancel(&self, run: u32) {
        let token = lock(&self.running).get(&run).map(|running| running.cancel.clone());
        if let Some(token) = token {
            token.cancel();
        }
    }

    /// Answers a host call; nobody waits any more for one whose run is over. Gives what has
    /// happened since.
    pub(crate) fn answer(&self, call: u32, answer: Answer) -> Vec<RunEvent> {
        let hushed = Hushed::new(self);
        let asked = lock(&self.asked).remove(&call);
        if let Some((run, asked)) = asked {
            let resident = lock(&self.running).get(&run).and_then(|run| run.resident.clone());
            // Taken before it is woken, so that it is not sent to a worker.
            let work = resident.as_ref().and_then(|resident| lock(&resident.waiting).take());
            // The run may end at this very moment.
            let _ = asked.send(answer);
            if let (Some(resident), Some(work)) = (resident, work) {
                resident.turn(work);
            }
        }
        hushed.events()
    }

    fn next_id(&self) -> u32 {
        self.last_id.fetch_add(1, Ordering::Relaxed)
    }

    fn ended(&self, run: u32, ended: Result<Outcome, Error>) {
        if lock(&self.running).remove(&run).is_some() {
            self.tell(Event::Ended { run, ended: Box::new(ended) });
        }
    }

    fn tell(&self, event: Event) {
        let first = {
            let mut news = lock(&self.news);
            news.events.push(event);
            news.events.len() == 1 && !news.hushed
        };
        // Who finds news waiting knows that JavaScript was called already, or is about to look.
        if first {
            self.listener.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

struct Running {
    cancel: CancelToken,
    resident: Option<Arc<Resident>>,
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A run on the JavaScript thread: waking another thread and being woken by it takes as long as
/// most handlers do, and longer than a host call. It goes on here when it is answered, and moves
/// to a worker when anything else wakes it: its time limit, a cancel, or the end of its turn of
/// 5 to 10 ms, so that JavaScript never waits longer.
#[derive(Default)]
struct Resident {
    /// Between turns.
    waiting: Mutex<Option<Work>>,
    woken: AtomicBool,
}

impl Resident {
    fn turn(self: &Arc<Self>, mut work: Work) {
        self.woken.store(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(self));
        let mut context = Context::from_waker(&waker);
        if within_runtime_if_available(|| work.poll_unpin(&mut context)).is_pending() {
            *lock(&self.waiting) = Some(work);
            // In its turn there was nothing yet to move.
            if self.woken.load(Ordering::SeqCst) {
                self.move_to_worker();
            }
        }
    }

    fn move_to_worker(&self) {
        let work = lock(&self.waiting).take();
        if let Some(work) = work {
            spawn(work);
        }
    }
}

impl Wake for Resident {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.move_to_worker();
    }
}

/// What JavaScript has not heard yet.
#[derive(Default)]
struct News {
    events: Vec<Event>,
    /// JavaScript will look by itself.
    hushed: bool,
}

/// While this is there, JavaScript need not be called.
struct Hushed<'a>(&'a Runs);

impl<'a> Hushed<'a> {
    fn new(runs: &'a Runs) -> Self {
        lock(&runs.news).hushed = true;
        Self(runs)
    }

    fn events(self) -> Vec<RunEvent> {
        let events = std::mem::take(&mut lock(&self.0.news).events);
        events.into_iter().map(event::to_js).collect()
    }
}

impl Drop for Hushed<'_> {
    /// What was told meanwhile and not taken, for whatever reason, JavaScript hears as usual.
    fn drop(&mut self) {
        let is_news = {
            let mut news = lock(&self.0.news);
            news.hushed = false;
            !news.events.is_empty()
        };
        if is_news {
            self.0.listener.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
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
            lock(&runs.asked).insert(id, (run, sender));
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
