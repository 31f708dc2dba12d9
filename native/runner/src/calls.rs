//! Host calls of runs that wait for their answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot;

use crate::host::{BoxFuture, Host, HostCall, HostFault, HostReply};
use crate::lock::lock;
use crate::news::Event;
use crate::record::LogLevel;
use crate::runs::Runs;

pub(crate) type Answer = Result<HostReply, HostFault>;

/// The calls that wait, by number, with their runs.
#[derive(Default)]
pub(crate) struct Calls(Mutex<HashMap<u32, Waiting>>);

/// A call that waits.
pub(crate) struct Waiting {
    pub(crate) run: u32,
    pub(crate) answer: oneshot::Sender<Answer>,
}

impl Calls {
    /// A call's answer is taken once; nobody waits any more when its run is over.
    pub(crate) fn take(&self, id: u32) -> Option<Waiting> {
        lock(&self.0).remove(&id)
    }

    fn add(&self, id: u32, waiting: Waiting) -> Asked<'_> {
        lock(&self.0).insert(id, waiting);
        Asked { calls: self, id }
    }
}

/// A call that waits; forgotten when the run ends before its answer.
struct Asked<'a> {
    calls: &'a Calls,
    id: u32,
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        drop(self.calls.take(self.id));
    }
}

/// Passes the host calls and logs of one run to the caller of runs.
pub(crate) struct RunHost {
    pub(crate) runs: Arc<Runs>,
    pub(crate) run: u32,
}

impl Host for RunHost {
    fn call(&self, call: HostCall) -> BoxFuture<Answer> {
        let (runs, run) = (Arc::clone(&self.runs), self.run);
        Box::pin(async move {
            let (sender, answer) = oneshot::channel();
            let id = runs.next_id();
            let asked = runs.calls.add(id, Waiting { run, answer: sender });
            runs.news.tell(Event::Call { run, id, call });
            let answer = answer.await;
            drop(asked);
            answer.unwrap_or_else(|_closed| {
                Err(HostFault { message: String::from("nobody answered") })
            })
        })
    }

    fn log(&self, level: LogLevel, message: &str, offset_micros: u64) {
        let (run, message) = (self.run, message.to_owned());
        self.runs.news.tell(Event::Log { run, level, message, offset_micros });
    }
}
