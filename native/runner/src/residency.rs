//! When pages of the pool's memories are looked after (see [`crate::settle`]).

use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
use crate::settle::{recall_memories, settle_memories};

/// Shortest and longest time between two looks: a look that changed nothing doubles it.
const SHORTEST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_millis(250);

/// Looks after the memories of this process from time to time.
pub(crate) struct Residency {
    pause: Duration,
    next: Instant,
    runs_seen: usize,
}

impl Residency {
    pub(crate) fn new() -> Self {
        Self { pause: SHORTEST, next: Instant::now() + SHORTEST, runs_seen: 0 }
    }

    /// Settles memories if it is time and there were runs since; `runs` is how many began so far.
    pub(crate) fn look(&mut self, runs: usize) {
        if runs == self.runs_seen || Instant::now() < self.next {
            return;
        }
        self.runs_seen = runs;
        // Without it calls are slower and nothing else.
        let added = settle_memories().unwrap_or(0);
        self.pause = if added > 0 { SHORTEST } else { (self.pause * 2).min(LONGEST) };
        self.next = Instant::now() + self.pause;
    }
}

/// A store's memories are about to be given back after this time. The system swaps nothing out
/// that was written to just before.
pub(crate) fn before_restoring(lived: Duration) {
    const JUST_BEFORE: Duration = Duration::from_millis(100);
    if lived >= JUST_BEFORE {
        // A process that may not look at itself has no page map either, and Wasmtime restores all.
        let _ = recall_memories();
    }
}

/// Elsewhere Wasmtime restores memories in other ways.
#[cfg(not(target_os = "linux"))]
fn recall_memories() -> std::io::Result<()> {
    Ok(())
}

/// Likewise.
#[cfg(not(target_os = "linux"))]
fn settle_memories() -> std::io::Result<usize> {
    Ok(0)
}
