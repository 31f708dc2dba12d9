//! Errors, each with a stable code. Two kinds: an [`Error`] means there was no run; a [`Fault`]
//! is how a run ended.

use std::borrow::Cow;

use serde::Serialize;
use wasmtime::Trap;

use crate::limits::{Limits, Usage};
use crate::panic::Panic;

/// There was no run: the engine, the component or the request is at fault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `engine.create`
    #[error("The engine could not be created")]
    Engine(#[source] wasmtime::Error),
    /// `cache.unusable`
    #[error("The folder for compiled components cannot be used")]
    Cache(#[source] std::io::Error),
    /// `component.unreadable`
    #[error("The component file cannot be read")]
    Unreadable(#[source] std::io::Error),
    /// `component.replaced`
    #[error("The component file was replaced while it was read")]
    Replaced,
    /// `component.too_large`
    #[error("The component file has {size} bytes; the limit is {limit} bytes")]
    TooLarge {
        /// Bytes of the file.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// `component.empty`
    #[error("The component file is empty")]
    Empty,
    /// `component.not_wasm`
    #[error("The file is not WebAssembly: it does not start with the WebAssembly header")]
    NotWasm,
    /// `component.core_module`
    #[error("The file is a core WebAssembly module; a component is needed")]
    CoreModule,
    /// `component.invalid`
    #[error("The component is damaged or uses features that are not supported")]
    Invalid(#[source] wasmtime::Error),
    /// `component.unknown_import`
    #[error("The component imports `{import}`, which nobody provides{}", hint(nearest.as_deref()))]
    UnknownImport {
        /// The import's full name, with the function after a dot where the interface is known.
        import: String,
        /// The known name that looks most like it.
        nearest: Option<String>,
    },
    /// `component.link`
    #[error("The component's imports do not have the types of the extension world")]
    Link(#[source] wasmtime::Error),
    /// `component.no_handler`
    #[error("The component does not export the function `handler`; it exports {exports}")]
    NoHandler {
        /// The names it exports, or the word `nothing`.
        exports: String,
    },
    /// `component.handler_type`
    #[error("The export `handler` has the wrong type: expected {expected}, found {found}")]
    HandlerType {
        /// The world's type.
        expected: String,
        /// The component's type.
        found: String,
    },
    /// `request.limits`
    #[error("{0}")]
    Limits(String),
    /// `native.panic`
    #[error("The native runner failed unexpectedly: {0}")]
    Panic(String),
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Engine(_) => "engine.create",
            Self::Cache(_) => "cache.unusable",
            Self::Unreadable(_) => "component.unreadable",
            Self::Replaced => "component.replaced",
            Self::TooLarge { .. } => "component.too_large",
            Self::Empty => "component.empty",
            Self::NotWasm => "component.not_wasm",
            Self::CoreModule => "component.core_module",
            Self::Invalid(_) => "component.invalid",
            Self::UnknownImport { .. } => "component.unknown_import",
            Self::Link(_) => "component.link",
            Self::NoHandler { .. } => "component.no_handler",
            Self::HandlerType { .. } => "component.handler_type",
            Self::Limits(_) => "request.limits",
            Self::Panic(_) => "native.panic",
        }
    }

    /// The sentence and, where there is one, the whole chain of causes.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Engine(cause) | Self::Invalid(cause) | Self::Link(cause) => {
                format!("{self}: {cause:#}")
            }
            Self::Cache(cause) | Self::Unreadable(cause) => format!("{self}: {cause}"),
            _ => self.to_string(),
        }
    }
}

impl From<Panic> for Error {
    fn from(Panic(text): Panic) -> Self {
        Self::Panic(text)
    }
}

/// How a run ended when it did not end with an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// The stable code, e.g. `guest.trap`.
    pub code: &'static str,
    /// One sentence for a person.
    pub message: String,
    /// `execute_failed: ` and the chain of causes, with the guest's stack where there is one
    /// (the platform's wording, spec section 4.3).
    pub detail: String,
    /// What the guest wrote to standard error, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
}

/// Why the runner itself ended a guest. Travels through the guest as a trap.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Stop {
    #[error("wall-clock time limit of {0} ms reached")]
    Timeout(u64),
    #[error("cancelled")]
    Cancelled,
    #[error("limit of {0} host calls reached")]
    HostCalls(usize),
    #[error("response of {size} bytes is larger than the limit of {limit} bytes")]
    ResponseTooLarge { size: usize, limit: usize },
    #[error("response with {count} headers; the limit is {limit}")]
    ResponseHeaders { count: usize, limit: usize },
    #[error("host function {interface}.{function} took longer than {limit_ms} ms")]
    HostTimeout { interface: &'static str, function: &'static str, limit_ms: u64 },
    #[error("host function {interface}.{function} failed: {message}")]
    HostFailed { interface: &'static str, function: &'static str, message: String },
    #[error("host function {interface}.{function} was given a reply of the wrong shape: {why}")]
    HostReply { interface: &'static str, function: &'static str, why: String },
}

