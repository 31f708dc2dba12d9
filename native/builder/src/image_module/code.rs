//! The two functions that are added.

use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, ValType};

use super::shape::{HOST_COUNT, Shape};

/// Where `bytes` leaves pointer and length of its list: the first eight bytes of the memory, which
/// `head` then puts right.
const RETURN_AREA: i32 = 0;

/// `_initialize`: grows the memory, fills it run by run, sets the globals.
pub(super) fn initialize(shape: &Shape) -> Function {
    const RUN: u32 = 0;
    const GROWTH: u32 = 1;
    let mut function = Function::new([(2, ValType::I32)]);
    let mut code = function.instructions();
    code.call(shape.host("pages")).memory_size(0).i32_sub().local_tee(GROWTH);
    code.i32_const(0).i32_gt_s().if_(BlockType::Empty);
    code.local_get(GROWTH).memory_grow(0).i32_const(-1).i32_eq();
    code.if_(BlockType::Empty).unreachable().end().end();

    code.block(BlockType::Empty).loop_(BlockType::Empty);
    code.local_get(RUN).call(shape.host("runs")).i32_ge_u().br_if(1);
    code.local_get(RUN).call(shape.host("address")).global_set(shape.destination());
    code.i32_const(1).global_set(shape.loading());
    code.local_get(RUN).i32_const(RETURN_AREA).call(shape.host("bytes"));
    code.i32_const(0).global_set(shape.loading());
    code.local_get(RUN).i32_const(1).i32_add().local_set(RUN).br(0).end().end();

    let place = MemArg { offset: 0, align: 3, memory_index: 0 };
    code.i32_const(RETURN_AREA).call(shape.host("head")).i64_store(place);
    for (position, (index, ty)) in (0..).zip(&shape.mutable) {
        code.i32_const(position).call(shape.host("global"));
        from_bits(&mut code, *ty);
        code.global_set(*index);
    }
    code.end();
    function
}

/// Globals travel as their bits. What is not of these types does not pass the encoder's check.
fn from_bits(code: &mut InstructionSink<'_>, ty: wasmparser::ValType) {
    match ty {
        wasmparser::ValType::I32 => code.i32_wrap_i64(),
        wasmparser::ValType::F32 => code.i32_wrap_i64().f32_reinterpret_i32(),
        wasmparser::ValType::F64 => code.f64_reinterpret_i64(),
        _ => code,
    };
}

/// `cabi_realloc`: the place of the run that is being loaded, else what the module's own says.
pub(super) fn realloc(shape: &Shape) -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    code.global_get(shape.loading()).if_(BlockType::Empty);
    code.global_get(shape.destination()).return_().end();
    code.local_get(0).local_get(1).local_get(2).local_get(3);
    let own = if shape.realloc < shape.imported_functions {
        shape.realloc
    } else {
        shape.realloc + HOST_COUNT
    };
    code.call(own).end();
    function
}
