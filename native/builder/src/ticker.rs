//! Lets guests look up from time to time, to see whether their time is over.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::{Engine, EngineWeak};

/// How late a limit or a cancel may be noticed.
const TICK: Duration = Duration::from_millis(5);

/// A thread that advances the engine's epoch; dropping it ends the thread.
pub(crate) struct Ticker {
    finished: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// # Errors
    /// When the operating system gives no thread.
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let (finished, done) = mpsc::channel();
        let engine = engine.weak();
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

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.finished.take());
        if let Some(thread) = self.thread.take() {
            // The thread never panics and there is nobody left to tell.
            let _ = thread.join();
        }
    }
}
