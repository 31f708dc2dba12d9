//! Errors, each with a stable code.

use std::io;
use std::path::PathBuf;

use xwb_runner::Panic;

use crate::source_error::SourceError;

/// No component: the author's source, the template or the machine is at fault.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `builder.create`
    #[error("The builder could not be created")]
    Engine(#[source] wasmtime::Error),
    /// `builder.folder`, or `build.disk-full`
    #[error("The builder's folder cannot be used")]
    Folder(#[source] io::Error),
    /// `builder.write`, or `build.disk-full`
    #[error("{} cannot be written", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// `template.missing`
    #[error("There is no engine template in {}", .0.display())]
    TemplateMissing(PathBuf),
    /// `template.damaged`
    #[error("The engine template is damaged: {0}")]
    TemplateDamaged(String),
    /// `template.invalid`
    #[error("The engine template cannot be used: {0}")]
    TemplateInvalid(String),
    /// `source.too_large`
    #[error("The source has {size} bytes; the limit is {limit} bytes")]
    SourceTooLarge {
        /// Bytes of the source.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// `source.failed`
    #[error("{0}")]
    Source(SourceError),
    /// `source.timeout`
    #[error("The source did not finish loading within {0} ms")]
    SourceTimeout(u64),
    /// `source.memory`
    #[error("The source needed more than {0} MiB while it was loaded")]
    SourceMemory(usize),
    /// `builder.disposed`
    #[error("The loaded source is not held any more")]
    Disposed,
    /// `build.cancelled`
    #[error("The build was cancelled")]
    Cancelled,
    /// `native.panic`
    #[error("The native builder failed unexpectedly: {0}")]
    Panic(String),
}

impl Error {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Engine(_) => "builder.create",
            Self::Folder(cause) | Self::Write { cause, .. } if is_full(cause) => "build.disk-full",
            Self::Folder(_) => "builder.folder",
            Self::Write { .. } => "builder.write",
            Self::TemplateMissing(_) => "template.missing",
            Self::TemplateDamaged(_) => "template.damaged",
            Self::TemplateInvalid(_) => "template.invalid",
            Self::SourceTooLarge { .. } => "source.too_large",
            Self::Source(_) => "source.failed",
            Self::SourceTimeout(_) => "source.timeout",
            Self::SourceMemory(_) => "source.memory",
            Self::Disposed => "builder.disposed",
            Self::Cancelled => "build.cancelled",
            Self::Panic(_) => "native.panic",
        }
    }

    /// The sentence and what lies behind it: causes, or all that the engine wrote.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Engine(cause) => format!("{self}: {cause:#}"),
            Self::Folder(cause) | Self::Write { cause, .. } => format!("{self}: {cause}"),
            Self::Source(failed) => format!("{self}\n{}", failed.output),
            _ => self.to_string(),
        }
    }

    /// A template whose content is not what this builder can work with.
    pub(crate) fn invalid(why: impl std::fmt::Display) -> Self {
        Self::TemplateInvalid(format!("{why:#}"))
    }
}

impl From<Panic> for Error {
    fn from(Panic(text): Panic) -> Self {
        Self::Panic(text)
    }
}

/// Whether nothing more can be written: the disk, the user's share of it or the largest file.
fn is_full(cause: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(cause.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}
