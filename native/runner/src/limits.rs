//! Limits of one run (spec section 4.7) and the part of them that Wasmtime asks about.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use wasmtime::ResourceLimiter;

use crate::fault::Error;

/// What one run may use. The platform sets time and memory only; the others protect the
/// workbench and are generous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock milliseconds for instantiation, call and host calls together.
    pub timeout_ms: u64,
    /// MiB that each linear memory may grow to. A refused growth is told to the guest.
    pub memory_mb: u32,
    /// Elements that each table may grow to.
    pub max_table_elements: usize,
    /// Core instances in one run.
    pub max_instances: usize,
    /// Bytes of body, header names and header values together.
    pub max_response_bytes: usize,
    /// Bytes of all log messages together; the rest is dropped and counted.
    pub max_log_bytes: usize,
    /// Number of log messages; the rest is dropped and counted.
    pub max_log_lines: usize,
    /// Number of host calls, logging not counted.
    pub max_host_calls: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout_ms: 5_000,
            memory_mb: 256,
            max_table_elements: 1_000_000,
            max_instances: 50,
            max_response_bytes: 32 << 20,
            max_log_bytes: 1 << 20,
            max_log_lines: 10_000,
            max_host_calls: 10_000,
        }
    }
}

/// Longest time limit, a day: keeps clock arithmetic far from overflow.
const MAX_TIMEOUT_MS: u64 = 24 * 60 * 60 * 1_000;

impl Limits {
    /// Refuses limits that make no sense or that the engine cannot give.
    ///
    /// # Errors
    /// [`Error::Limits`] with a sentence that names the limit.
    pub(crate) fn check(&self, engine_memory_mb: u32) -> Result<(), Error> {
        if self.timeout_ms == 0 || self.timeout_ms > MAX_TIMEOUT_MS {
            return Err(Error::Limits(format!(
                "timeoutMs is {}; it must be from 1 to {MAX_TIMEOUT_MS}",
                self.timeout_ms
            )));
        }
        if self.memory_mb == 0 || self.memory_mb > engine_memory_mb {
            return Err(Error::Limits(format!(
                "memoryMb is {}; it must be from 1 to the engine's maxMemoryMb of {engine_memory_mb}",
                self.memory_mb
            )));
        }
        Ok(())
    }
}

/// What the limiter saw; readable after the store is gone.
#[derive(Debug, Default)]
pub(crate) struct MemoryUse {
    peak: AtomicU64,
    refused: AtomicBool,
}

impl MemoryUse {
    /// Bytes of all linear memories together at their highest.
    pub(crate) fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }

    /// Whether a growth was refused because of the limit.
    pub(crate) fn refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }
}

/// Linear memories in one run: the limit counts for each, so their number is bounded too.
const MAX_MEMORIES: usize = 8;
/// Tables in one run.
const MAX_TABLES: usize = 32;

/// Applies memory, table and instance limits to one store.
pub(crate) struct Limiter {
    max_memory: usize,
    max_table_elements: usize,
    max_instances: usize,
    total: u64,
    last_growth: u64,
    usage: Arc<MemoryUse>,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits, usage: Arc<MemoryUse>) -> Self {
        Self {
            max_memory: (limits.memory_mb as usize) << 20,
            max_table_elements: limits.max_table_elements,
            max_instances: limits.max_instances,
            total: 0,
            last_growth: 0,
            usage,
        }
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > self.max_memory {
            self.usage.refused.store(true, Ordering::Relaxed);
            return Ok(false);
        }
        self.last_growth = desired.saturating_sub(current) as u64;
        self.total += self.last_growth;
        self.usage.peak.fetch_max(self.total, Ordering::Relaxed);
        Ok(true)
    }

    /// A memory's own maximum, or the operating system, refused what the limit allowed.
    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.total = self.total.saturating_sub(std::mem::take(&mut self.last_growth));
        Ok(())
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= self.max_table_elements)
    }

    fn instances(&self) -> usize {
        self.max_instances
    }

    fn tables(&self) -> usize {
        MAX_TABLES
    }

    fn memories(&self) -> usize {
        MAX_MEMORIES
    }
}
