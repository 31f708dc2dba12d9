//! From the initialised module of a template to the component that takes its memory from the host.
//!
//! The module loses its data and gets an `_initialize` that asks the imported interface
//! `xwb:image/memory` for the size of the memory, for its runs of bytes, and for the globals. So
//! the component is compiled once, whatever the source. A run is handed over as `list<u8>`: while
//! one is loaded, `cabi_realloc` answers with the run's own address, and the host writes in place.
//!
//! The same compiled module loads the sources ([`crate::engine_module`]): the functions that start
//! the engine are exported again, and each stub of the official build looks at a place of the
//! table for what does its work instead. These places are empty while a source runs.

mod code;
mod plan;
mod rewrite;
pub(crate) mod shape;

use wasm_encoder::reencode::Reencode as _;
use wasm_encoder::{ComponentExportKind, ComponentExportSection, ComponentSection as _, Module};
use wasmparser::Parser;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;
use xwb_runner::sections::largest_module;

use self::plan::Plan;
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
pub(crate) const INTERFACE: &str = "xwb:image/memory";
pub(crate) const PREVIEW1: &str = "wasi_snapshot_preview1";

/// Name under which the component exports the module.
pub(crate) const MODULE: &str = "engine";
/// What the module exports for loading a source: the engine's start, the load itself, the table
/// whose last places are for what does the work of the stubs, and the memory's size in pages.
pub(crate) const START: &str = "engine-start";
pub(crate) const LOAD: &str = "engine-load";
pub(crate) const SWITCHES: &str = "engine-switches";
pub(crate) const PAGES: &str = "engine-pages";

/// Turns `stubbed`, the initialised module of an official build with its WASI parts already left
/// out, into a component whose memory the host provides. `engine` is the module it was made from.
///
/// # Errors
/// [`Error::TemplateInvalid`].
pub(crate) fn component(engine: &[u8], stubbed: &[u8], adapter: &[u8]) -> Result<Vec<u8>, Error> {
    let module = module(stubbed, Plan::new(Shape::of(engine)?, Shape::of(stubbed)?)?)?;
    let encoder = ComponentEncoder::default().validate(true).module(&module);
    let encoder = encoder.and_then(|encoder| encoder.adapter(PREVIEW1, adapter));
    let component = encoder.and_then(|mut encoder| encoder.encode()).map_err(Error::invalid)?;
    with_module_exported(component)
}

fn module(stubbed: &[u8], plan: Plan<'_>) -> Result<Vec<u8>, Error> {
    let mut module = Module::new();
    let rewritten = Rewrite::new(plan).parse_core_module(&mut module, Parser::new(0), stubbed);
    rewritten.map_err(Error::invalid)?;
    let mut module = module.finish();
    let mut resolve = Resolve::default();
    let package = resolve.push_str("image.wit", WIT).map_err(Error::invalid)?;
    let world = resolve.select_world(&[package], Some("image")).map_err(Error::invalid)?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
        .map_err(Error::invalid)?;
    Ok(module)
}

/// The engine is by far the largest of the component's modules.
fn with_module_exported(mut component: Vec<u8>) -> Result<Vec<u8>, Error> {
    let engine = largest_module(&component).map_err(Error::invalid)?;
    let (index, _) = engine.ok_or_else(|| Error::invalid("the image base has no module"))?;
    let mut exports = ComponentExportSection::new();
    exports.export(MODULE, ComponentExportKind::Module, index, None);
    exports.append_to_component(&mut component);
    Ok(component)
}
