//! An engine that is started before there is a source for it: starting takes most of the time of
//! a load, and is the same for all sources.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use xwb_runner::{CancelToken, MemoryImage};

use crate::error::Error;
use crate::initialise::Setup;
use crate::ticker::Ticker;

/// A source to load, and how long that may take.
pub(crate) struct Order {
    pub(crate) source: String,
    /// Identifies what comes of it.
    pub(crate) id: [u8; 32],
    pub(crate) deadline: Instant,
    pub(crate) cancel: CancelToken,
}

/// A thread on which an engine starts and then waits; dropping it ends the thread.
pub(crate) struct Standby {
    setup: Arc<Setup>,
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<Result<MemoryImage, Error>>>,
}

impl Standby {
    /// Starts an engine after a while, or at once when a source comes earlier.
    ///
    /// # Errors
    /// [`Error::Folder`] when the operating system gives no thread.
    pub(crate) fn start(setup: &Arc<Setup>, after: Duration) -> Result<Self, Error> {
        let (sender, orders) = mpsc::channel();
        let own = Arc::clone(setup);
        let thread = thread::Builder::new()
            .name(String::from("xwb-build"))
            .spawn(move || match orders.recv_timeout(after) {
                Ok(order) => own.run(Some(order), orders),
                Err(RecvTimeoutError::Timeout) => own.run(None, orders),
                Err(RecvTimeoutError::Disconnected) => Err(Error::Cancelled),
            })
            .map_err(Error::Folder)?;
        Ok(Self { setup: Arc::clone(setup), orders: Some(sender), thread: Some(thread) })
    }

    /// Lets the engine load a source; blocks until it has.
    ///
    /// # Errors
    /// As [`crate::Template::initialise`].
    pub(crate) fn load(mut self, order: Order) -> Result<MemoryImage, Error> {
        let _ticker = Ticker::start(self.setup.engine()).map_err(Error::Folder)?;
        if let Some(orders) = &self.orders {
            // An engine that has ended already says why below.
            let _ = orders.send(order);
        }
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(loaded)) => loaded,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => Err(Error::Cancelled),
        }
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            // Nobody asked for what comes of it.
            let _ = thread.join();
        }
    }
}
