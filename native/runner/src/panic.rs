//! From a panic to an error.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

/// What a panic said. An error made of it has the code `native.panic`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panic(pub String);

impl From<Box<dyn Any + Send>> for Panic {
    fn from(payload: Box<dyn Any + Send>) -> Self {
        let text = match payload.downcast::<String>() {
            Ok(text) => Some(*text),
            Err(other) => other.downcast_ref::<&str>().map(|text| (*text).to_owned()),
        };
        Self(text.unwrap_or_else(|| String::from("a panic without a message")))
    }
}

/// Does `work`.
///
/// # Errors
/// Those of `work`, and one made of its panic.
pub async fn caught<T, E: From<Panic>>(work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    done.unwrap_or_else(|payload| Err(Panic::from(payload).into()))
}

/// Runs what blocks where that does no harm. Needs a Tokio runtime.
///
/// # Errors
/// Those of `work`, and one made of its panic.
pub async fn blocking<T: Send + 'static, E: From<Panic> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => Err(match failed.try_into_panic() {
            Ok(payload) => Panic::from(payload).into(),
            Err(cancelled) => Panic(cancelled.to_string()).into(),
        }),
    }
}
