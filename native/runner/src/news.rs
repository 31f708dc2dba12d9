//! What happens in runs, until their caller hears of it.
//!
//! The caller is told by one call for each batch: a call for each event would cost more than many
//! a run.

use std::sync::{Arc, Mutex};

use crate::execute::Outcome;
use crate::fault::Error;
use crate::host::HostCall;
use crate::lock::lock;
use crate::record::LogLevel;

/// Something that happened in a run.
#[derive(Debug)]
pub enum Event {
    /// The guest asks; [`crate::Runs::answer`] must follow.
    Call {
        /// The run's number.
        run: u32,
        /// The call's number, for its answer.
        id: u32,
        /// What it asks.
        call: HostCall,
    },
    /// The guest logged a line.
    Log {
        /// The run's number.
        run: u32,
        /// Where it came from.
        level: LogLevel,
        /// The text.
        message: String,
        /// Microseconds since the start of the run.
        offset_micros: u64,
    },
    /// The run is over: the last event of a run.
    Ended {
        /// The run's number.
        run: u32,
        /// How it went, or why there was no run: [`Error::Limits`] or [`Error::Panic`].
        ended: Box<Result<Outcome, Error>>,
    },
}

/// Called on any thread when the [`Inbox`] is no longer empty; must not block.
pub type Listener = Box<dyn Fn() + Send + Sync>;

/// What the caller of runs has not heard yet. Clones are the same inbox.
#[derive(Clone, Default)]
pub struct Inbox(Arc<Mutex<Unheard>>);

#[derive(Default)]
struct Unheard {
    events: Vec<Event>,
    /// The caller will look by itself.
    hushed: bool,
}

impl Inbox {
    /// Takes what there is, in order; nothing if it was taken already.
    #[must_use]
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut lock(&self.0).events)
    }
}

/// The inbox, and who says that there is something in it.
pub(crate) struct News {
    inbox: Inbox,
    listener: Listener,
}

impl News {
    pub(crate) fn new(inbox: Inbox, listener: Listener) -> Self {
        Self { inbox, listener }
    }

    pub(crate) fn tell(&self, event: Event) {
        let first = {
            let mut unheard = lock(&self.inbox.0);
            unheard.events.push(event);
            unheard.events.len() == 1 && !unheard.hushed
        };
        // Who finds events waiting knows that the listener was called already, or that the caller
        // is about to look.
        if first {
            (self.listener)();
        }
    }

    /// From here on the caller looks by itself.
    pub(crate) fn hush(&self) -> Hushed<'_> {
        lock(&self.inbox.0).hushed = true;
        Hushed(self)
    }
}

/// While this is there, the listener need not be called.
pub(crate) struct Hushed<'a>(&'a News);

impl Hushed<'_> {
    pub(crate) fn events(self) -> Vec<Event> {
        self.0.inbox.take()
    }
}

impl Drop for Hushed<'_> {
    /// What was told meanwhile and not taken, for whatever reason, is told of as usual.
    fn drop(&mut self) {
        let is_news = {
            let mut unheard = lock(&self.0.inbox.0);
            unheard.hushed = false;
            !unheard.events.is_empty()
        };
        if is_news {
            (self.0.listener)();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// News, their inbox, and how often the listener was called.
    fn news() -> (News, Inbox, Arc<AtomicUsize>) {
        let (inbox, calls) = (Inbox::default(), Arc::<AtomicUsize>::default());
        let counter = Arc::clone(&calls);
        let listener = Box::new(move || {
            counter.fetch_add(1, Ordering::SeqCst);
        });
        (News::new(inbox.clone(), listener), inbox, calls)
    }

    fn log(run: u32) -> Event {
        Event::Log { run, level: LogLevel::Info, message: String::new(), offset_micros: 0 }
    }

    #[test]
    fn a_batch_is_told_of_once() {
        let (news, inbox, calls) = news();
        for batch in 1..=2 {
            news.tell(log(1));
            news.tell(log(2));
            assert_eq!(calls.load(Ordering::SeqCst), batch);
            let batch = inbox.take();
            assert!(matches!(batch[..], [Event::Log { run: 1, .. }, Event::Log { run: 2, .. }]));
        }
    }

    #[test]
    fn what_is_taken_under_hush_is_not_told_of() {
        let (news, inbox, calls) = news();
        let hushed = news.hush();
        news.tell(log(1));
        assert_eq!(hushed.events().len(), 1);
        assert_eq!(calls.load(Ordering::SeqCst), 0);
        assert!(inbox.take().is_empty());
        news.tell(log(2));
        assert_eq!(calls.load(Ordering::SeqCst), 1, "the hush is over");
    }

    #[test]
    fn what_a_panic_left_untaken_is_told_of() {
        let (news, inbox, calls) = news();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _hushed = news.hush();
            news.tell(log(1));
            panic!("before the events were taken");
        }));
        assert!(panicked.is_err());
        assert_eq!((calls.load(Ordering::SeqCst), inbox.take().len()), (1, 1));
    }
}
