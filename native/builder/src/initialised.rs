//! What is left of a source once it is loaded: memory and globals.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType};
use xwb_runner::MemoryImage;

use crate::error::Error;
use crate::files::{sha256, write_whole};
use crate::initialise::GLOBAL_PREFIX;
use crate::template::{Template, wizer};

/// A component file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file, lower-case hexadecimal.
    pub sha256: String,
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

    /// The release component: the template's official build with this memory in it. Blocks for
    /// some 20 ms; the first time for a template 0.2 s more.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`].
    pub fn component(&self) -> Result<Vec<u8>, Error> {
        let parts = self.template.release_parts()?;
        let mut state =
            Saved { memory: self.image.restore(), globals: self.image.globals().iter() };
        let snapshot = wizer().snapshot(parts.engine.borrow_dependent(), &mut state).now_or_never();
        let module = snapshot.ok_or_else(|| Error::invalid("the snapshot is not ready"))?;
        parts.official.splice(&module.map_err(Error::invalid)?)
    }

    /// Writes [`Initialised::component`] to a file, whole or not at all.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`] and [`Error::Write`].
    pub fn write_component(&self, path: &Path) -> Result<Written, Error> {
        let component = self.component()?;
        write_whole(path, &component, false)?;
        Ok(Written { bytes: component.len() as u64, sha256: sha256(&component) })
    }
}

impl fmt::Debug for Initialised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Initialised").field("id", &self.id()).finish_non_exhaustive()
    }
}

/// Gives `wizer` the saved state in place of an instance's. It asks for the globals in order.
struct Saved<'a> {
    memory: Vec<u8>,
    globals: std::slice::Iter<'a, u64>,
}

impl InstanceState for Saved<'_> {
    async fn global_get(&mut self, name: &str, ty: ValType) -> SnapshotVal {
        debug_assert!(name.starts_with(GLOBAL_PREFIX));
        let bits = self.globals.next().copied().unwrap_or_default();
        let [a, b, c, d, ..] = bits.to_le_bytes();
        let low = u32::from_le_bytes([a, b, c, d]);
        match ty {
            ValType::I64 => SnapshotVal::I64(bits.cast_signed()),
            ValType::F32 => SnapshotVal::F32(low),
            ValType::F64 => SnapshotVal::F64(bits),
            _ => SnapshotVal::I32(low.cast_signed()),
        }
    }

    async fn memory_contents(&mut self, _name: &str, contents: impl FnOnce(&[u8]) + Send) {
        contents(&self.memory);
    }
}
