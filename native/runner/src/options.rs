//! How an engine is made, and what is known of it.

use std::path::PathBuf;
use std::sync::Arc;

use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::functions::FunctionCache;

/// How an [`Engine`] is made.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Folder for compiled components; made when absent.
    pub cache_dir: PathBuf,
    /// Bytes that folder may hold; the least recently used go first.
    pub max_cache_bytes: u64,
    /// The most MiB a run's limits may allow for one linear memory; up to 4096.
    pub max_memory_mb: u32,
    /// Keep compiled functions in memory, up to 256 MiB: a component much like an earlier one is
    /// compiled in a quarter of the time.
    pub reuse_functions: bool,
    /// Compile for the architecture's baseline instead of this very processor: for tools such as
    /// valgrind, which show a program another processor.
    pub portable: bool,
    /// Reserve memory for instances ahead of time; off only to test the fall-back.
    pub pooling: bool,
}

impl EngineOptions {
    /// Defaults: 2 GiB of cache, 1024 MiB for a memory, no functions kept, pooling.
    #[must_use]
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        Self {
            cache_dir: cache_dir.into(),
            max_cache_bytes: 2 << 30,
            max_memory_mb: 1024,
            reuse_functions: false,
            portable: false,
            pooling: true,
        }
    }
}

/// Facts about an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineInfo {
    /// Version of Wasmtime.
    pub wasmtime: &'static str,
    /// Whether instances come from a pool; where the system refuses one they do not.
    pub pooling: bool,
    /// Runs at the same time; more wait their turn, which no limit counts.
    pub max_concurrent: u32,
    /// The most MiB a run's limits may allow for one linear memory.
    pub max_memory_mb: u32,
}

/// Runs at the same time in an engine; the pools below have room for so many.
pub(crate) const MAX_CONCURRENT: u32 = 64;
/// Besides the running ones, one is ready for the next run, and takes the place of another; and one
/// may be left of the last.
const INSTANCES: u32 = MAX_CONCURRENT + 3;
/// The most elements that a run's limits may allow for one table; only address space is reserved.
pub(crate) const MAX_TABLE_ELEMENTS: usize = 1_000_000;
/// Core instances, tables and memories that one run may take from the pools on average.
const CORE_INSTANCES_PER_RUN: u32 = 12;
const TABLES_PER_RUN: u32 = 6;
const MEMORIES_PER_RUN: u32 = 2;
/// Bytes of a memory that stay mapped between runs: measured to be worth four times the calls
/// per second for JavaScript guests.
const KEEP_RESIDENT: usize = 16 << 20;
/// Slots that keep their image without being in use; bounds what an idle engine holds.
const WARM_SLOTS: u32 = 16;
/// The settings that compiled code depends on: engines that begin with them run each other's code.
/// `portable` is as in [`EngineOptions`].
///
/// # Errors
/// When Wasmtime knows no such processor.
pub fn code_settings(portable: bool) -> wasmtime::Result<Config> {
    let mut config = Config::new();
    config.wasm_component_model(true).epoch_interruption(true);
    if portable {
        config.target(&format!("{}-unknown-linux-gnu", std::env::consts::ARCH))?;
    }
    Ok(config)
}

/// Wasmtime's settings, with instances from a pool or not.
///
/// # Errors
/// As [`code_settings`], and when Wasmtime refuses the function cache.
pub(crate) fn config(options: &EngineOptions, pooling: bool) -> wasmtime::Result<Config> {
    let mut config = code_settings(options.portable)?;
    if options.reuse_functions {
        config.enable_incremental_compilation(Arc::new(FunctionCache::default()))?;
    }
    if pooling {
        let mut pool = PoolingAllocationConfig::default();
        pool.total_component_instances(INSTANCES)
            .total_core_instances(INSTANCES * CORE_INSTANCES_PER_RUN)
            .total_tables(INSTANCES * TABLES_PER_RUN)
            .table_elements(MAX_TABLE_ELEMENTS)
            .total_memories(INSTANCES * MEMORIES_PER_RUN)
            .total_stacks(INSTANCES)
            .max_memory_size((options.max_memory_mb as usize) << 20)
            .max_unused_warm_slots(WARM_SLOTS)
            .linear_memory_keep_resident(KEEP_RESIDENT)
            .table_keep_resident(64 << 10)
            .pagemap_scan(Enabled::Auto);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    Ok(config)
}
