//! What a run leaves behind.
//!
//! Giving a memory back and making the next instance takes as long as many a handler does, and
//! nobody should wait for it. But when runs follow each other without a pause, the next one does
//! both best: its processor's caches still hold that very memory. So the remains of a run that was
//! alone stay where they are until there is time, or another run.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;
use wasmtime::Store;

use crate::component::{Component, Prepared};
use crate::engine::{Engine, Inner};
use crate::image::MemoryImage;
use crate::limits::Limits;
use crate::lock::lock;
use crate::state::RunState;

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

    /// Leaves the memory to [`Engine::tidy`] or the next run; beside other runs it is the
    /// caller's to drop, once nobody waits. Whoever may tidy up is told of the end afterwards.
    #[must_use]
    pub fn leave(self) -> Option<Self> {
        if self.component.engine.0.ticker.is_needed() {
            return Some(self);
        }
        let Self { store, turn, component: Component { engine, prepared, image }, limits } = self;
        drop(turn);
        let before = lock(&engine.0.left).replace(Leftover { store, prepared, image, limits });
        drop(before);
        None
    }
}

/// The remains of a run, which do not hold their engine.
pub(crate) struct Leftover {
    store: Store<RunState>,
    prepared: Arc<Prepared>,
    image: Option<Arc<MemoryImage>>,
    limits: Limits,
}

impl Engine {
    /// Does what the last run left undone, unless another run has done it: gives its memory back
    /// and makes an instance ready for the next of its kind. For when nothing else is to be done.
    pub async fn tidy(&self) {
        let Some(left) = self.0.take_leftover() else { return };
        let Leftover { store, prepared, image, limits } = left;
        drop(store);
        if !self.0.ticker.is_needed() {
            Component { engine: self.clone(), prepared, image }.make_ready(&limits).await;
        }
    }
}

impl Inner {
    /// What the last run left. Dropping it gives the memory back.
    pub(crate) fn take_leftover(&self) -> Option<Leftover> {
        lock(&self.left).take()
    }
}
