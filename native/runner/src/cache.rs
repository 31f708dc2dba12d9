//! Compiled components and modules on disk.
//!
//! One file per binary and engine: `<key of the binary>-<engine tag>-<XXH3 of the file>.cwasm`.
//! The name is the separate record of what the content must be: compiled code is trusted by
//! Wasmtime, so a file is hashed before it is mapped, and one that differs is removed and never
//! run. The folder belongs to the user and is as trusted as the program itself; the hash guards
//! against damage, not against somebody who can write there. XXH3 with its 128 bits because it is
//! as fast as memory: 37 MB take 3 ms, where BLAKE3 takes seven and SHA-256 thirty.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use memmap2::Mmap;
use twox_hash::XxHash3_128;
use wasmtime::Engine;

const EXTENSION: &str = "cwasm";
const UNFINISHED: &str = ".unfinished-";
/// Raised whenever a compiled file of an older program must not be used by a newer one.
const RUNNER_SETTINGS: &str = "xwb-runner/2";
/// An unfinished file this old belongs to a process that died.
const ABANDONED: Duration = Duration::from_hours(1);

/// The folder with compiled binaries.
#[derive(Debug)]
pub struct CompiledCache {
    folder: PathBuf,
    max_bytes: u64,
    tag: String,
}

/// What a look into the cache gave.
#[derive(Debug)]
pub enum Lookup<T> {
    /// The compiled binary.
    Hit(T),
    /// There was no file.
    Miss,
    /// There was a file, it was not what its name says, and it is gone.
    Damaged,
}

impl CompiledCache {
    /// Opens or makes the folder. `settings` is any text that must agree for a file to be used.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn open(
        folder: &Path,
        max_bytes: u64,
        engine: &Engine,
        settings: &str,
    ) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        settings.hash(&mut hasher);
        let tag = format!("{:016x}", hasher.finish());
        Ok(Self { folder: folder.to_owned(), max_bytes, tag })
    }

    /// As [`CompiledCache::open`], with the files of every engine made by [`crate::code_settings`].
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn of_runner(folder: &Path, max_bytes: u64, engine: &Engine) -> io::Result<Self> {
        Self::open(folder, max_bytes, engine, RUNNER_SETTINGS)
    }

    /// Maps the compiled form of the binary with this key, its hash in hexadecimal, if there is a sound one. `map` is
    /// given files whose content was found to be what [`CompiledCache::put`] wrote.
    pub fn get<T>(&self, key: &str, map: impl Fn(&Path) -> Option<T>) -> Lookup<T> {
        let mut answer = Lookup::Miss;
        for file in self.entries(key) {
            if let Some(compiled) = open_file(&file, &map) {
                return Lookup::Hit(compiled);
            }
            // Removal may fail where another process has the file mapped; it stays unused.
            let _ = fs::remove_file(&file);
            answer = Lookup::Damaged;
        }
        answer
    }

    /// The file of this engine that was used last.
    pub(crate) fn latest(&self) -> Option<PathBuf> {
        let tag = format!("-{}-", self.tag);
        let own = files(&self.folder).filter(|(path, _)| {
            path.file_name().is_some_and(|name| name.to_string_lossy().contains(&tag))
        });
        own.max_by_key(|(_, info)| info.modified().ok()).map(|(path, _)| path)
    }

    /// Whether a file is the compiled form of the binary with this key.
    pub(crate) fn is_of(&self, file: &Path, key: &str) -> bool {
        let prefix = self.prefix(key);
        file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix))
    }

    /// Stores a compiled binary and gives its file: written whole, then renamed into place. Nobody
    /// waits for the disk: a file that a power cut leaves unfinished does not have the hash in its
    /// name.
    ///
    /// # Errors
    /// When writing fails; nothing half-written is left under a valid name.
    pub fn put(&self, key: &str, compiled: &[u8]) -> io::Result<PathBuf> {
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)?;
        file.write_all(compiled)?;
        let name = format!("{}{}.{EXTENSION}", self.prefix(key), hash_of(compiled));
        let target = self.folder.join(name);
        file.persist(&target).map_err(|error| error.error)?;
        self.evict(&target);
        Ok(target)
    }

    fn prefix(&self, key: &str) -> String {
        format!("{key}-{}-", self.tag)
    }

    fn entries(&self, key: &str) -> Vec<PathBuf> {
        files(&self.folder).map(|(path, _)| path).filter(|path| self.is_of(path, key)).collect()
    }

    /// Removes the least recently used files beyond the size limit, never `keep`, and what
    /// dead processes left behind. Files in use stay where the system refuses.
    fn evict(&self, keep: &Path) {
        let now = SystemTime::now();
        let mut found = Vec::new();
        let mut total = 0;
        for (path, info) in files(&self.folder) {
            let used = info.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            if path.extension().is_some_and(|extension| extension == EXTENSION) {
                total += info.len();
                found.push((used, info.len(), path));
            } else if now.duration_since(used).is_ok_and(|age| age > ABANDONED)
                && path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(UNFINISHED))
            {
                let _ = fs::remove_file(path);
            }
        }
        found.sort();
        for (_, size, path) in found {
            if total <= self.max_bytes {
                return;
            }
            if path != keep && fs::remove_file(&path).is_ok() {
                total -= size;
            }
        }
    }
}

fn files(folder: &Path) -> impl Iterator<Item = (PathBuf, fs::Metadata)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| Some((entry.path(), entry.metadata().ok()?)))
        .filter(|(_, info)| info.is_file())
}

/// Maps one file if it is sound, and marks it as used.
pub(crate) fn open_file<T>(file: &Path, map: impl Fn(&Path) -> Option<T>) -> Option<T> {
    let compiled = is_sound(file).then(|| map(file)).flatten()?;
    touch(file);
    Some(compiled)
}

/// Whether the content is the one that the file's name tells.
fn is_sound(path: &Path) -> bool {
    let name = path.file_stem().and_then(|name| name.to_str());
    let told = name.and_then(|name| name.rsplit('-').next());
    let content = File::open(path).and_then(|file| content(&file));
    content.is_ok_and(|content| told == Some(&hash_of(&content)))
}

#[allow(unsafe_code, reason = "reading a file through its pages takes half the time")]
fn content(file: &File) -> io::Result<Mmap> {
    // SAFETY: a finished file is never written to; it is removed at most.
    unsafe { Mmap::map(file) }
}

fn hash_of(content: &[u8]) -> String {
    format!("{:032x}", XxHash3_128::oneshot(content))
}

/// Marks a file as just used. Failing costs at most an early eviction.
fn touch(path: &Path) {
    if let Ok(file) = File::options().write(true).open(path) {
        let _ = file.set_modified(SystemTime::now());
    }
}
