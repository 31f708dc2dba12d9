//! An engine template that is ready for use.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::builder::Builder;
use crate::error::Error;
use crate::image_module::shape::{Shape, count};
use crate::initialise::Setup;
use crate::release::Release;
use crate::seal::{COMPONENT, ENGINE, IMAGE_BASE, INITIALIZER, Manifest};
use crate::standby::Standby;

/// An opened engine template. Clones are the same template.
#[derive(Clone)]
pub struct Template(Arc<Inner>);

struct Inner {
    builder: Builder,
    folder: PathBuf,
    manifest: Manifest,
    setup: Arc<Setup>,
    /// An engine that was started ahead.
    standby: Mutex<Option<Standby>>,
    /// How many globals the engine has.
    globals: u32,
    /// The official build, taken apart for the first release component.
    release: Mutex<Option<Arc<Release>>>,
}

impl Template {
    /// See [`Builder::open_template`].
    pub(crate) fn open(builder: &Builder, folder: &Path) -> Result<Self, Error> {
        let manifest = Manifest::read(folder)?;
        let engine = manifest.read_file(folder, ENGINE)?;
        let globals = count(Shape::of(&engine)?.globals.len());
        for name in [INITIALIZER, COMPONENT] {
            manifest.read_file(folder, name)?;
        }
        let image_base = builder.compile(&manifest.read_file(folder, IMAGE_BASE)?)?;
        let recipe = &manifest.recipe;
        let environment = recipe.environment.clone().into_iter().collect();
        let fixed = (environment, Duration::from_millis(recipe.made_at_ms));
        let engine = (&image_base, engine.as_slice());
        let setup = Setup::new(builder, folder.to_owned(), fixed, &recipe.key, engine)?;
        let setup = Arc::new(setup);
        let (builder, folder) = (builder.clone(), folder.to_owned());
        let (standby, release) = (Mutex::default(), Mutex::default());
        let inner = Inner { builder, folder, manifest, setup, standby, globals, release };
        Ok(Self(Arc::new(inner)))
    }

    /// What the template was made from, as its maker named it.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.0.manifest.recipe.key
    }

    /// The component that takes its memory from the host, for the runner's
    /// [`xwb_runner::Engine::load_image_base`].
    #[must_use]
    pub fn image_base(&self) -> PathBuf {
        self.0.folder.join(IMAGE_BASE)
    }

    /// The official build that release components are made of; they share its code, for the
    /// runner's [`xwb_runner::Engine::prepare_code`].
    #[must_use]
    pub fn component(&self) -> PathBuf {
        self.0.folder.join(COMPONENT)
    }

    pub(crate) fn builder(&self) -> &Builder {
        &self.0.builder
    }

    pub(crate) fn setup(&self) -> &Arc<Setup> {
        &self.0.setup
    }

    /// The engine that was started ahead, if there is one.
    pub(crate) fn take_standby(&self) -> Option<Standby> {
        self.standby().take()
    }

    /// Keeps an engine for the next source, unless there is one already.
    pub(crate) fn keep_standby(&self, standby: Standby) {
        let unneeded = {
            let mut kept = self.standby();
            if kept.is_some() { Some(standby) } else { kept.replace(standby) }
        };
        // Ends its thread, for which nobody should have to wait.
        drop(unneeded);
    }

    fn standby(&self) -> MutexGuard<'_, Option<Standby>> {
        self.0.standby.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What release components are made of; takes some 20 ms the first time.
    ///
    /// # Errors
    /// [`Error::TemplateDamaged`] and [`Error::TemplateInvalid`].
    pub(crate) fn release(&self) -> Result<Arc<Release>, Error> {
        let Inner { folder, manifest, globals, release, .. } = &*self.0;
        let mut release = release.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(release) = &*release {
            return Ok(Arc::clone(release));
        }
        let made = Arc::new(Release::new(manifest.read_file(folder, COMPONENT)?, *globals)?);
        *release = Some(Arc::clone(&made));
        Ok(made)
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template").field("key", &self.key()).finish_non_exhaustive()
    }
}
