//! The release component: an official build of the same world with another memory in it.

use std::ops::Range;

use wasmparser::{BinaryReader, BinaryReaderError, GlobalSectionReader};
use xwb_runner::sections::{Section, id, push_section, sections};

use crate::error::Error;

/// An official build, taken apart.
pub(crate) struct Release {
    component: Vec<u8>,
    /// The engine's module in it: the section with id and length, and without.
    module: Section,
    /// The module's sections, their ranges relative to the module.
    sections: Vec<Section>,
}

impl Release {
    /// Takes a component apart. The engine is by far the largest of its core modules.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`].
    pub(crate) fn new(component: Vec<u8>) -> Result<Self, Error> {
        let all = sections(&component).map_err(Error::invalid)?;
        let modules = all.into_iter().filter(|section| section.id == id::CORE_MODULE);
        let module = modules.max_by_key(|section| section.body.len());
        let module = module.ok_or_else(|| Error::invalid("the official build has no module"))?;
        let sections = sections(&component[module.body.clone()]).map_err(Error::invalid)?;
        for needed in [id::MEMORY, id::GLOBAL, id::CODE, id::DATA] {
            if !sections.iter().any(|section| section.id == needed) {
                return Err(Error::invalid(format!("the official build has no section {needed}")));
            }
        }
        Ok(Self { component, module, sections })
    }

    /// The component with memory size, data and the leading globals of `initialised`, the engine's
    /// module after `wizer`. All else stays as it is, bit by bit.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`] when the two do not belong together.
    pub(crate) fn splice(&self, initialised: &[u8]) -> Result<Vec<u8>, Error> {
        let donor = sections(initialised).map_err(Error::invalid)?;
        let donated = |id: u8| {
            let section = donor.iter().find(|section| section.id == id);
            section.map(|section| &initialised[section.body.clone()])
        };
        let template = &self.component[self.module.body.clone()];
        let mut module = Vec::with_capacity(template.len() + initialised.len() / 8);
        module.extend_from_slice(&template[..self.header()]);
        for section in &self.sections {
            let own = &template[section.body.clone()];
            match (section.id, donated(section.id)) {
                (id::MEMORY | id::DATA | id::DATA_COUNT, Some(body)) => {
                    push_section(&mut module, section.id, body);
                }
                (id::GLOBAL, Some(body)) => {
                    let globals = join_globals(body, own).map_err(Error::invalid)?;
                    push_section(&mut module, section.id, &globals);
                }
                (id::MEMORY | id::DATA | id::DATA_COUNT | id::GLOBAL, None) => {
                    let missing = format!("the engine has no section {}", section.id);
                    return Err(Error::invalid(missing));
                }
                _ => module.extend_from_slice(&template[section.whole.clone()]),
            }
        }
        let Range { start, end } = self.module.whole;
        let mut component = Vec::with_capacity(self.component.len() + module.len());
        component.extend_from_slice(&self.component[..start]);
        push_section(&mut component, id::CORE_MODULE, &module);
        component.extend_from_slice(&self.component[end..]);
        Ok(component)
    }

    fn header(&self) -> usize {
        self.sections.first().map_or(0, |section| section.whole.start)
    }
}

/// All of the donor's globals, then those that the official build has beyond their number.
fn join_globals(donor: &[u8], template: &[u8]) -> Result<Vec<u8>, BinaryReaderError> {
    let count = GlobalSectionReader::new(BinaryReader::new(donor, 0))?.count();
    let mut own = BinaryReader::new(template, 0);
    // The number of all globals stays as it is.
    own.read_var_u32()?;
    let mut joined = template[..own.original_position()].to_vec();
    for _ in 0..count {
        own.read::<wasmparser::Global<'_>>()?;
    }
    let mut numbers = BinaryReader::new(donor, 0);
    numbers.read_var_u32()?;
    joined.extend_from_slice(&donor[numbers.original_position()..]);
    joined.extend_from_slice(&template[own.original_position()..]);
    Ok(joined)
}
