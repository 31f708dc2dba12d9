//! The engine that loads sources: the very module that runs them, taken out of the compiled image
//! base and given back what the official build took from it.

use wasmparser::{DataKind, Operator, Parser, Payload};
use wasmtime::component::{self, Component};
use wasmtime::{Engine, FuncType, Instance, Linker, Module, Ref, Store, ValType};

use crate::context::State;
use crate::error::Error;
use crate::image_module::shape::Shape;
use crate::image_module::{INTERFACE, MODULE, PREVIEW1, SWITCHES};

/// Bytes of a WebAssembly page.
pub(crate) const PAGE: usize = 65_536;
/// Name of the engine's memory.
pub(crate) const MEMORY: &str = "memory";

/// A compiled engine and what its memory and imports are before a source is loaded.
pub(crate) struct EngineModule {
    module: Module,
    /// The beginning of the memory.
    memory: Vec<u8>,
    /// What the official build put stubs in place of, in the order of the table's last places.
    stubbed: Vec<(String, String)>,
}

/// The guest called what is not there while a source is loaded. Travels through it as a trap.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown import: `{module}::{name}` has not been defined")]
pub(crate) struct Absent {
    pub(crate) module: String,
    pub(crate) name: String,
}

impl EngineModule {
    /// Takes the module out of a compiled image base. `engine` is the module as it was before the
    /// official build. Gives the linker what the module wants and WASI does not have.
    ///
    /// # Errors
    /// [`Error::TemplateInvalid`].
    pub(crate) fn new(
        image_base: &Component,
        engine: &[u8],
        linker: &mut Linker<State>,
    ) -> Result<Self, Error> {
        let module = exported_module(image_base).map_err(Error::invalid)?;
        let memory = initial_memory(engine)?;
        let shape = Shape::of(engine)?;
        let kept: Vec<_> = module.imports().map(|each| (each.module(), each.name())).collect();
        let mut stubbed = Vec::new();
        for import in shape.imports_beyond(&kept) {
            let ty = func_type(linker.engine(), shape.type_of(import.ty)?)?;
            define_absent(linker, import.module, import.name, ty)?;
            stubbed.push((import.module.to_owned(), import.name.to_owned()));
        }
        for import in module.imports() {
            let ty = import.ty().func().cloned();
            let ty = ty.ok_or_else(|| Error::invalid("the engine imports more than functions"))?;
            define_absent(linker, import.module(), import.name(), ty)?;
        }
        Ok(Self { module, memory, stubbed })
    }

    /// An instance as the engine is before it starts.
    pub(crate) fn instantiate(
        &self,
        linker: &Linker<State>,
        store: &mut Store<State>,
    ) -> wasmtime::Result<Instance> {
        let missing = |name: &str| wasmtime::format_err!("the engine has no {name}");
        let instance = linker.instantiate(&mut *store, &self.module)?;
        let memory = instance.get_memory(&mut *store, MEMORY);
        memory.ok_or_else(|| missing(MEMORY))?.write(&mut *store, 0, &self.memory)?;
        let switches = instance.get_table(&mut *store, SWITCHES);
        let switches = switches.ok_or_else(|| missing(SWITCHES))?;
        let first = switches.size(&*store).saturating_sub(self.stubbed.len() as u64);
        for (position, (module, name)) in (first..).zip(&self.stubbed) {
            let function = linker.get(&mut *store, module, name)?.into_func();
            let function = function.ok_or_else(|| missing(name))?;
            switches.set(&mut *store, position, Ref::Func(Some(function)))?;
        }
        Ok(instance)
    }
}

/// Defines a function that ends the guest and tells its own name, where WASI has none.
fn define_absent(
    linker: &mut Linker<State>,
    module: &str,
    name: &str,
    ty: FuncType,
) -> Result<(), Error> {
    if module == PREVIEW1 {
        return Ok(());
    }
    let absent = Absent { module: module.to_owned(), name: name.to_owned() };
    let defined = linker.func_new(module, name, ty, move |_, _, _| Err(absent.clone().into()));
    defined.map(|_| ()).map_err(Error::invalid)
}

/// An instance is needed to reach the module. It asks for an empty image and calls nobody else.
fn exported_module(image_base: &Component) -> wasmtime::Result<Module> {
    let engine = image_base.engine();
    let mut linker = component::Linker::<()>::new(engine);
    let mut image = linker.instance(INTERFACE)?;
    for number in ["pages", "runs"] {
        image.func_wrap(number, |_, (): ()| Ok((0_u32,)))?;
    }
    image.func_wrap("address", |_, (_,): (u32,)| Ok((0_u32,)))?;
    image.func_wrap("bytes", |_, (_,): (u32,)| Ok((Vec::<u8>::new(),)))?;
    image.func_wrap("head", |_, (): ()| Ok((0_u64,)))?;
    image.func_wrap("global", |_, (_,): (u32,)| Ok((0_u64,)))?;
    linker.define_unknown_imports_as_traps(image_base)?;
    let mut store = Store::new(engine, ());
    // It ends by itself.
    store.set_epoch_deadline(u64::MAX / 2);
    let instance = linker.instantiate(&mut store, image_base)?;
    let module = instance.get_module(&mut store, MODULE);
    module.ok_or_else(|| wasmtime::format_err!("the image base exports no module"))
}

/// The memory's beginning as the module's data say, zeros after the last of them left out.
fn initial_memory(engine: &[u8]) -> Result<Vec<u8>, Error> {
    let mut memory = Vec::new();
    let mut limit = 0;
    for payload in Parser::new(0).parse_all(engine) {
        match payload.map_err(Error::invalid)? {
            Payload::MemorySection(section) => {
                for each in section {
                    limit = each.map_err(Error::invalid)?.initial.saturating_mul(PAGE as u64);
                }
            }
            Payload::DataSection(section) => {
                for each in section {
                    let data = each.map_err(Error::invalid)?;
                    let DataKind::Active { memory_index: 0, offset_expr } = data.kind else {
                        return Err(Error::invalid("the engine has data without a place"));
                    };
                    let operator = offset_expr.get_operators_reader().read();
                    let Ok(Operator::I32Const { value }) = operator else {
                        return Err(Error::invalid("the engine's data have no fixed place"));
                    };
                    let start = value.cast_unsigned() as usize;
                    let end = start.saturating_add(data.data.len());
                    if end as u64 > limit {
                        return Err(Error::invalid("the engine's data are outside its memory"));
                    }
                    memory.resize(memory.len().max(end), 0);
                    memory[start..end].copy_from_slice(data.data);
                }
            }
            _ => {}
        }
    }
    Ok(memory)
}

fn func_type(engine: &Engine, ty: &wasmparser::FuncType) -> Result<FuncType, Error> {
    let all = |types: &[wasmparser::ValType]| {
        let types = types.iter().map(|ty| match ty {
            wasmparser::ValType::I32 => Ok(ValType::I32),
            wasmparser::ValType::I64 => Ok(ValType::I64),
            wasmparser::ValType::F32 => Ok(ValType::F32),
            wasmparser::ValType::F64 => Ok(ValType::F64),
            _ => Err(Error::invalid("the engine imports a function of an unknown type")),
        });
        types.collect::<Result<Vec<_>, _>>()
    };
    Ok(FuncType::new(engine, all(ty.params())?, all(ty.results())?))
}
