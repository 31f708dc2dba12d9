//! Large blocks of memory go back to the system when they are freed.
//!
//! A save takes and frees blocks of megabytes: the memory a source left, the component made of it. Once
//! one such block was freed, glibc takes the next ones from its heaps, of which each new thread may get
//! another, and the free space between them is never given back: half of the resident memory of a
//! thousand saves.

/// Blocks from this size are mapped for themselves. glibc begins with a quarter of it, and would
/// raise it; what each run of an engine takes, 280 KiB, must stay below, or each run maps and
/// unmaps, which costs more than the run.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const APART: std::ffi::c_int = 512 << 10;

/// Sets the process's allocator so, once for all. Where it is another one, nothing happens.
pub(crate) fn set_up() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(set);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the allocator's settings have no other interface")]
fn set() {
    // SAFETY: `mallopt` may be called at any time and takes numbers only. A refusal leaves all as
    // it is.
    unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, APART) };
}
