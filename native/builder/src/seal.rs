//! Completing a template: from what the official tools gave to a folder that can be opened.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use xwb_runner::WASMTIME_VERSION;

use crate::error::Error;
use crate::files::{sha256, write_whole};
use crate::image_module;
use crate::release::Release;

/// The engine with the world's bindings spliced in, not initialised.
pub(crate) const ENGINE: &str = "engine.wasm";
/// The bindings' JavaScript.
pub(crate) const INITIALIZER: &str = "initializer.js";
/// The finished component of an official build.
pub(crate) const COMPONENT: &str = "component.wasm";
/// The component that takes its memory from the host.
pub(crate) const IMAGE_BASE: &str = "image-base.wasm";
/// Everything that a template consists of, [`MANIFEST`] not counted.
pub(crate) const FILES: [&str; 4] = [ENGINE, INITIALIZER, COMPONENT, IMAGE_BASE];
/// What the folder holds; written last.
const MANIFEST: &str = "template.json";
/// The core module of the official build and the WASI adapter: needed here only.
const STUBBED: &str = "stubbed.wasm";
const ADAPTER: &str = "adapter.wasm";
const RECIPE: &str = "recipe.json";

/// Raised whenever older templates must be made again.
const FORMAT: u32 = 2;

/// How a template was made: the file `recipe.json` among the ingredients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recipe {
    /// Names what the template was made from.
    pub key: String,
    /// Unix milliseconds at which the official build froze its clock.
    pub made_at_ms: u64,
    /// Environment in which the engine is initialised.
    pub environment: BTreeMap<String, String>,
}

/// The file `template.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Manifest {
    format: u32,
    pub(crate) recipe: Recipe,
    /// SHA-256 of each file, lower-case hexadecimal.
    files: BTreeMap<String, String>,
    /// SHA-256 of the manifest itself, written without white space and with this left empty.
    sha256: String,
}

/// Tells builders apart that make different templates of the same ingredients.
#[must_use]
pub fn version() -> String {
    format!("template-{FORMAT} wasmtime-{WASMTIME_VERSION}")
}

/// Completes a template in place and gives what it was made by. The folder holds the ingredients:
/// `recipe.json`, `engine.wasm`, `initializer.js`, `component.wasm`, `stubbed.wasm` and
/// `adapter.wasm`; the last two and the recipe are gone afterwards. Blocks for about a second.
/// The folder should have a name that nobody opens yet.
///
/// # Errors
/// [`Error::TemplateMissing`], [`Error::TemplateInvalid`] and [`Error::Write`].
pub fn seal(folder: &Path) -> Result<Recipe, Error> {
    let recipe: Recipe = serde_json::from_slice(&read(folder, RECIPE)?).map_err(Error::invalid)?;
    let base = image_module::component(
        &read(folder, ENGINE)?,
        &read(folder, STUBBED)?,
        &read(folder, ADAPTER)?,
    )?;
    write_whole(&folder.join(IMAGE_BASE), &[base], true)?;
    // Taken apart to see that it can be; what comes of it is not needed yet.
    Release::new(read(folder, COMPONENT)?, 0)?;
    let mut files = BTreeMap::new();
    for name in FILES {
        files.insert(name.to_owned(), sha256(&read(folder, name)?));
    }
    let mut manifest =
        Manifest { format: FORMAT, recipe: recipe.clone(), files, sha256: String::new() };
    manifest.sha256 = manifest.own_hash()?;
    let text = serde_json::to_vec_pretty(&manifest).map_err(Error::invalid)?;
    for name in [STUBBED, ADAPTER, RECIPE] {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(|cause| Error::Write { path, cause })?;
    }
    write_whole(&folder.join(MANIFEST), &[text], true)?;
    Ok(recipe)
}

impl Manifest {
    /// Reads the manifest of a sealed folder.
    ///
    /// # Errors
    /// [`Error::TemplateMissing`] and [`Error::TemplateDamaged`].
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let damaged =
            |why: &dyn std::fmt::Display| Error::TemplateDamaged(format!("{MANIFEST}: {why}"));
        let manifest: Self =
            serde_json::from_slice(&read(folder, MANIFEST)?).map_err(|error| damaged(&error))?;
        if manifest.format != FORMAT {
            return Err(damaged(&format!("format {} is not {FORMAT}", manifest.format)));
        }
        if manifest.own_hash()? != manifest.sha256 {
            return Err(damaged(&"it has changed since it was made"));
        }
        Ok(manifest)
    }

    fn own_hash(&self) -> Result<String, Error> {
        let plain = Self { sha256: String::new(), ..self.clone() };
        Ok(sha256(&serde_json::to_vec(&plain).map_err(Error::invalid)?))
    }

    /// Reads one of the template's files, and only if it is as it was when the template was made.
    ///
    /// # Errors
    /// [`Error::TemplateDamaged`].
    pub(crate) fn read_file(&self, folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
        let bytes = fs::read(folder.join(name))
            .map_err(|error| Error::TemplateDamaged(format!("{name}: {error}")))?;
        if self.files.get(name).is_none_or(|expected| *expected != sha256(&bytes)) {
            return Err(Error::TemplateDamaged(format!("{name} has changed since it was made")));
        }
        Ok(bytes)
    }
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, Error> {
    fs::read(folder.join(name)).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::TemplateMissing(folder.join(name)),
        _ => Error::TemplateDamaged(format!("{name}: {error}")),
    })
}
