//! Keeps the beginning of what a guest writes, and never fails.

use std::sync::{Arc, Mutex, PoisonError};

use xwb_runner::Sink;

/// Bytes that are kept: an exception with its stack is far smaller.
const KEPT: usize = 64 << 10;

/// Clones write to the same place.
#[derive(Clone, Default)]
pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

impl Captured {
    /// What was written so far.
    pub(crate) fn text(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&kept).into_owned()
    }
}

impl Sink for Captured {
    fn push(&self, bytes: &[u8]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = KEPT.saturating_sub(kept.len()).min(bytes.len());
        kept.extend_from_slice(&bytes[..room]);
    }
}
