//! Keeps the pages that guests write to in place between runs.
//!
//! After a run Wasmtime asks the kernel which pages of a memory were written and restores just
//! those. It asks for 32 stretches of pages; what lies beyond the last one it gives back, and the
//! next run faults it in anew. A JavaScript engine writes to some fifty stretches, so that half of
//! its pages come and go with every call, which costs more than the call itself as soon as two
//! threads do it. Here the narrowest gaps between stretches get pages of their own, once for each
//! memory of the pool: stretches grow together, and Wasmtime hears of all of them. Not a byte of
//! any memory changes.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use rustix::mm::{Advice, madvise};

/// Stretches that a memory's image is brought down to; what a guest adds behind the image needs
/// some of Wasmtime's 32 as well.
const MOST_STRETCHES: usize = 16;
/// Pages that one look may add to a memory.
const MOST_ADDED: usize = 512;

/// Fills the narrow gaps between written pages in every memory of this process that began as an
/// image. Gives the number of pages added.
///
/// # Errors
/// When the process may not look at its own mappings.
pub fn settle_memories() -> io::Result<usize> {
    let pagemap = File::open("/proc/self/pagemap")?;
    let page = rustix::param::page_size();
    let mut added = 0;
    let maps = fs::read_to_string("/proc/self/maps")?;
    let images = maps.lines().filter_map(Mapping::parse).filter(Mapping::is_image);
    for memory in images.map(|image| image.addresses) {
        let mut entries = vec![0; memory.len() / page * 8];
        pagemap.read_exact_at(&mut entries, (memory.start / page * 8) as u64)?;
        for gap in narrow_gaps(&stretches(&entries)) {
            let addresses = memory.start + gap.start * page..memory.start + gap.end * page;
            if advise(addresses, Advice::LinuxPopulateWrite) {
                added += gap.len();
            }
        }
    }
    Ok(added)
}

/// Brings pages of instances' memories back that the system has swapped out: Wasmtime would not
/// restore them, and the next run would find what this one wrote.
///
/// # Errors
/// When the process may not look at its own mappings.
pub(crate) fn recall_memories() -> io::Result<()> {
    if !has_swapped(&fs::read_to_string("/proc/self/status")?) {
        return Ok(());
    }
    for memory in memories(&fs::read_to_string("/proc/self/maps")?) {
        advise(memory, Advice::LinuxPopulateRead);
    }
    Ok(())
}

fn has_swapped(status: &str) -> bool {
    let swapped = status.lines().find_map(|line| line.strip_prefix("VmSwap:"));
    swapped.is_some_and(|size| size.trim() != "0 kB")
}

/// A line of the process's mappings.
struct Mapping<'a> {
    addresses: Range<usize>,
    access: &'a str,
    name: &'a str,
}

impl<'a> Mapping<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut fields = line.splitn(6, ' ');
        let (start, end) = fields.next()?.split_once('-')?;
        let address = |text| usize::from_str_radix(text, 16).ok();
        Some(Self {
            addresses: address(start)?..address(end)?,
            access: fields.next()?,
            name: fields.nth(3)?.trim_start(),
        })
    }

    /// Whether it is a memory that began as an image: a private, writable view of compiled code's
    /// data, or of the copy that Wasmtime makes of it.
    fn is_image(&self) -> bool {
        let compiled = || Path::new(self.name).extension().is_some_and(|kind| kind == "cwasm");
        self.access == "rw-p" && (self.name.starts_with("/memfd:wasm-memory-image") || compiled())
    }
}

/// What can be written to in front of address space that is kept free, as every memory of the
/// pool is. There may be more such places.
fn memories(maps: &str) -> Vec<Range<usize>> {
    const KEPT_FREE: usize = 1 << 30;
    let mut memories = Vec::new();
    let mut writable = 0..0;
    for Mapping { addresses, access, .. } in maps.lines().filter_map(Mapping::parse) {
        let follows = addresses.start == writable.end;
        match access {
            "rw-p" if follows => writable.end = addresses.end,
            "rw-p" => writable = addresses,
            "---p" if follows && addresses.len() >= KEPT_FREE => {
                memories.push(std::mem::take(&mut writable));
            }
            _ => writable = 0..0,
        }
    }
    memories
}

