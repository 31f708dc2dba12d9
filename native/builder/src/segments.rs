//! A memory as data segments, laid out as `wizer` does it in official builds.

use std::ops::Range;

use wasm_encoder::{ConstExpr, Encode as _};
use xwb_runner::MemoryImage;

/// Fewer zeros than this cost less than another segment.
const LEAST_GAP: usize = 5;
/// Most segments of a memory; engines have a limit on them.
const MOST: usize = 10_000;

/// The parts of a memory that are not zero, in order.
pub(crate) struct Segments<'a> {
    image: &'a MemoryImage,
    ranges: Vec<Range<usize>>,
}

impl<'a> Segments<'a> {
    pub(crate) fn of(image: &'a MemoryImage) -> Self {
        let mut ranges = Vec::new();
        for (address, bytes) in image.runs() {
            for range in parts(bytes) {
                push(&mut ranges, address + range.start..address + range.end);
            }
        }
        join_nearest(&mut ranges);
        Self { image, ranges }
    }

    pub(crate) fn count(&self) -> usize {
        self.ranges.len()
    }

    /// Appends all as active segments of the first memory.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        let bytes: usize = self.ranges.iter().map(Range::len).sum();
        out.reserve(bytes + 16 * self.ranges.len());
        for range in &self.ranges {
            // Active, of the first memory.
            out.push(0);
            let start = u32::try_from(range.start).unwrap_or(u32::MAX);
            ConstExpr::i32_const(start.cast_signed()).encode(out);
            range.len().encode(out);
            self.append(range, out);
        }
    }

    /// What lies between the image's runs is zero.
    fn append(&self, range: &Range<usize>, out: &mut Vec<u8>) {
        let from = out.len();
        out.resize(from + range.len(), 0);
        for (address, bytes) in self.image.runs_in(range) {
            let (start, end) = (address.max(range.start), range.end.min(address + bytes.len()));
            out[from + start - range.start..from + end - range.start]
                .copy_from_slice(&bytes[start - address..end - address]);
        }
    }
}

/// The parts of `bytes` between gaps, the zeros at both ends left out.
fn parts(bytes: &[u8]) -> Vec<Range<usize>> {
    let is_data = |byte: &u8| *byte != 0;
    let (Some(first), Some(last)) =
        (bytes.iter().position(is_data), bytes.iter().rposition(is_data))
    else {
        return Vec::new();
    };
    let (mut found, mut start, mut at) = (Vec::new(), first, first);
    // A gap covers every fifth byte at least once.
    while let Some(probe) = Some(at + LEAST_GAP - 1).filter(|probe| *probe < last) {
        if bytes[probe] != 0 {
            at = probe + 1;
            continue;
        }
        let begin = bytes[at..probe].iter().rposition(is_data).map_or(at, |near| at + near + 1);
        let end = bytes[probe..last].iter().position(is_data).map_or(last, |far| probe + far);
        if end - begin >= LEAST_GAP {
            found.push(start..begin);
            start = end;
        }
        at = end + 1;
    }
    found.push(start..last + 1);
    found
}

fn push(ranges: &mut Vec<Range<usize>>, next: Range<usize>) {
    match ranges.last_mut() {
        Some(last) if next.start - last.end < LEAST_GAP => last.end = next.end,
        _ => ranges.push(next),
    }
}

/// Closes the smallest gaps of too many.
fn join_nearest(ranges: &mut Vec<Range<usize>>) {
    let Some(excess) = ranges.len().checked_sub(MOST) else { return };
    let gaps = ranges.windows(2).map(|pair| pair[1].start - pair[0].end);
    let mut gaps: Vec<_> = gaps.enumerate().map(|(index, gap)| Gap::new(gap, index)).collect();
    // Of gaps as wide as each other `wizer` takes those that this order of the standard library
    // brings first.
    gaps.sort_unstable_by_key(|gap| gap.width);
    let mut closed = vec![false; ranges.len()];
    for gap in &gaps[..excess] {
        closed[gap.index as usize] = true;
    }
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(MOST);
    let mut joins = false;
    for (range, closed) in ranges.iter().zip(closed) {
        match joined.last_mut() {
            Some(last) if joins => last.end = range.end,
            _ => joined.push(range.clone()),
        }
        joins = closed;
    }
    *ranges = joined;
}

#[derive(Clone, Copy)]
struct Gap {
    width: u32,
    index: u32,
}

impl Gap {
    /// A memory has at most 4 GiB.
    fn new(width: usize, index: usize) -> Self {
        let number = |value| u32::try_from(value).unwrap_or(u32::MAX);
        Self { width: number(width), index: number(index) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts_of(text: &str) -> Vec<String> {
        let bytes: Vec<_> = text.bytes().map(|byte| if byte == b'.' { 0 } else { byte }).collect();
        parts(&bytes).into_iter().map(|range| text[range].to_owned()).collect()
    }

    #[test]
    fn parts_lie_between_five_zeros_and_more() {
        assert_eq!(parts_of("a"), ["a"]);
        assert_eq!(parts_of("...a....b..."), ["a....b"]);
        assert_eq!(parts_of("a.....b"), ["a", "b"]);
        assert_eq!(parts_of(".a....b......cd.....e."), ["a....b", "cd", "e"]);
        assert_eq!(parts_of("abcdefgh.....i"), ["abcdefgh", "i"]);
        assert_eq!(parts_of("......"), [""; 0]);
        assert_eq!(parts_of(""), [""; 0]);
    }

    #[test]
    fn every_gap_is_found_wherever_it_lies() {
        for before in 1..12 {
            for gap in 0..12 {
                let bytes = [vec![1; before], vec![0; gap], vec![1; 3]].concat();
                assert_eq!(parts(&bytes).len(), if gap < LEAST_GAP { 1 } else { 2 });
            }
        }
    }

    #[test]
    fn of_too_many_the_nearest_are_joined() {
        // Each second gap is narrow.
        let mut memory = Vec::new();
        for index in 0..3 * MOST / 2 {
            memory.push(1);
            memory.resize(memory.len() + if index % 2 == 0 { 5 } else { 7 }, 0);
        }
        memory.resize(memory.len().next_multiple_of(65_536), 0);
        let image = MemoryImage::capture(String::new(), &memory, Vec::new());
        let segments = Segments::of(&image);
        assert_eq!(segments.count(), MOST);
        assert!(segments.ranges.iter().all(|range| range.len() == 1 || range.len() == 7));
    }
}
