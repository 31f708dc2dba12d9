//! From bundled JavaScript to a component, natively and in milliseconds. Knows nothing of Node.
//!
//! An engine template is what an official build makes whatever the source: the JavaScript engine
//! with the bindings of one world, and one finished component. A [`Builder`] opens a
//! [`Template`]; [`Template::initialise`] lets the engine load a source and gives what that left
//! in memory, an [`Initialised`], which becomes a release component, byte for byte as an official
//! build but for its data, or runs at once as a memory image on the runner's
//! [`xwb_runner::ImageBase`].

mod builder;
mod captured;
mod context;
mod engine_module;
mod error;
mod files;
mod gate;
mod image_module;
mod initialise;
mod initialised;
mod release;
mod seal;
mod segments;
mod source_error;
mod standby;
mod template;
mod ticker;

pub use builder::{Builder, BuilderOptions};
pub use error::Error;
pub use initialise::{MAX_SOURCE_BYTES, TIME_LIMIT};
pub use initialised::{Initialised, Written};
pub use seal::{Recipe, seal, version};
pub use source_error::{Place, SourceError, SourceErrorKind};
pub use template::Template;
