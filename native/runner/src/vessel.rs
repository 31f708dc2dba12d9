//! A store with an instance in it, from before the request is known to after the answer is.
//!
//! An instance is made ready for the next run while nobody waits ([`Component::make_ready`]):
//! making it takes as long as many a handler does. A guest cannot tell, and one that could,
//! because it calls the host or takes its time while it is instantiated, gets no such instance.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use wasmtime::{Store, UpdateDeadline};

use crate::cancel::CancelToken;
use crate::component::{Component, Prepared};
use crate::fault::Stop;
use crate::host::Host;
use crate::limits::{Limits, Usage};
use crate::lock::lock;
use crate::record::Recorder;
use crate::state::RunState;
use crate::ticker::TICK;
use crate::types::ContextData;
use crate::world::Runner;

/// Longest that an instance made ahead may take; more is work of the guest's own.
const READY_WITHIN: Duration = Duration::from_millis(50);

/// One store and what is known of it.
pub(crate) struct Vessel {
    pub(crate) store: Store<RunState>,
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) usage: Arc<Usage>,
    limits: Limits,
    /// Made ahead, if it was.
    instance: Option<Runner>,
    prepared: Weak<Prepared>,
}

impl Vessel {
    /// The instance that was made ahead for just this, or an empty store.
    pub(crate) fn take(component: &Component, limits: &Limits) -> Self {
        let ready = lock(&component.engine.0.ready).take();
        ready
            .filter(|vessel| vessel.fits(component, limits))
            .unwrap_or_else(|| Self::new(component, limits))
    }

    fn new(component: &Component, limits: &Limits) -> Self {
        let usage = Arc::new(Usage::default());
        let recorder = Arc::new(Recorder::new(limits));
        let image = component.image.clone();
        let state = RunState::new(Arc::clone(&recorder), limits, Arc::clone(&usage), image);
        let mut store = Store::new(&component.engine.0.engine, state);
        store.limiter(|state| &mut state.limiter);
        let prepared = Arc::downgrade(&component.prepared);
        Self { store, recorder, usage, limits: limits.clone(), instance: None, prepared }
    }

    fn fits(&self, component: &Component, limits: &Limits) -> bool {
        let image = match (&self.store.data().image, &component.image) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        };
        image
            && self.limits == *limits
            && self.prepared.as_ptr() == Arc::as_ptr(&component.prepared)
    }

    /// Begins a run: from here on time counts, and the host is there.
    pub(crate) fn begin(
        &mut self,
        context: ContextData,
        host: Arc<dyn Host>,
        cancel: &CancelToken,
    ) -> Instant {
        let deadline = self.recorder.open(host) + Duration::from_millis(self.limits.timeout_ms);
        self.store.data_mut().context = context;
        self.limit(deadline, cancel);
        deadline
    }

    fn limit(&mut self, deadline: Instant, cancel: &CancelToken) {
        let (timeout_ms, cancel) = (self.limits.timeout_ms, cancel.clone());
        self.store.set_hostcall_fuel(self.limits.max_transfer_bytes);
        self.store.set_epoch_deadline(1);
        let begun = Instant::now();
        self.store.epoch_deadline_callback(move |_| {
            let now = Instant::now();
            if cancel.is_cancelled() {
                return Err(Stop::Cancelled.into());
            }
            if now >= deadline {
                return Err(Stop::Timeout(timeout_ms).into());
            }
            // Most handlers are over by then, and are not taken apart by somebody's tick.
            let is_short = now - begun < TICK;
            Ok(if is_short { UpdateDeadline::Continue(1) } else { UpdateDeadline::Yield(1) })
        });
    }

    /// The instance.
    ///
    /// # Errors
    /// What keeps the component from being instantiated.
    pub(crate) async fn instance(&mut self, component: &Component) -> wasmtime::Result<Runner> {
        match self.instance.take() {
            Some(instance) => Ok(instance),
            None => component.prepared.pre.instantiate_async(&mut self.store).await,
        }
    }
}

impl Component {
    /// Makes an instance for the next run with these limits, in place of the one that was ready
    /// for another component, source or limit. Only one is ready at a time.
    pub async fn make_ready(&self, limits: &Limits) {
        let engine = &self.engine.0;
        let is_there = lock(&engine.ready).as_ref().is_some_and(|ready| ready.fits(self, limits));
        if is_there || self.prepared.notices.load(Ordering::Relaxed) {
            return;
        }
        let mut vessel = Vessel::new(self, limits);
        vessel.limit(Instant::now() + READY_WITHIN, &CancelToken::new());
        let instance = {
            let _running = engine.ticker.run();
            tokio::time::timeout(READY_WITHIN, vessel.instance(self)).await
        };
        vessel.store.data().end_lines();
        match instance {
            Ok(Ok(instance)) if vessel.recorder.is_untouched() => {
                vessel.instance = Some(instance);
                let before = lock(&engine.ready).replace(vessel);
                drop(before);
            }
            // The next run meets the same, and tells.
            _ => self.prepared.notices.store(true, Ordering::Relaxed),
        }
    }
}
