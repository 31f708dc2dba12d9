//! Taking a lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// For what a panic elsewhere leaves usable.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
