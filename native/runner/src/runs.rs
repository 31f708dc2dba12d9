//! Runs that are under way, for a caller that has one thread and hears of all of them, such as
//! JavaScript.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;
use tokio::runtime::Handle;

use crate::calls::{Answer, Calls, RunHost};
use crate::cancel::CancelToken;
use crate::component::Component;
use crate::engine::Engine;
use crate::execute::Outcome;
use crate::fault::Error;
use crate::leftover::Remains;
use crate::limits::Limits;
use crate::lock::lock;
use crate::news::{Event, Inbox, Listener, News};
use crate::panic::Panic;
use crate::resident::Resident;
use crate::types::ExecuteRequest;

/// A run that is to begin.
pub struct NewRun {
    /// What runs.
    pub component: Component,
    /// What its handler is given.
    pub request: ExecuteRequest,
    /// What it may use.
    pub limits: Limits,
    /// No other run is started together with it. If nothing else runs either, it does its turns
    /// on the caller's thread, of which none takes longer than 5 to 10 ms.
    pub alone: bool,
    /// It ends before it begins.
    pub cancelled: bool,
}

/// A run that began, and what has happened since.
#[derive(Debug)]
pub struct Started {
    /// The run's number.
    pub run: u32,
    /// Of this run and of others; the listener is not told of it.
    pub events: Vec<Event>,
}

/// All runs of one caller. What happens in them comes as an [`Event`], either in what
/// [`Runs::start`] and [`Runs::answer`] give or in the [`Inbox`].
pub struct Runs {
    pub(crate) news: News,
    pub(crate) calls: Calls,
    runtime: Handle,
    last_id: AtomicU32,
    running: Mutex<HashMap<u32, Running>>,
}

struct Running {
    cancel: CancelToken,
    resident: Option<Arc<Resident>>,
}

impl Runs {
    /// Runs on this runtime, such as [`crate::runtime`] makes. The listener is called when there
    /// is something in the inbox, once for all that is there when it is next taken.
    #[must_use]
    pub fn new(runtime: Handle, inbox: Inbox, listener: Listener) -> Arc<Self> {
        Arc::new(Self {
            news: News::new(inbox, listener),
            calls: Calls::default(),
            runtime,
            last_id: AtomicU32::new(0),
            running: Mutex::default(),
        })
    }

    /// Starts a run; one that is and stays the only one does its turns right here.
    pub fn start(self: &Arc<Self>, new: NewRun) -> Started {
        let cancel = CancelToken::new();
        if new.cancelled {
            cancel.cancel();
        }
        let id = self.next_id();
        let resident = self.begin(id, new.alone, cancel.clone());
        let work = Box::pin(Arc::clone(self).run(id, new, cancel));
        let hushed = self.news.hush();
        match resident {
            Some(resident) => resident.turn(work),
            None => drop(self.runtime.spawn(work)),
        }
        Started { run: id, events: hushed.events() }
    }

    /// Says that a run is under way; gives its place on this thread, if it has one.
    fn begin(&self, id: u32, alone: bool, cancel: CancelToken) -> Option<Arc<Resident>> {
        let mut running = lock(&self.running);
        let is_resident = alone && running.is_empty();
        let resident = is_resident.then(|| Arc::new(Resident::new(self.runtime.clone())));
        running.insert(id, Running { cancel, resident: resident.clone() });
        resident
    }

    /// Runs and tells; what is left nobody has to wait for.
    async fn run(self: Arc<Self>, id: u32, new: NewRun, cancel: CancelToken) {
        let NewRun { component, request, limits, .. } = new;
        let host = Arc::new(RunHost { runs: Arc::clone(&self), run: id });
        let work = component.execute_leaving(request, &limits, host, &cancel);
        let (ended, remains) = match AssertUnwindSafe(work).catch_unwind().await {
            Ok(over) => over,
            Err(payload) => (Err(Panic::from(payload).into()), None),
        };
        // Before the caller hears of the end: it tidies up as soon as it has.
        let remains = remains.and_then(Remains::leave);
        self.ended(id, ended);
        drop(remains);
    }

    fn ended(&self, run: u32, ended: Result<Outcome, Error>) {
        if lock(&self.running).remove(&run).is_some() {
            self.news.tell(Event::Ended { run, ended: Box::new(ended) });
        }
    }

    /// Ends a run, within 50 ms; one that is over already is left alone.
    pub fn cancel(&self, run: u32) {
        let token = lock(&self.running).get(&run).map(|running| running.cancel.clone());
        if let Some(token) = token {
            token.cancel();
        }
    }

    /// Answers a host call; nobody waits any more for one whose run is over. Gives what has
    /// happened since, of which the listener is not told.
    #[must_use]
    pub fn answer(&self, call: u32, answer: Answer) -> Vec<Event> {
        let hushed = self.news.hush();
        if let Some(waiting) = self.calls.take(call) {
            let resident =
                lock(&self.running).get(&waiting.run).and_then(|run| run.resident.clone());
            // Taken before it is woken, so that it is not sent to a worker.
            let work = resident.as_ref().and_then(|resident| resident.take());
            // The run may end at this very moment.
            let _ = waiting.answer.send(answer);
            if let (Some(resident), Some(work)) = (resident, work) {
                resident.turn(work);
            }
        }
        hushed.events()
    }

    /// Has a worker do [`Engine::tidy`]: for when there is time after a run.
    pub fn tidy(&self, engine: &Engine) {
        let engine = engine.clone();
        self.runtime.spawn(async move { engine.tidy().await });
    }

    pub(crate) fn next_id(&self) -> u32 {
        self.last_id.fetch_add(1, Ordering::Relaxed)
    }
}
