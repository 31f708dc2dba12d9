//! What the errors of both crates have in common.

use std::fmt::Display;

use napi::bindgen_prelude::{JsObjectValue as _, Object};
use xwb_runner::Panic;

/// An error that JavaScript sees with `code`, `message` and `detail`.
pub(crate) trait Coded: Display + From<Panic> + Send + 'static {
    /// The stable code.
    fn code(&self) -> &'static str;
    /// The sentence and what lies behind it.
    fn detail(&self) -> String;
    /// Adds what only some errors have.
    fn decorate(&self, _error: &mut Object<'_>) {}
}

impl Coded for xwb_runner::Error {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn detail(&self) -> String {
        self.detail()
    }
}

/// The error of a source has `kind`, `reason`, `places` as `line:column`, and `output`.
impl Coded for xwb_builder::Error {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn detail(&self) -> String {
        self.detail()
    }

    fn decorate(&self, error: &mut Object<'_>) {
        let Self::Source(source) = self else { return };
        let places = source.places.iter();
        let places: Vec<_> =
            places.map(|place| format!("{}:{}", place.line, place.column)).collect();
        // Without the extra properties the error is still a good one.
        let _ = error.set_named_property("kind", source.kind.as_str());
        let _ = error.set_named_property("reason", source.message.as_str());
        let _ = error.set_named_property("places", places);
        let _ = error.set_named_property("output", source.output.as_str());
    }
}
