//! From a Rust future to a promise that rejects with a coded error.

use std::future::Future;

use napi::bindgen_prelude::{JsObjectValue as _, JsValue as _, PromiseRaw, ToNapiValue, Unknown};
use napi::{Env, JsError};
use napi_derive::napi;
use xwb_runner::caught;

use crate::coded::Coded;

/// Runs `work` off the JavaScript thread and `convert` on it. A panic becomes `native.panic`.
pub(crate) fn promise<T, E, V>(
    env: &Env,
    work: impl Future<Output = Result<T, E>> + Send + 'static,
    convert: impl FnOnce(T) -> V + 'static,
) -> napi::Result<PromiseRaw<'_, V>>
where
    T: Send + 'static,
    E: Coded,
    V: ToNapiValue + 'static,
{
    let work = async move { Ok(caught(work).await) };
    env.spawn_future_with_callback(work, move |env, done| match done {
        Ok(value) => Ok(convert(value)),
        Err(error) => Err(coded(*env, &error)),
    })
}

/// A JavaScript `Error` with `code`, the sentence as `message`, and `detail`.
pub(crate) fn coded(env: Env, error: &impl Coded) -> napi::Error {
    let plain = napi::Error::new(error.code().to_owned(), error.to_string());
    let thrown: Unknown = JsError::from(plain).into_unknown(env);
    if let Ok(mut object) = thrown.coerce_to_object() {
        // Without the extra properties the error is still a good one.
        let _ = object.set_named_property("detail", error.detail());
        error.decorate(&mut object);
    }
    napi::Error::from(thrown)
}

/// Panics inside the asynchronous path, so that a test can see it arrive as a rejection with
/// the code `native.panic`.
#[napi]
#[cfg_attr(test, allow(dead_code, reason = "napi registers nothing in a test build"))]
pub fn inject_panic_for_test(env: &Env) -> napi::Result<PromiseRaw<'_, ()>> {
    let work = async { panic!("injected for a test") };
    promise::<(), xwb_runner::Error, _>(env, work, |()| ())
}
