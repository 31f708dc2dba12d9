//! Hashes and whole files.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use crate::error::Error;

/// Lower-case hexadecimal SHA-256 over parts, each counted with its length.
pub(crate) fn hash_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Writes pieces to a file so that readers see the old content or the new one; its folder is made.
///
/// # Errors
/// [`Error::Write`]; nothing half-written is left behind.
pub(crate) fn write_whole(
    path: &Path,
    pieces: &[impl AsRef<[u8]>],
    durable: bool,
) -> Result<(), Error> {
    write(path, pieces, durable).map_err(|cause| Error::Write { path: path.to_owned(), cause })
}

/// Temporary files are for their owner alone; what becomes of this one is an ordinary file.
fn staged_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".unfinished-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn write(path: &Path, pieces: &[impl AsRef<[u8]>], durable: bool) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut staged = staged_in(folder)?;
    for piece in pieces {
        staged.write_all(piece.as_ref())?;
    }
    if durable {
        staged.as_file().sync_all()?;
    }
    staged.persist(path).map_err(|failed| failed.error)?;
    if durable && let Ok(folder) = File::open(folder) {
        // Not every system lets folders be flushed; the file itself is safe.
        let _ = folder.sync_all();
    }
    Ok(())
}
