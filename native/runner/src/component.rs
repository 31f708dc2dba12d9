//! A component that is ready to run.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
    /// BLAKE3 of the file.
    pub(crate) hash: blake3::Hash,
    pub(crate) imports: Vec<String>,
    pub(crate) wants_image: bool,
    /// Whether a guest would notice that its instance was made ahead of the request.
    pub(crate) notices: AtomicBool,
}

impl Component {
    /// Everything it imports, sorted: `alga:extension/storage.get`, `wasi:cli/stdout@0.2.3.get-stdout`;
    /// an interface without functions appears under its bare name.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.prepared.imports
    }
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Component").field("hash", &self.prepared.hash).finish_non_exhaustive()
    }
}
