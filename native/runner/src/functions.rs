//! Compiled functions kept in memory: a component that differs from an earlier one in little, as
//! two builds of one handler do, compiles in a fraction of the time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use wasmtime::CacheStore;

/// Bytes that are kept; one JavaScript engine takes some 60 MiB.
const MAX_BYTES: usize = 256 << 20;

/// Functions by the hash that the compiler gives them.
#[derive(Default)]
pub(crate) struct FunctionCache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    functions: HashMap<Box<[u8]>, Box<[u8]>>,
    bytes: usize,
}

impl CacheStore for FunctionCache {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.functions.get(key).map(|function| Cow::Owned(function.to_vec()))
    }

    fn insert(&self, key: &[u8], value: Vec<u8>) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let size = key.len() + value.len();
        if kept.bytes + size > MAX_BYTES {
            // Starting anew is simpler than telling old from new, and as good: what is in use
            // comes back with the next compilation.
            *kept = Kept::default();
        }
        kept.bytes += size;
        if let Some(old) = kept.functions.insert(key.into(), value.into_boxed_slice()) {
            kept.bytes -= key.len() + old.len();
        }
        true
    }
}

impl fmt::Debug for FunctionCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("FunctionCache").field("bytes", &kept.bytes).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_comes_out_and_the_sum_is_bounded() {
        let cache = FunctionCache::default();
        assert!(cache.get(b"a").is_none());
        cache.insert(b"a", vec![1]);
        cache.insert(b"a", vec![2, 3]);
        assert_eq!(cache.get(b"a").as_deref(), Some(&[2, 3][..]));
        assert_eq!(cache.0.lock().unwrap().bytes, 3);
        cache.insert(b"b", vec![0; MAX_BYTES]);
        assert!(cache.get(b"a").is_none());
    }
}
