//! Memory that JavaScript's garbage collector cannot see, and should count.

use napi::Env;

/// Bytes that an object holds outside of JavaScript.
#[derive(Default)]
pub(crate) struct HeldMemory(u32);

impl HeldMemory {
    /// Tells the collector of so many bytes.
    pub(crate) fn hold(env: Env, bytes: u64) -> Self {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        tell(env, i64::from(bytes));
        Self(bytes)
    }

    /// How many they are.
    pub(crate) fn bytes(&self) -> u32 {
        self.0
    }

    /// Tells the collector that they are gone; a second time does nothing.
    pub(crate) fn release(&mut self, env: Env) {
        tell(env, -i64::from(std::mem::take(&mut self.0)));
    }
}

fn tell(env: Env, bytes: i64) {
    if bytes != 0 {
        // Only a hint: failing means a later collection.
        let _ = env.adjust_external_memory(bytes);
    }
}
