//! Memory images: one compiled component runs many sources, each instance with the memory that
//! the source's initialisation left behind.
//!
//! Such a component imports [`INTERFACE`] and pulls its memory from there while it is
//! instantiated; the builder crate makes it. It has no data of its own.

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use wasmtime::StoreContextMut;
use wasmtime::component::Linker;

use crate::component::Component;
use crate::state::RunState;

/// The import that an image base has besides those of the world.
pub(crate) const INTERFACE: &str = "xwb:image/memory";

/// Bytes of a WebAssembly page.
const PAGE: usize = 65_536;
/// Zero bytes are looked for in blocks of this size.
const BLOCK: usize = 4_096;
/// Runs that are nearer than this become one: a call costs more than copying the gap.
const NEAR: usize = 16_384;

/// What initialisation left in a memory and in the globals that can change.
#[derive(Debug)]
pub struct MemoryImage {
    sha256: String,
    pages: u32,
    runs: Vec<Run>,
    head: u64,
    globals: Vec<u64>,
}

#[derive(Debug)]
struct Run {
    address: u32,
    /// A part of one block: an allocator gives a large block back as soon as it is not needed, and
    /// keeps the places of many small ones.
    bytes: Bytes,
}

impl MemoryImage {
    /// Copies what is not zero.
    ///
    /// `sha256` identifies what the memory was made from; `memory` is a whole 32-bit memory, so
    /// at most 4 GiB; `globals` are the bits of the mutable globals in order of their indices.
    #[must_use]
    pub fn capture(sha256: String, memory: &[u8], globals: Vec<u64>) -> Self {
        let runs = runs(memory);
        let mut block = Vec::with_capacity(runs.iter().map(Range::len).sum());
        for range in &runs {
            block.extend_from_slice(&memory[range.clone()]);
        }
        let mut block = Bytes::from(block);
        let runs = runs.into_iter().map(|range| Run {
            address: u32::try_from(range.start).unwrap_or(u32::MAX),
            bytes: block.split_to(range.len()),
        });
        Self {
            sha256,
            pages: u32::try_from(memory.len() / PAGE).unwrap_or(u32::MAX),
            runs: runs.collect(),
            head: memory.first_chunk().map_or(0, |head| u64::from_le_bytes(*head)),
            globals,
        }
    }

    /// Hash of what the memory was made from, lower-case hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Size of the memory in pages of 64 KiB.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// Bits of the mutable globals, in order of their indices.
    #[must_use]
    pub fn globals(&self) -> &[u64] {
        &self.globals
    }

    /// Bytes that the image holds.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.runs.iter().map(|run| run.bytes.len() as u64).sum()
    }

    /// What is not zero: addresses, and bytes from there on, in order.
    pub fn runs(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.runs.iter().map(Run::placed)
    }

    /// As [`MemoryImage::runs`], those of them that reach into a range of addresses.
    pub fn runs_in<'a>(
        &'a self,
        range: &'a Range<usize>,
    ) -> impl Iterator<Item = (usize, &'a [u8])> {
        let first = self.runs.partition_point(|run| {
            let (address, bytes) = run.placed();
            address + bytes.len() <= range.start
        });
        self.runs[first..].iter().map(Run::placed).take_while(|(address, _)| *address < range.end)
    }
}

impl Run {
    fn placed(&self) -> (usize, &[u8]) {
        (self.address as usize, &self.bytes)
    }
}

fn runs(memory: &[u8]) -> Vec<Range<usize>> {
    const ZERO: [u8; BLOCK] = [0; BLOCK];
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (block, bytes) in (0..).map(|index| index * BLOCK).zip(memory.chunks(BLOCK)) {
        if bytes == &ZERO[..bytes.len()] {
            continue;
        }
        let end = block + bytes.len();
        match runs.last_mut() {
            Some(last) if block - last.end <= NEAR => last.end = end,
            _ => runs.push(block..end),
        }
    }
    runs
}

/// A compiled component that needs a memory image. Clones are the same.
#[derive(Clone, Debug)]
pub struct ImageBase(pub(crate) Component);

impl ImageBase {
    /// The component that runs with this memory. Costs nothing: no compilation, no copy.
    #[must_use]
    pub fn with_memory(&self, image: Arc<MemoryImage>) -> Component {
        Component { image: Some(image), ..self.0.clone() }
    }
}

/// Answers [`INTERFACE`] from the store's image.
///
/// # Errors
/// When the linker has the interface already.
pub(crate) fn link(linker: &mut Linker<RunState>) -> wasmtime::Result<()> {
    let mut interface = linker.instance(INTERFACE)?;
    interface.func_wrap("pages", |store, (): ()| Ok((image(&store)?.pages,)))?;
    interface
        .func_wrap("runs", |store, (): ()| Ok((u32::try_from(image(&store)?.runs.len())?,)))?;
    interface.func_wrap("address", |store, (index,): (u32,)| {
        Ok((run(image(&store)?, index)?.address,))
    })?;
    interface.func_wrap("bytes", |store, (index,): (u32,)| {
        Ok((run(image(&store)?, index)?.bytes.clone(),))
    })?;
    interface.func_wrap("head", |store, (): ()| Ok((image(&store)?.head,)))?;
    interface.func_wrap("global", |store, (index,): (u32,)| {
        let value = image(&store)?.globals.get(index as usize).copied();
        Ok((value.ok_or_else(|| wasmtime::format_err!("the image has no global {index}"))?,))
    })
}

fn image<'a>(store: &'a StoreContextMut<'_, RunState>) -> wasmtime::Result<&'a MemoryImage> {
    store.data().image.as_deref().ok_or_else(|| wasmtime::format_err!("there is no memory image"))
}

fn run(image: &MemoryImage, index: u32) -> wasmtime::Result<&Run> {
    let run = image.runs.get(index as usize);
    run.ok_or_else(|| wasmtime::format_err!("the image has no run {index}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_captured_is_what_is_restored() {
        let mut memory = vec![0_u8; 3 * PAGE];
        for (index, byte) in [(3, 7), (5_000, 1), (30_000, 2), (3 * PAGE - 1, 9)] {
            memory[index] = byte;
        }
        let image = MemoryImage::capture(String::from("x"), &memory, vec![5]);
        let mut restored = vec![0; memory.len()];
        for (address, bytes) in image.runs() {
            restored[address..address + bytes.len()].copy_from_slice(bytes);
        }
        assert_eq!(restored, memory);
        let reaching =
            |range| image.runs_in(&range).map(|(address, _)| address).collect::<Vec<_>>();
        assert_eq!(reaching(0..8_192), [0]);
        assert_eq!(reaching(8_192..28_672), [0; 0]);
        assert_eq!(reaching(8_191..28_673), [0, 28_672]);
        assert_eq!(image.pages(), 3);
        assert_eq!(image.head, 7 << 24);
        assert_eq!(image.runs.len(), 3, "near runs are one");
        assert!(image.bytes() < 40_000);
    }

    #[test]
    fn an_empty_memory_has_no_runs() {
        let image = MemoryImage::capture(String::new(), &[], Vec::new());
        assert_eq!((image.pages(), image.bytes(), image.runs().count()), (0, 0, 0));
    }
}
