//! What the engine sees of the world while it loads a source: two read-only folders, its
//! arguments, and a clock and random numbers that are the same each time.

use std::path::Path;
use std::time::Duration;

use wasmtime::ResourceLimiter;
use wasmtime_wasi::p1::WasiP1Ctx;
use wasmtime_wasi::p2::pipe::MemoryInputPipe;
use wasmtime_wasi::random::Deterministic;
use wasmtime_wasi::{FsPerms, HostMonotonicClock, HostWallClock, WasiCtxBuilder};
use xwb_runner::WasiOutput;

use crate::captured::Captured;
use crate::gate::SourceGate;

/// Name of the author's module in the engine's messages and stacks.
pub(crate) const SOURCE_NAME: &str = "handler.js";
/// Where the guest finds the bindings. The source stands in the root.
const BINDINGS_ROOT: &str = "/xwb-bindings";

/// Data of the store in which a source is loaded.
pub(crate) struct State {
    wasi: WasiP1Ctx,
    pub(crate) gate: SourceGate,
    pub(crate) memory: MemoryLimit,
}

/// What a [`State`] is made of.
pub(crate) struct Surroundings<'a> {
    pub(crate) environment: &'a [(String, String)],
    /// Folder with the bindings' file of that name.
    pub(crate) bindings: (&'a Path, &'a str),
    /// Folder for the file [`SOURCE_NAME`].
    pub(crate) source: &'a Path,
    /// Unix time that the clock shows, always.
    pub(crate) now: Duration,
    pub(crate) seed: [u8; 32],
    pub(crate) memory_bytes: usize,
    pub(crate) output: &'a Captured,
}

impl State {
    /// # Errors
    /// When a folder cannot be opened.
    pub(crate) fn new(around: &Surroundings<'_>, gate: SourceGate) -> wasmtime::Result<Self> {
        let (bindings, initializer) = around.bindings;
        let arguments = format!(
            "--initializer-script-path {BINDINGS_ROOT}/{initializer} --strip-path-prefix / {SOURCE_NAME}"
        );
        let random = || Deterministic::new(around.seed.to_vec());
        let mut builder = WasiCtxBuilder::new();
        builder
            .allow_blocking_current_thread(true)
            .envs(around.environment)
            .stdin(MemoryInputPipe::new(arguments))
            .stdout(WasiOutput(around.output.clone()))
            .stderr(WasiOutput(around.output.clone()))
            .wall_clock(Frozen(around.now))
            .monotonic_clock(Frozen(Duration::ZERO))
            .secure_random(random())
            .insecure_random(random())
            .insecure_random_seed(seed_number(around.seed));
        builder.preopened_dir(bindings, BINDINGS_ROOT, FsPerms::ReadOnly)?;
        builder.preopened_dir(around.source, "/", FsPerms::ReadOnly)?;
        let memory = MemoryLimit { bytes: around.memory_bytes, reached: false };
        Ok(Self { wasi: builder.build_p1(), gate, memory })
    }

    pub(crate) fn wasi(&mut self) -> &mut WasiP1Ctx {
        &mut self.wasi
    }
}

/// How far the memory may grow, and whether it wanted to grow further.
pub(crate) struct MemoryLimit {
    bytes: usize,
    pub(crate) reached: bool,
}

impl ResourceLimiter for MemoryLimit {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.reached |= desired > self.bytes;
        Ok(desired <= self.bytes)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

fn seed_number(seed: [u8; 32]) -> u128 {
    seed.first_chunk().map_or(0, |bytes| u128::from_le_bytes(*bytes))
}

/// A clock that stands still: the same source gives the same component at any time.
struct Frozen(Duration);

impl HostWallClock for Frozen {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        self.0
    }
}

impl HostMonotonicClock for Frozen {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX)
    }
}
