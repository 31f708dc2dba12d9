//! The function of JavaScript that hears of all runs.

use napi::Status;
use napi::bindgen_prelude::{FnArgs, Function};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use xwb_runner::{Inbox, Listener};

use crate::event::{RunEvent, to_js};

/// The arguments of the function.
pub(crate) type Heard = FnArgs<(Vec<RunEvent>,)>;
/// Does not keep the process alive.
type Weak = ThreadsafeFunction<(), (), Heard, Status, false, true>;

/// Has JavaScript hear of what is in the inbox by the time it gets to it.
pub(crate) fn listener(hear: &Function<'_, Heard, ()>, inbox: Inbox) -> napi::Result<Listener> {
    let function = hear.build_threadsafe_function::<()>().weak::<true>();
    let function: Weak =
        function.build_callback(move |_context| Ok(FnArgs::from((to_js(inbox.take()),))))?;
    Ok(Box::new(move || {
        // A function that JavaScript has let go of needs to hear of nothing.
        let _ = function.call((), ThreadsafeFunctionCallMode::NonBlocking);
    }))
}
