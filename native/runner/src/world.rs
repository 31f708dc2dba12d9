//! Bindings generated from the current world folder under `wit/`.
#![allow(unsafe_code, missing_docs, clippy::all, clippy::pedantic, reason = "generated code")]

wasmtime::component::bindgen!({
    path: "../../wit/alga-extension/2026-08",
    world: "runner",
    imports: { default: async | trappable },
    exports: { default: async },
    with: { "alga:extension/types": shared },
});

/// The interface `types`, in place of what would be generated for it: our own shapes, and the
/// empty linking that an interface without functions has.
pub mod shared {
    use wasmtime::component::{HasData, Linker};

    pub use crate::types::*;

    pub trait HostWithStore<T>: HasData + Send {}
    impl<H: HasData + Send + ?Sized, T> HostWithStore<T> for H {}

    pub trait Host: Send {}
    impl<T: Send + ?Sized> Host for T {}

    pub fn add_to_linker<T, D: HasData>(
        linker: &mut Linker<T>,
        _host: fn(&mut T) -> D::Data<'_>,
    ) -> wasmtime::Result<()> {
        linker.instance("alga:extension/types").map(|_| ())
    }
}
