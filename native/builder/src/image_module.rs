//! From the initialised module of a template to the component that takes its memory from the host.
//!
//! The module loses its data and gets an `_initialize` that asks the imported interface
//! `xwb:image/memory` for the size of the memory, for its runs of bytes, and for the globals. So
//! the component is compiled once, whatever the source. A run is handed over as `list<u8>`: while
//! one is loaded, `cabi_realloc` answers with the run's own address, and the host writes in place.

mod code;
mod rewrite;
mod shape;

use wasm_encoder::Module;
use wasm_encoder::reencode::Reencode as _;
use wasmparser::Parser;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use self::rewrite::Rewrite;
use self::shape::Shape;
use crate::error::Error;

/// The interface that the runner answers from a memory image.
const WIT: &str = "package xwb:image;
interface memory {
  pages: func() -> u32;
  runs: func() -> u32;
  address: func(run: u32) -> u32;
  bytes: func(run: u32) -> list<u8>;
  head: func() -> u64;
  global: func(index: u32) -> u64;
}
world image { import memory; }";
const INTERFACE: &str = "xwb:image/memory";
const PREVIEW1: &str = "wasi_snapshot_preview1";

/// Turns `stubbed`, the initialised module of an official build with its WASI parts already left
/// out, into a component whose memory the host provides. `engine` is the module it was made from.
///
/// # Errors
/// [`Error::TemplateInvalid`].
pub(crate) fn component(engine: &[u8], stubbed: &[u8], adapter: &[u8]) -> Result<Vec<u8>, Error> {
    let mut shape = Shape::of(stubbed)?;
    // Globals that were added with the stubs are not part of what initialisation left.
    let known = Shape::of(engine)?.globals;
    shape.mutable.retain(|(index, _)| *index < known);
    if !shape.is_initialised {
        return Err(Error::invalid("the official build's module is not initialised"));
    }
    let module = module(stubbed, shape)?;
    let encoder = ComponentEncoder::default().validate(true).module(&module);
    let encoder = encoder.and_then(|encoder| encoder.adapter(PREVIEW1, adapter));
    encoder.and_then(|mut encoder| encoder.encode()).map_err(Error::invalid)
}

fn module(stubbed: &[u8], shape: Shape) -> Result<Vec<u8>, Error> {
    let mut rewrite = Rewrite(shape);
    let mut module = Module::new();
    rewrite.parse_core_module(&mut module, Parser::new(0), stubbed).map_err(Error::invalid)?;
    let mut module = module.finish();
    let mut resolve = Resolve::default();
    let package = resolve.push_str("image.wit", WIT).map_err(Error::invalid)?;
    let world = resolve.select_world(&[package], Some("image")).map_err(Error::invalid)?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
        .map_err(Error::invalid)?;
    Ok(module)
}
