//! The module section by section: no data, more imports, functions, globals and table places.

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, FunctionSection,
    GlobalSection, GlobalType, ImportSection, Instruction, Module, SectionId, TableSection,
    TypeSection, ValType,
};

use super::plan::{HOST, HOST_COUNT, Plan};
use super::{INTERFACE, LOAD, PAGES, START, SWITCHES, code};
use crate::error::Error;
use crate::initialise::GLOBAL_PREFIX;

/// Adds what pulls the memory in, and what lets the engine load a source.
pub(super) struct Rewrite<'a> {
    plan: Plan<'a>,
    /// Globals and function bodies that have been written.
    globals: usize,
    bodies: u32,
}

impl<'a> Rewrite<'a> {
    pub(super) fn new(plan: Plan<'a>) -> Self {
        Self { plan, globals: 0, bodies: 0 }
    }

    fn import_host(&self, out: &mut ImportSection) {
        for (offset, name) in (0..).zip(HOST) {
            out.import(INTERFACE, name, EntityType::Function(self.plan.types() + offset));
        }
    }
}

type Result_<T = ()> = Result<T, reencode::Error<Error>>;

impl Reencode for Rewrite<'_> {
    type Error = Error;

    fn function_index(&mut self, index: u32) -> Result_<u32> {
        Ok(self.plan.moved(index))
    }

    fn parse_type_section(
        &mut self,
        out: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result_ {
        use ValType::{I32, I64};
        utils::parse_type_section(self, out, section)?;
        // Types of the host functions in their order, then of two of the functions that are added;
        // the third has the type of `address`.
        out.ty().function([], [I32]);
        out.ty().function([], [I32]);
        out.ty().function([I32], [I32]);
        out.ty().function([I32, I32], []);
        out.ty().function([], [I64]);
        out.ty().function([I32], [I64]);
        out.ty().function([], []);
        out.ty().function([I32; 4], [I32]);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        out: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result_ {
        utils::parse_import_section(self, out, section)?;
        self.import_host(out);
        Ok(())
    }

    /// A world may import nothing; then there is no section to add to.
    fn intersperse_section_hook(
        &mut self,
        module: &mut Module,
        after: Option<SectionId>,
        before: Option<SectionId>,
    ) -> Result_ {
        if (after, before) == (Some(SectionId::Type), Some(SectionId::Function)) {
            let mut imports = ImportSection::new();
            self.import_host(&mut imports);
            module.section(&imports);
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        out: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result_ {
        utils::parse_function_section(self, out, section)?;
        let added = self.plan.types() + HOST_COUNT;
        out.function(added).function(added + 1).function(self.plan.types() + 2);
        Ok(())
    }

    /// Wasmtime's pools give a module one table: it gets more places.
    fn parse_table_section(
        &mut self,
        out: &mut TableSection,
        section: wasmparser::TableSectionReader<'_>,
    ) -> Result_ {
        for table in section {
            let mut ty = self.table_type(table?.ty)?;
            let places = u64::from(self.plan.switches) + u64::from(self.plan.stubs);
            (ty.minimum, ty.maximum) = (places, Some(places));
            out.table(ty);
        }
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        out: &mut GlobalSection,
        section: wasmparser::GlobalSectionReader<'_>,
    ) -> Result_ {
        utils::parse_global_section(self, out, section)?;
        let ty = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        out.global(ty, &ConstExpr::i32_const(0)).global(ty, &ConstExpr::i32_const(0));
        out.global(ty, &ConstExpr::i32_const(self.plan.first_pages.cast_signed()));
        Ok(())
    }

    /// The engine's globals begin as they are before it is initialised.
    fn parse_global(
        &mut self,
        out: &mut GlobalSection,
        stubbed: wasmparser::Global<'_>,
    ) -> Result_ {
        let global = self.plan.globals.get(self.globals).cloned().unwrap_or(stubbed);
        self.globals += 1;
        utils::parse_global(self, out, global)
    }

    fn parse_export(&mut self, out: &mut ExportSection, export: wasmparser::Export<'_>) -> Result_ {
        if export.name == "cabi_realloc" {
            out.export(export.name, ExportKind::Func, self.plan.realloc_wrapper());
            return Ok(());
        }
        utils::parse_export(self, out, export)
    }

    fn parse_export_section(
        &mut self,
        out: &mut ExportSection,
        section: wasmparser::ExportSectionReader<'_>,
    ) -> Result_ {
        utils::parse_export_section(self, out, section)?;
        let plan = &self.plan;
        out.export("_initialize", ExportKind::Func, plan.initialize());
        out.export(START, ExportKind::Func, plan.moved(plan.start));
        out.export(LOAD, ExportKind::Func, plan.moved(plan.load));
        out.export(SWITCHES, ExportKind::Table, 0);
        out.export(PAGES, ExportKind::Global, plan.pages());
        for (index, _) in &plan.mutable {
            out.export(&format!("{GLOBAL_PREFIX}{index}"), ExportKind::Global, *index);
        }
        Ok(())
    }

    fn data_count(&mut self, _count: u32) -> Result_<u32> {
        Ok(0)
    }

    fn parse_data_section(
        &mut self,
        _out: &mut DataSection,
        _section: wasmparser::DataSectionReader<'_>,
    ) -> Result_ {
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        out: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Result_ {
        utils::parse_code_section(self, out, section)?;
        let plan = &self.plan;
        out.function(&code::initialize(plan)).function(&code::realloc(plan));
        out.function(&code::grow(plan));
        Ok(())
    }

    /// The engine sees the size that its memory has in an official build.
    fn instruction<'a>(
        &mut self,
        operator: wasmparser::Operator<'a>,
    ) -> Result<Instruction<'a>, reencode::Error<Error>> {
        match operator {
            wasmparser::Operator::MemorySize { .. } => {
                Ok(Instruction::GlobalGet(self.plan.pages()))
            }
            wasmparser::Operator::MemoryGrow { .. } => Ok(Instruction::Call(self.plan.grow())),
            _ => utils::instruction(self, operator),
        }
    }

    fn parse_function_body(
        &mut self,
        out: &mut CodeSection,
        body: wasmparser::FunctionBody<'_>,
    ) -> Result_ {
        let position = self.bodies;
        self.bodies += 1;
        if position >= self.plan.stubs {
            return utils::parse_function_body(self, out, body);
        }
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let stub = self.plan.stub(position).map_err(reencode::Error::UserError)?;
        code::switch(&mut function.instructions(), &self.plan, position, stub);
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            function.instruction(&self.parse_instruction(&mut reader)?);
        }
        out.function(&function);
        Ok(())
    }
}