/// Runs of pages that are present and no longer the file's, by their entries in the page map.
fn stretches(entries: &[u8]) -> Vec<Range<usize>> {
    const PRESENT: u64 = 1 << 63;
    const OF_FILE: u64 = 1 << 61;
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for (index, entry) in entries.as_chunks().0.iter().enumerate() {
        if u64::from_ne_bytes(*entry) & (PRESENT | OF_FILE) != PRESENT {
            continue;
        }
        match stretches.last_mut() {
            Some(last) if last.end == index => last.end += 1,
            _ => stretches.push(index..index + 1),
        }
    }
    stretches
}

/// The narrowest gaps, as many as it takes to leave few enough stretches.
fn narrow_gaps(stretches: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut gaps: Vec<_> = stretches.windows(2).map(|pair| pair[0].end..pair[1].start).collect();
    gaps.sort_by_key(ExactSizeIterator::len);
    gaps.truncate(stretches.len().saturating_sub(MOST_STRETCHES));
    let mut room = MOST_ADDED;
    gaps.retain(|gap| {
        let fits = gap.len() <= room;
        room -= if fits { gap.len() } else { 0 };
        fits
    });
    gaps
}

/// Whether the kernel did so. `advice` must be one that gives pages and changes none.
#[allow(unsafe_code, reason = "the kernel's way to have pages is by address")]
fn advise(addresses: Range<usize>, advice: Advice) -> bool {
    let (start, length) = (std::ptr::with_exposed_provenance_mut(addresses.start), addresses.len());
    // SAFETY: the kernel gives pages to what is mapped, whatever that is by now; nobody can see a
    // difference. A refusal, as for what is mapped no longer, leaves things as they are.
    unsafe { madvise(start, length, advice) }.is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_images_among_mappings() {
        let is_image = |line| Mapping::parse(line).is_some_and(|mapping| mapping.is_image());
        let memory = "7eabc40fd000-7eabc4910000 rw-p 00000000 00:01 32395    /memfd:wasm-memory-image (deleted)";
        assert!(is_image(memory));
        assert_eq!(Mapping::parse(memory).unwrap().addresses, 0x7eab_c40f_d000..0x7eab_c491_0000);
        assert!(is_image("7000-9000 rw-p 01a09000 fe:00 99    /cache/a b/x.cwasm"));
        assert!(!is_image("7000-9000 r-xp 01a09000 fe:00 99    /cache/x.cwasm"));
        assert!(!is_image("7000-9000 rw-p 00000000 00:00 0    [heap]"));
        assert!(!is_image("7000-9000 rw-p 00000000 00:00 0 "));
        assert!(!is_image(""));
    }

    #[test]
    fn finds_memories_by_the_space_behind_them() {
        let maps = "1000-2000 rw-p 0 00:00 0 \n2000-3000 rw-p 0 00:00 0 \n3000-50003000 ---p 0 00:00 0 \n\
            60000000-60001000 rw-p 0 00:00 0 \n60001000-60002000 ---p 0 00:00 0 \n\
            60003000-60004000 rw-p 0 00:00 0 \n60005000-c0005000 ---p 0 00:00 0 ";
        let found = memories(maps);
        assert_eq!((found.len(), found.first()), (1, Some(&(0x1000..0x3000))));
    }

    #[test]
    fn knows_whether_pages_are_swapped_out() {
        assert!(has_swapped("VmRSS:\t  12 kB\nVmSwap:\t     512 kB\n"));
        assert!(!has_swapped("VmSwap:\t       0 kB\n"));
        assert!(!has_swapped(""));
    }

    #[test]
    fn written_pages_are_present_and_not_the_files() {
        let (written, read, absent) = (1_u64 << 63, 0b101_u64 << 61, 0_u64);
        let entries = [absent, written, written, read, written].map(u64::to_ne_bytes).concat();
        assert_eq!(stretches(&entries), [1..3, 4..5]);
    }

    #[test]
    fn fills_the_narrowest_gaps_and_no_more_than_needed() {
        let few: Vec<_> = (0..MOST_STRETCHES).map(|n| n * 10..n * 10 + 1).collect();
        assert_eq!(narrow_gaps(&few), []);
        let end = few[MOST_STRETCHES - 1].end;
        let more = [few, vec![end + 2..end + 3, 200_000..200_001]].concat();
        assert_eq!(narrow_gaps(&more), [end..end + 2, 1..10]);
    }
}
