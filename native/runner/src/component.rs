//! A component that is ready to run.

use std::sync::Arc;

use crate::engine::Engine;
use crate::image::MemoryImage;
use crate::state::RunState;
use crate::world::RunnerPre;

/// A checked, compiled and linked component. Clones are the same component.
#[derive(Clone)]
pub struct Component {
    pub(crate) engine: Engine,
    pub(crate) prepared: Arc<Prepared>,
    /// What its memory begins as, for a component that takes it from the host.
    pub(crate) image: Option<Arc<MemoryImage>>,
}

pub(crate) struct Prepared {
    pub(crate) pre: RunnerPre<RunState>,
    pub(crate) sha256: String,
    pub(crate) bytes: u64,
    pub(crate) imports: Vec<String>,
    pub(crate) wants_image: bool,
}

impl Component {
    /// SHA-256 of the component file, lower-case hexadecimal; with a memory image, of what that
    /// was made from.
    #[must_use]
    pub fn sha256(&self) -> &str {
        self.image.as_ref().map_or(&self.prepared.sha256, |image| image.sha256())
    }

    /// Size of the component file.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.prepared.bytes
    }

    /// Everything it imports, sorted: `alga:extension/storage.get`, `wasi:cli/stdout@0.2.3.get-stdout`;
    /// an interface without functions appears under its bare name.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.prepared.imports
    }
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Component").field("sha256", &self.sha256()).finish_non_exhaustive()
    }
}
