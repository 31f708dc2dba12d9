//! Runs extension components in Wasmtime (spec sections 3, 4.4 and 4.7). Knows nothing of Node.
//!
//! An [`Engine`] is made once and loads [`Component`]s; [`Component::execute`] runs the handler in
//! a fresh store and gives an [`Outcome`]; a [`Host`] answers what the guest imports. [`Runs`] does
//! so for a caller that has one thread and hears of all runs in batches.

mod ahead;
mod allocator;
mod cache;
mod calls;
mod cancel;
mod check;
mod compile;
mod component;
mod egress;
mod engine;
mod execute;
mod fault;
mod functions;
mod host;
mod image;
mod imports;
mod leftover;
mod limits;
mod load;
mod lock;
mod news;
mod options;
mod panic;
mod record;
mod relink;
mod reply;
mod residency;
mod resident;
mod runs;
pub mod sections;
#[cfg(target_os = "linux")]
mod settle;
mod state;
mod stdio;
mod threads;
mod ticker;
pub mod types;
mod vessel;
mod wasi_output;
mod world;

pub use cache::{CompiledCache, Lookup};
pub use cancel::CancelToken;
pub use component::Component;
pub use engine::{Engine, WASMTIME_VERSION};
pub use execute::Outcome;
pub use fault::{Error, Fault};
pub use host::{BoxFuture, Host, HostCall, HostFault, HostReply};
pub use image::{ImageBase, MemoryImage};
pub use leftover::Remains;
pub use limits::Limits;
pub use load::{CompiledFrom, Loaded};
pub use news::{Event, Inbox, Listener};
pub use options::{EngineInfo, EngineOptions, code_settings};
pub use panic::{Panic, blocking, caught};
pub use record::{HostCallRecord, LogEntry, LogLevel};
pub use runs::{NewRun, Runs, Started};
#[cfg(target_os = "linux")]
pub use settle::settle_memories;
pub use threads::runtime;
pub use wasi_output::{Sink, WasiOutput};