impl Stop {
    fn describe(&self) -> (&'static str, String) {
        match self {
            Self::Timeout(ms) => (
                "guest.timeout",
                format!("The extension was stopped at its time limit of {ms} ms."),
            ),
            Self::Cancelled => ("guest.cancelled", String::from("The run was cancelled.")),
            Self::HostCalls(limit) => (
                "guest.host_calls",
                format!("The extension made more than its {limit} allowed host calls."),
            ),
            Self::ResponseTooLarge { size, limit } => (
                "guest.response_too_large",
                format!("The response has {size} bytes; the limit is {limit} bytes."),
            ),
            Self::ResponseHeaders { count, limit } => (
                "guest.response_too_large",
                format!("The response has {count} headers; the limit is {limit}."),
            ),
            Self::HostTimeout { interface, function, limit_ms } => (
                "host.timeout",
                format!(
                    "The host function {interface}.{function} did not answer within its limit of \
                     {limit_ms} ms."
                ),
            ),
            Self::HostFailed { interface, function, message } => (
                "host.failed",
                format!("The host function {interface}.{function} failed: {message}"),
            ),
            Self::HostReply { interface, function, why } => (
                "host.reply_shape",
                format!("The host answered {interface}.{function} with the wrong shape: {why}"),
            ),
        }
    }
}

/// Turns the error a guest call ended with into a [`Fault`].
pub(crate) fn classify(
    error: &wasmtime::Error,
    usage: &Usage,
    limits: &Limits,
    stderr: Option<String>,
) -> Fault {
    let (code, message) = if let Some(stop) = error.downcast_ref::<Stop>() {
        stop.describe()
    } else if let Some(reached) = describe_refusal(usage, limits) {
        reached
    } else if let Some(exit) = error.downcast_ref::<wasmtime_wasi::I32Exit>() {
        ("guest.exit", format!("The extension ended itself with exit status {}.", exit.0))
    } else if let Some(trap) = error.downcast_ref::<Trap>() {
        describe_trap(*trap)
    } else if error.is::<wasmtime::PoolConcurrencyLimitError>() {
        ("engine.busy", String::from("Too many runs at once for the engine's pools; try again."))
    } else {
        describe_untyped(error, limits)
    };
    Fault { code, message, detail: format!("execute_failed: {error:#}"), stderr }
}

/// A refused growth is told to the guest, which then ends in one way or another.
fn describe_refusal(usage: &Usage, limits: &Limits) -> Option<(&'static str, String)> {
    if usage.memory_refused() {
        let message = format!(
            "The extension ended after its memory limit of {} MiB was reached (peak {} MiB).",
            limits.memory_mb,
            usage.peak().div_ceil(1 << 20),
        );
        return Some(("guest.memory", message));
    }
    let asked = usage.table_refused()?;
    let limit = limits.max_table_elements;
    let message = format!(
        "The extension ended after its limit of {limit} table elements was reached (asked for {asked})."
    );
    Some(("guest.table", message))
}

/// Wasmtime has no public types for two of its limits; tests hold these texts against it.
fn describe_untyped(error: &wasmtime::Error, limits: &Limits) -> (&'static str, String) {
    let root = error.root_cause().to_string();
    if root.starts_with("resource limit exceeded: ") {
        let message = format!(
            "The extension is made of too many parts: {root}; the limit is {} instances.",
            limits.max_instances
        );
        return ("guest.instances", message);
    }
    if root.starts_with("too much data is being copied") {
        let message = format!(
            "The extension passed more than {} bytes to the host at once.",
            limits.max_transfer_bytes
        );
        return ("guest.transfer_too_large", message);
    }
    ("guest.failed", format!("The extension could not be run: {root}"))
}

fn describe_trap(trap: Trap) -> (&'static str, String) {
    let reason: Cow<'_, str> = match trap {
        Trap::StackOverflow => {
            return (
                "guest.stack_overflow",
                String::from("The extension used up its stack (endless recursion?)."),
            );
        }
        Trap::UnreachableCodeReached => {
            "unreachable code reached; in JavaScript an uncaught exception, a facility that was \
             switched off at build time, or a response without `headers` ends this way"
                .into()
        }
        other => other.to_string().into(),
    };
    ("guest.trap", format!("The extension trapped: {reason}."))
}
