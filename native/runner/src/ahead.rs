//! Compiled code that is mapped before it is asked for.
//!
//! What a program runs first is most often what it ran last. So while the first component is
//! hashed, the compiled file that was used last is checked and mapped on another processor; only
//! if it is of that very component does it serve.

use std::path::{Path, PathBuf};
use std::thread;

use blake3::Hash;
use wasmtime::component::Component;

use crate::cache::open_file;
use crate::compile::map;
use crate::engine::Engine;
use crate::fault::Error;
use crate::load::hash_of;
use crate::lock::lock;

/// A compiled file that was found sound.
pub(crate) struct Ahead {
    pub(crate) file: PathBuf,
    pub(crate) code: Component,
}

impl Engine {
    /// Hashes a component's file; for an engine's first one, gives what was mapped meanwhile.
    pub(crate) fn hash_and_map(&self, path: &Path) -> Result<(Hash, Option<Ahead>), Error> {
        let is_first = lock(&self.0.known).is_empty();
        if !is_first {
            return Ok((hash_of(path)?, None));
        }
        thread::scope(|scope| {
            let ahead = scope.spawn(|| self.map_latest());
            let hash = hash_of(path);
            // A panic there costs what was gained here.
            let ahead = ahead.join().ok().flatten();
            Ok((hash?, ahead))
        })
    }

    fn map_latest(&self) -> Option<Ahead> {
        let file = self.0.cache.latest()?;
        let code = open_file(&file, |file| map(&self.0.engine, file))?;
        Some(Ahead { file, code })
    }
}
