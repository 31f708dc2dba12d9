//! Memory that the system swapped out during a run is as clean for the next one as any other.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use rustix::mm::{Advice, madvise};
use serde_json::json;
use xwb_runner::{BoxFuture, CancelToken, Host, HostCall, HostFault, HostReply, Limits, LogLevel};

use crate::guest::{answer, guest};
use crate::support::{engine, request};

/// Has all that was written swapped out before it answers.
struct Swapper;

impl Host for Swapper {
    fn call(&self, _call: HostCall) -> BoxFuture<Result<HostReply, HostFault>> {
        Box::pin(async {
            swap_out();
            // What was written just before a run's end is not looked for in swap.
            tokio::time::sleep(Duration::from_millis(110)).await;
            Ok(HostReply { value: json!({ "ok": "value" }), bytes: None })
        })
    }

    fn log(&self, _level: LogLevel, _message: &str, _offset_micros: u64) {}
}

#[allow(unsafe_code, reason = "the kernel is told by address")]
fn swap_out() {
    for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let (addresses, rest) = line.split_once(' ').unwrap();
        let (start, end) = addresses.split_once('-').unwrap();
        let [start, end] = [start, end].map(|text| usize::from_str_radix(text, 16).unwrap());
        if rest.starts_with("rw-p") {
            // SAFETY: what is swapped out comes back when it is touched.
            let _ = unsafe {
                madvise(
                    std::ptr::with_exposed_provenance_mut(start),
                    end - start,
                    Advice::LinuxPageOut,
                )
            };
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_left_of_a_run_that_was_swapped_out() {
    let has_swap = fs::read_to_string("/proc/swaps").is_ok_and(|swaps| swaps.lines().count() > 1);
    if !has_swap {
        eprintln!("This machine has no swap: nothing was tested.");
        return;
    }
    let (engine, _folder) = engine();
    // Tells what stood there before it writes, and waits for the host after.
    let reply = answer(200, "(i32.const 2048)", "(i32.const 1)");
    let handler = format!(
        "(i32.store8 (i32.const 2048) (i32.load8_u (i32.const 40960)))
         (memory.fill (i32.const 40960) (i32.const 7) (i32.const 8192))
         (call $secrets_get (i32.const 1024) (i32.const 12) (i32.const 3072))
         {reply}"
    );
    let component = engine.load_bytes(&guest(&handler)).unwrap().component;
    for _ in 0..3 {
        let (host, cancel) = (Arc::new(Swapper), CancelToken::new());
        let limits = Limits::default();
        let outcome = component.execute(request(None), &limits, host, &cancel).await.unwrap();
        assert_eq!(outcome.response.unwrap().body, Some(vec![0]));
    }
}
