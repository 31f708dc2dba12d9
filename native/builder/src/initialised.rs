//! What is left of a source once it is loaded: memory and globals.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use xwb_runner::MemoryImage;

use crate::error::Error;
use crate::files::write_whole;
use crate::template::Template;

/// A component file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Size of the file.
    pub bytes: u64,
    /// Time for making and writing it.
    pub took: Duration,
}

/// A loaded source. It is data only: nothing of the engine's instance is kept.
#[derive(Clone)]
pub struct Initialised {
    template: Template,
    image: Arc<MemoryImage>,
    took: Duration,
}

impl Initialised {
    pub(crate) fn new(template: Template, image: MemoryImage, took: Duration) -> Self {
        Self { template, image: Arc::new(image), took }
    }

    /// Identifies source and template, lower-case hexadecimal: the same give the same component.
    #[must_use]
    pub fn id(&self) -> &str {
        self.image.sha256()
    }

    /// Time that loading took.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.took
    }

    /// The memory, to run at once on the template's image base.
    #[must_use]
    pub fn image(&self) -> Arc<MemoryImage> {
        Arc::clone(&self.image)
    }

    /// Writes the release component to a file, whole or not at all: the template's official build
    /// with this memory in it. Blocks for some 10 ms.
    ///
    /// # Errors
    /// [`Error::TemplateDamaged`], [`Error::TemplateInvalid`] and [`Error::Write`].
    pub fn write_component(&self, path: &Path) -> Result<Written, Error> {
        let started = Instant::now();
        let release = self.template.release()?;
        let pieces = release.with_memory(&self.image)?;
        write_whole(path, &pieces, false)?;
        let bytes = pieces.iter().map(|piece| piece.len() as u64).sum();
        Ok(Written { bytes, took: started.elapsed() })
    }
}

impl fmt::Debug for Initialised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Initialised").field("id", &self.id()).finish_non_exhaustive()
    }
}
