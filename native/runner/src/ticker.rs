//! The one thread that advances the engine's epoch. It sleeps while nothing runs.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::EngineWeak;

use crate::residency::Residency;

/// Longest time between two epochs: how late a running guest can notice a limit or a cancel, and
/// how long it may hold a worker thread before others get their turn.
pub(crate) const TICK: Duration = Duration::from_millis(5);
/// Shortest time: with many guests at once each one's turn is shorter, so that a round of turns,
/// and with it the wait for the next look at a limit, takes no longer than a tick or two.
const SHORTEST_TICK: Duration = Duration::from_micros(250);
/// Ticks without a run before the thread goes to sleep: waking it costs each run more than this
/// costs an idle machine.
const IDLE_TICKS: u32 = 100;

#[derive(Default)]
struct Shared {
    running: AtomicUsize,
    /// Runs that ever began.
    began: AtomicUsize,
    asleep: AtomicBool,
    stop: Mutex<bool>,
    changed: Condvar,
}

/// Owns the thread; dropping it ends the thread.
pub(crate) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts the thread. It also looks after the pool's memories, if there is a pool.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub(crate) fn start(engine: EngineWeak, pooling: bool) -> std::io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let inner = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name(String::from("xwb-epoch"))
            .spawn(move || tick(&inner, &engine, pooling.then(Residency::new)))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Epochs advance while the returned guard lives.
    pub(crate) fn run(&self) -> Running {
        self.shared.running.fetch_add(1, Ordering::SeqCst);
        self.shared.began.fetch_add(1, Ordering::Relaxed);
        if self.shared.asleep.load(Ordering::SeqCst) {
            self.shared.wake();
        }
        Running(Arc::clone(&self.shared))
    }

    /// Whether something runs.
    pub(crate) fn is_needed(&self) -> bool {
        self.shared.running.load(Ordering::SeqCst) > 0
    }
}

impl Shared {
    /// Taking the lock keeps the signal from falling between the thread's last look and its wait.
    fn wake(&self) {
        drop(self.stop.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.notify_all();
    }

    fn tick(&self, processors: u32) -> Duration {
        let running = u32::try_from(self.running.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
        (TICK * processors / running.max(1)).clamp(SHORTEST_TICK, TICK)
    }
}

/// One run in progress.
pub(crate) struct Running(Arc<Shared>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
    }
}

fn tick(shared: &Shared, engine: &EngineWeak, mut residency: Option<Residency>) {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let processors = u32::try_from(processors).unwrap_or(u32::MAX);
    let mut stop = shared.stop.lock().unwrap_or_else(PoisonError::into_inner);
    let mut idle = 0;
    while !*stop {
        if shared.running.load(Ordering::SeqCst) > 0 {
            idle = 0;
        } else if idle < IDLE_TICKS {
            idle += 1;
        } else {
            shared.asleep.store(true, Ordering::SeqCst);
            // A run that began in between saw no sleeper; a later one waits for the lock.
            if shared.running.load(Ordering::SeqCst) == 0 {
                stop = shared.changed.wait(stop).unwrap_or_else(PoisonError::into_inner);
            }
            shared.asleep.store(false, Ordering::SeqCst);
            continue;
        }
        let pause = shared.tick(processors);
        (stop, _) =
            shared.changed.wait_timeout(stop, pause).unwrap_or_else(PoisonError::into_inner);
        match engine.upgrade() {
            Some(engine) => engine.increment_epoch(),
            None => return,
        }
        if let Some(residency) = &mut residency {
            residency.look(shared.began.load(Ordering::Relaxed));
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        *self.shared.stop.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            // The thread never panics and there is nobody left to tell.
            let _ = thread.join();
        }
    }
}
