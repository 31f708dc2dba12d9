//! What the engine says about a source that it could not load.

use std::fmt;

use wasmtime::Trap;

use crate::context::SOURCE_NAME;

/// How loading a source failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceErrorKind {
    /// An exception while the module's top level ran; syntax errors and imports that do not
    /// exist are among them.
    Exception,
    /// The module does not export the functions of the world.
    MissingExport,
    /// The top level called the host, which is not there yet.
    HostCall,
    /// The engine gave up: an abort, or a stack that is used up.
    Trap,
}

impl SourceErrorKind {
    /// `exception`, `missing-export`, `host-call` or `trap`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exception => "exception",
            Self::MissingExport => "missing-export",
            Self::HostCall => "host-call",
            Self::Trap => "trap",
        }
    }
}

/// A place in the source, both numbers from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
}

/// Why a source could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// How it failed.
    pub kind: SourceErrorKind,
    /// One sentence: the exception's own text, or the function that was called.
    pub message: String,
    /// Where, and from where that was called, innermost first. Empty when the engine did not say.
    pub places: Vec<Place>,
    /// All that the engine wrote, and how it ended.
    pub output: String,
}

/// Begins what the engine writes about an exception.
const TOP_LEVEL: &str = "Exception while evaluating top-level script\n";
/// Begins what follows the exception's text.
const ASIDE: &str = "Additionally, some promises were rejected";

impl SourceError {
    /// From what `check_init` answered and wrote.
    pub(crate) fn of_check(status: i32, output: String) -> Self {
        let said = output.lines().find_map(|line| line.split_once(" Error: "));
        let message = said.map_or_else(
            || format!("the module's exports cannot be used (check {status})"),
            |(_, said)| said.to_owned(),
        );
        Self { kind: SourceErrorKind::MissingExport, message, places: Vec::new(), output }
    }

    /// From how the engine ended and what it wrote before.
    pub(crate) fn of_trap(error: &wasmtime::Error, output: &str) -> Self {
        let cause = error.root_cause().to_string();
        let whole = format!("{output}\n{cause}");
        if let Some((_, told)) = output.split_once(TOP_LEVEL) {
            let places = places(told);
            let message = exception(told);
            return Self { kind: SourceErrorKind::Exception, message, places, output: whole };
        }
        let (kind, message) = match (host_call(&cause), error.downcast_ref::<Trap>()) {
            (Some(call), _) => (SourceErrorKind::HostCall, call),
            (None, Some(Trap::StackOverflow)) => {
                (SourceErrorKind::Trap, String::from("the stack is used up"))
            }
            (None, _) => (SourceErrorKind::Trap, String::from("the engine gave up")),
        };
        Self { kind, message, places: Vec::new(), output: whole }
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            SourceErrorKind::Exception => "The source throws while it is loaded",
            SourceErrorKind::MissingExport => "The source does not export what the world wants",
            SourceErrorKind::HostCall => "The source calls the host while it is loaded",
            SourceErrorKind::Trap => "The engine failed while it loaded the source",
        };
        write!(f, "{what}: {}", self.message)
    }
}

/// The exception's text. The engine puts the place before each of its lines.
fn exception(told: &str) -> String {
    let text = told.split_once(ASIDE).map_or(told, |(text, _)| text);
    let lines = text.lines().map(|line| match line.split_once(' ') {
        Some((first, rest)) if place(first).is_some() => rest,
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// All places of the source in a text, neighbours that are equal counted once.
fn places(told: &str) -> Vec<Place> {
    let words = told.split([' ', '@', '\n']);
    let mut places: Vec<_> = words.filter_map(place).collect();
    places.dedup();
    places
}

/// `handler.js:2:21` as a place.
fn place(word: &str) -> Option<Place> {
    let (line, column) = word.strip_prefix(SOURCE_NAME)?.strip_prefix(':')?.split_once(':')?;
    Some(Place { line: line.parse().ok()?, column: column.parse().ok()? })
}

/// `alga:extension/storage.get` out of the linker's words on an import that is a trap.
fn host_call(cause: &str) -> Option<String> {
    let (_, rest) = cause.split_once("unknown import: `")?;
    let (import, _) = rest.split_once('`')?;
    let (interface, function) = import.split_once("::")?;
    Some(format!("{interface}.{function}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trap(output: &str) -> SourceError {
        SourceError::of_trap(&wasmtime::format_err!("Exited with i32 exit status 1"), output)
    }

    #[test]
    fn an_exception_has_its_text_and_all_its_places() {
        let error = trap(
            "a line of the console\nException while evaluating top-level script\n\
             handler.js:2:21 TypeError: bad\nhandler.js:2:21 thing\nAdditionally, some promises \
             were rejected, but the rejection never handled:\nStack:\n  f@handler.js:2:21\n  \
             @handler.js:3:1\n",
        );
        assert_eq!(error.kind, SourceErrorKind::Exception);
        assert_eq!(error.message, "TypeError: bad\nthing");
        let places = [Place { line: 2, column: 21 }, Place { line: 3, column: 1 }];
        assert_eq!(error.places, places);
        assert!(error.output.ends_with("exit status 1"));
    }

    #[test]
    fn an_exception_without_a_place_has_its_text() {
        let error = trap("Exception while evaluating top-level script\nuncaught exception: 5\n");
        assert_eq!((error.message.as_str(), error.places.len()), ("uncaught exception: 5", 0));
    }

    #[test]
    fn a_call_of_the_host_has_its_name() {
        let cause = wasmtime::format_err!("unknown import: `a:b/c@1.0::d` has not been defined");
        let error = SourceError::of_trap(&cause, "");
        assert_eq!(error.kind, SourceErrorKind::HostCall);
        assert_eq!(error.message, "a:b/c@1.0.d");
    }

    #[test]
    fn whatever_else_happens_is_a_trap() {
        let error = SourceError::of_trap(&wasmtime::Error::new(Trap::StackOverflow), "");
        assert_eq!(error.message, "the stack is used up");
        assert_eq!(trap("").kind, SourceErrorKind::Trap);
    }

    #[test]
    fn a_missing_export_is_told_in_the_bindings_words() {
        let output =
            "/b/initializer.js:3159:5 Error: \"x\" does not export a \"handler\" function\n";
        let error = SourceError::of_check(1, output.to_owned());
        assert_eq!(error.message, "\"x\" does not export a \"handler\" function");
    }
}
