//! The threads that guests run on.

use std::io;

use tokio::runtime::{Builder, Runtime};

use crate::allocator;

/// Workers look after timers and sockets after so many turns, and at what other threads gave them
/// after so many. A guest's turn can take a whole tick, so with Tokio's defaults of about sixty
/// a time limit would strike, and a new run begin, a third of a second late.
const TURNS: u32 = 1;

/// Makes a runtime whose workers, one for each processor, suit guests, and sets the process's
/// allocator for what they do.
///
/// # Errors
/// When the operating system gives no threads.
pub fn runtime() -> io::Result<Runtime> {
    allocator::set_up();
    Builder::new_multi_thread()
        .enable_all()
        .event_interval(TURNS)
        .global_queue_interval(TURNS)
        .thread_name("xwb-worker")
        .build()
}
