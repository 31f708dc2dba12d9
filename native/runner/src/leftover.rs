//! What a run leaves behind.
//!
//! Giving a memory back and making the next instance takes as long as many a handler does, and
//! nobody should wait for it. But when calls follow each other closely, the next run does both
//! best: its processor's caches still hold that very memory. So the remains of a run that was
//! alone stay where they are for a moment.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;
use wasmtime::Store;

use crate::component::Component;
use crate::engine::Inner;
use crate::limits::Limits;
use crate::state::RunState;

/// Remains that no run has taken after this time are seen to on a worker.
const MOMENT: Duration = Duration::from_millis(2);

/// What a run leaves behind. Dropping it gives the memory back and lets the next run begin.
pub struct Remains {
    store: Store<RunState>,
    turn: Option<OwnedSemaphorePermit>,
    component: Component,
    limits: Limits,
}

impl Remains {
    pub(crate) fn new(
        (component, limits): (&Component, &Limits),
        store: Store<RunState>,
        turn: Option<OwnedSemaphorePermit>,
    ) -> Self {
        Self { store, turn, component: component.clone(), limits: limits.clone() }
    }

    /// Lets the next run give the memory back. When none begins within some milliseconds, a
    /// worker does, and makes an instance ready for it. Beside other runs it is given back now.
    pub fn leave(mut self) {
        drop(self.turn.take());
        let engine = Arc::clone(&self.component.engine.0);
        let Ok(runtime) = Handle::try_current() else { return };
        if engine.ticker.is_needed() {
            return;
        }
        let (before, is_watched) = {
            let mut left = lock(&engine.left);
            let before = left.remains.replace((self, Instant::now()));
            (before, std::mem::replace(&mut left.is_watched, true))
        };
        drop(before);
        if !is_watched {
            runtime.spawn(watch(engine));
        }
    }
}

/// The remains that nobody has taken yet, and whether somebody will look.
#[derive(Default)]
pub(crate) struct Leftover {
    remains: Option<(Remains, Instant)>,
    is_watched: bool,
}

impl Inner {
    /// Gives back what the last run left.
    pub(crate) fn clear_leftover(&self) {
        let remains = lock(&self.left).remains.take();
        drop(remains);
    }
}

/// Sees to what is left as soon as it has lain for a moment; ends when there is nothing.
async fn watch(engine: Arc<Inner>) {
    let Remains { store, component, limits, .. } = loop {
        tokio::time::sleep(MOMENT).await;
        let mut left = lock(&engine.left);
        let taken = left.remains.take_if(|(_, since)| since.elapsed() >= MOMENT);
        left.is_watched = taken.is_none() && left.remains.is_some();
        match taken {
            Some((remains, _)) => break remains,
            None if left.is_watched => {}
            None => return,
        }
    };
    drop(store);
    if !engine.ticker.is_needed() {
        component.make_ready(&limits).await;
    }
}

/// A panic elsewhere leaves the slot usable.
fn lock(left: &Mutex<Leftover>) -> MutexGuard<'_, Leftover> {
    left.lock().unwrap_or_else(PoisonError::into_inner)
}
