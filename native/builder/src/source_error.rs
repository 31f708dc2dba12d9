//! What the engine says about a source that it could not load.

use std::fmt;

use wasmtime::Trap;

use crate::context::SOURCE_NAME;
use crate::engine_module::Absent;
use crate::seal::INITIALIZER;

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
    /// From what `check_init` answered and wrote, in the official tool's words: its own sentence on
    /// the answer, then what the engine said, without the places in the bindings.
    pub(crate) fn of_check(status: i32, said: &str) -> Self {
        let verdict = match status {
            1 => String::from("Unable to extract expected exports list"),
            2 => String::from("Unable to parse the core ABI export types"),
            _ => format!("Unknown error during initialization: {status}"),
        };
        let lines: Vec<_> = said.lines().map(without_place).collect();
        let reason = lines.first().map_or(verdict.as_str(), |line| line.trim());
        let message = reason.strip_prefix("Error: ").unwrap_or(reason).to_owned();
        let output = format!("{verdict}\n{}", lines.join("\n")).trim().to_owned();
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
        let (kind, message) = match (error.downcast_ref(), error.downcast_ref::<Trap>()) {
            (Some(Absent { module, name }), _) => {
                (SourceErrorKind::HostCall, format!("{module}.{name}"))
            }
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

/// A line without the place in the bindings that it begins with.
fn without_place(line: &str) -> String {
    let marks = |c: char| c == ':' || c.is_ascii_digit();
    match line.split_once(INITIALIZER) {
        Some((path, rest)) if !path.contains(' ') => {
            let rest = rest.trim_start_matches(marks);
            rest.strip_prefix(' ').unwrap_or(rest).to_owned()
        }
        _ => line.to_owned(),
    }
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
        let absent = Absent { module: String::from("a:b/c@1.0"), name: String::from("d") };
        let error = SourceError::of_trap(&absent.into(), "");
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
    fn a_missing_export_is_told_in_the_official_words() {
        let said = "/b/initializer.js:3159:5 Error: \"x\" does not export a \"handler\" function\n\
                    /b/initializer.js:3159:5   Try defining it:\n";
        let error = SourceError::of_check(1, said);
        assert_eq!(error.message, "\"x\" does not export a \"handler\" function");
        let expected = "Unable to extract expected exports list\nError: \"x\" does not export a \
                        \"handler\" function\n  Try defining it:";
        assert_eq!(error.output, expected);
        let silent = SourceError::of_check(7, "");
        assert_eq!(silent.message, "Unknown error during initialization: 7");
        assert_eq!(silent.output, silent.message);
    }

    #[test]
    fn exports_that_are_not_there_yet_are_told() {
        let said = "/b/initializer.js:9:5 ReferenceError: can't access lexical declaration 'h'\n";
        let error = SourceError::of_check(1, said);
        assert_eq!(error.message, "ReferenceError: can't access lexical declaration 'h'");
    }
}
