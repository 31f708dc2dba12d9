//! The module section by section: no data, more imports, functions and globals.

use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, FunctionSection,
    GlobalSection, GlobalType, ImportSection, TypeSection, ValType,
};

use super::shape::{HOST, HOST_COUNT, Shape};
use super::{INTERFACE, code};

/// Adds what pulls the memory in.
pub(super) struct Rewrite(pub(super) Shape);

type Result_<T = ()> = Result<T, reencode::Error<Infallible>>;

impl Reencode for Rewrite {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result_<u32> {
        Ok(if index < self.0.imported_functions { index } else { index + HOST_COUNT })
    }

    fn parse_type_section(
        &mut self,
        out: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result_ {
        use ValType::{I32, I64};
        utils::parse_type_section(self, out, section)?;
        // Types of the host functions in their order, then of the two functions that are added.
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
        for (offset, name) in (0..).zip(HOST) {
            out.import(INTERFACE, name, EntityType::Function(self.0.types + offset));
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        out: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result_ {
        utils::parse_function_section(self, out, section)?;
        out.function(self.0.types + HOST_COUNT).function(self.0.types + HOST_COUNT + 1);
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
        Ok(())
    }

    fn parse_export(&mut self, out: &mut ExportSection, export: wasmparser::Export<'_>) -> Result_ {
        if export.name == "cabi_realloc" {
            out.export(export.name, ExportKind::Func, self.0.realloc_wrapper());
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
        out.export("_initialize", ExportKind::Func, self.0.initialize());
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
        out.function(&code::initialize(&self.0)).function(&code::realloc(&self.0));
        Ok(())
    }
}
