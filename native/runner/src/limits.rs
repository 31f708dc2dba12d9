//! Limits of one run (spec section 4.7) and the part of them that Wasmtime asks about.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use wasmtime::ResourceLimiter;

use crate::fault::{Error, Stop};
use crate::options::MAX_TABLE_ELEMENTS;
use crate::types::ExecuteResponse;

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
    /// Headers of the response.
    pub max_response_headers: usize,
    /// Bytes that the arguments of one host call, or the whole response, may take on their way
    /// out of the guest.
    pub max_transfer_bytes: usize,
    /// Bytes of all log messages together; the rest is dropped and counted.
    pub max_log_bytes: usize,
    /// Number of log messages; the rest is dropped and counted.
    pub max_log_lines: usize,
    /// Number of host calls, logging not counted.
    pub max_host_calls: usize,
    /// Milliseconds that the host may take over one call. The guest cannot do anything about a
    /// host that hangs, and its own time limit may be far away.
    pub host_call_timeout_ms: u64,
    /// Lets outgoing `wasi:http` requests through. They bypass the platform's allowlist.
    pub allow_wasi_http: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout_ms: 5_000,
            memory_mb: 256,
            max_table_elements: MAX_TABLE_ELEMENTS,
            max_instances: 50,
            max_response_bytes: 32 << 20,
            max_response_headers: 10_000,
            max_transfer_bytes: 64 << 20,
            max_log_bytes: 1 << 20,
            max_log_lines: 10_000,
            max_host_calls: 10_000,
            host_call_timeout_ms: 30_000,
            allow_wasi_http: false,
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
        within_a_day("timeoutMs", self.timeout_ms)?;
        within_a_day("hostCallTimeoutMs", self.host_call_timeout_ms)?;
        if self.max_table_elements > MAX_TABLE_ELEMENTS {
            return Err(Error::Limits(format!(
                "maxTableElements is {}; it may be at most {MAX_TABLE_ELEMENTS}",
                self.max_table_elements
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

    /// Refuses a response that is too much.
    ///
    /// # Errors
    /// The [`Stop`] that names the limit.
    pub(crate) fn check_response(&self, response: &ExecuteResponse) -> Result<(), Stop> {
        let headers = &response.headers;
        if headers.len() > self.max_response_headers {
            let limit = self.max_response_headers;
            return Err(Stop::ResponseHeaders { count: headers.len(), limit });
        }
        let named = headers.iter().map(|header| header.name.len() + header.value.len());
        let size = named.sum::<usize>() + response.body.as_ref().map_or(0, Vec::len);
        if size > self.max_response_bytes {
            return Err(Stop::ResponseTooLarge { size, limit: self.max_response_bytes });
        }
        Ok(())
    }
}

fn within_a_day(name: &str, given_ms: u64) -> Result<(), Error> {
    if given_ms == 0 || given_ms > MAX_TIMEOUT_MS {
        let message = format!("{name} is {given_ms}; it must be from 1 to {MAX_TIMEOUT_MS}");
        return Err(Error::Limits(message));
    }
    Ok(())
}

/// What the limiter saw; readable after the store is gone.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    peak: AtomicU64,
    memory_refused: AtomicBool,
    /// Elements of the table that was refused; 0 is none.
    table_refused: AtomicUsize,
}

impl Usage {
    /// Bytes of all linear memories together at their highest.
    pub(crate) fn peak(&self) -> u64 {
        self.peak.load(Ordering::Relaxed)
    }

    /// Whether a memory was refused to grow because of the limit.
    pub(crate) fn memory_refused(&self) -> bool {
        self.memory_refused.load(Ordering::Relaxed)
    }

    /// The elements that a table was refused to grow to because of the limit.
    pub(crate) fn table_refused(&self) -> Option<usize> {
        Some(self.table_refused.load(Ordering::Relaxed)).filter(|asked| *asked > 0)
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
    usage: Arc<Usage>,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits, usage: Arc<Usage>) -> Self {
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
            self.usage.memory_refused.store(true, Ordering::Relaxed);
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
        let fits = desired <= self.max_table_elements;
        if !fits {
            self.usage.table_refused.store(desired, Ordering::Relaxed);
        }
        Ok(fits)
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
