//! Ends an initialisation at its time limit or when it is cancelled.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use wasmtime::{EngineWeak, Store, UpdateDeadline};
use xwb_runner::CancelToken;

/// How late a limit or a cancel may be noticed.
const TICK: Duration = Duration::from_millis(5);

/// Why the watchdog ended a guest. Travels through the guest as a trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("time limit reached")]
    Timeout,
    #[error("cancelled")]
    Cancelled,
}

/// A thread that advances the engine's epoch while one guest runs; dropping it ends the thread.
pub(crate) struct Watchdog {
    finished: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Watches over `store` from now on.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub(crate) fn start<T>(
        store: &mut Store<T>,
        limit: Duration,
        cancel: &CancelToken,
    ) -> std::io::Result<Self> {
        let (deadline, cancel) = (Instant::now() + limit, cancel.clone());
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(move |_| {
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled.into());
            }
            if Instant::now() >= deadline {
                return Err(Stop::Timeout.into());
            }
            Ok(UpdateDeadline::Continue(1))
        });
        let (finished, done) = mpsc::channel();
        let engine = store.engine().weak();
        let thread = thread::Builder::new()
            .name(String::from("xwb-build-limit"))
            .spawn(move || tick(&engine, &done))?;
        Ok(Self { finished: Some(finished), thread: Some(thread) })
    }
}

fn tick(engine: &EngineWeak, done: &mpsc::Receiver<()>) {
    while done.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        match engine.upgrade() {
            Some(engine) => engine.increment_epoch(),
            None => return,
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.finished.take());
        if let Some(thread) = self.thread.take() {
            // The thread never panics and there is nobody left to tell.
            let _ = thread.join();
        }
    }
}
