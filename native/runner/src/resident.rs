//! A run on its caller's thread.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

use futures_util::FutureExt as _;
use tokio::runtime::Handle;

use crate::lock::lock;

pub(crate) type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A run on its caller's thread: waking another thread and being woken by it takes as long as
/// most handlers do, and longer than a host call. It goes on here when it is answered, and moves
/// to a worker when anything else wakes it: its time limit, a cancel, or the end of its turn of
/// 5 to 10 ms, so that the caller never waits longer.
pub(crate) struct Resident {
    runtime: Handle,
    /// Between turns.
    waiting: Mutex<Option<Work>>,
    woken: AtomicBool,
}

impl Resident {
    pub(crate) fn new(runtime: Handle) -> Self {
        Self { runtime, waiting: Mutex::default(), woken: AtomicBool::new(false) }
    }

    /// Takes the work between two of its turns; whatever wakes it then finds nothing to move.
    pub(crate) fn take(&self) -> Option<Work> {
        lock(&self.waiting).take()
    }

    /// Does the work until it waits.
    pub(crate) fn turn(self: &Arc<Self>, mut work: Work) {
        self.woken.store(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(self));
        let mut context = Context::from_waker(&waker);
        let polled = {
            let _entered = self.runtime.enter();
            work.poll_unpin(&mut context)
        };
        if polled.is_pending() {
            *lock(&self.waiting) = Some(work);
            // In its turn there was nothing yet to move.
            if self.woken.load(Ordering::SeqCst) {
                self.move_to_worker();
            }
        }
    }

    fn move_to_worker(&self) {
        if let Some(work) = self.take() {
            self.runtime.spawn(work);
        }
    }
}

impl Wake for Resident {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::SeqCst);
        self.move_to_worker();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};
    use std::task::Poll;
    use std::thread::{self, ThreadId};

    use tokio::runtime::{Builder, Runtime};
    use tokio::sync::oneshot;

    use super::*;

    /// A resident, and a runtime that works only when a test lets it.
    fn resident() -> (Arc<Resident>, Runtime) {
        let runtime = Builder::new_current_thread().build().unwrap();
        (Arc::new(Resident::new(runtime.handle().clone())), runtime)
    }

    /// Work that waits for a signal, and the thread on which it then ends.
    fn waiting() -> (Work, oneshot::Sender<()>, Receiver<ThreadId>) {
        let (signal, signalled) = oneshot::channel();
        let (end, ended) = channel();
        let work = Box::pin(async move {
            signalled.await.unwrap();
            end.send(thread::current().id()).unwrap();
        });
        (work, signal, ended)
    }

    /// Lets the runtime do on a thread of its own what was moved to it.
    fn work(runtime: &Runtime) -> ThreadId {
        let work = || {
            runtime.block_on(async {
                while runtime.metrics().num_alive_tasks() > 0 {
                    tokio::task::yield_now().await;
                }
            });
            thread::current().id()
        };
        thread::scope(|scope| scope.spawn(work).join().unwrap())
    }

    #[test]
    fn what_was_taken_goes_on_where_it_gets_its_turn() {
        let (resident, runtime) = resident();
        let (work, signal, ended) = waiting();
        resident.turn(work);
        let work = resident.take().unwrap();
        signal.send(()).unwrap();
        assert_eq!(runtime.metrics().num_alive_tasks(), 0);
        resident.turn(work);
        assert_eq!(ended.try_recv(), Ok(thread::current().id()));
        assert!(resident.take().is_none());
    }

    #[test]
    fn what_something_else_wakes_moves_to_a_worker() {
        let (resident, runtime) = resident();
        let (waiting, signal, ended) = waiting();
        resident.turn(waiting);
        signal.send(()).unwrap();
        assert!(resident.take().is_none());
        assert!(ended.try_recv().is_err(), "nobody works yet");
        let worker = work(&runtime);
        assert_eq!(ended.try_recv(), Ok(worker));
    }

    #[test]
    fn what_wakes_itself_in_its_turn_moves_to_a_worker() {
        let (resident, runtime) = resident();
        let (end, ended) = channel();
        let mut turns = 0;
        resident.turn(Box::pin(std::future::poll_fn(move |context| {
            turns += 1;
            end.send(thread::current().id()).unwrap();
            context.waker().wake_by_ref();
            if turns < 3 { Poll::Pending } else { Poll::Ready(()) }
        })));
        assert!(resident.take().is_none());
        let worker = work(&runtime);
        assert_eq!(ended.iter().collect::<Vec<_>>(), [thread::current().id(), worker, worker]);
    }

    #[test]
    fn a_turn_is_in_the_runtime() {
        let (resident, runtime) = resident();
        let (end, ended) = channel();
        resident.turn(Box::pin(async move { end.send(Handle::current().id()).unwrap() }));
        assert_eq!(ended.try_recv(), Ok(runtime.handle().id()));
    }
}
