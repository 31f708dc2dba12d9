//! The functions that are added, and what is put before the stubs' own code.

use wasm_encoder::{BlockType, Function, InstructionSink, MemArg, ValType};

use super::plan::Plan;

/// Where `bytes` leaves pointer and length of its list: the first eight bytes of the memory, which
/// `head` then puts right.
const RETURN_AREA: i32 = 0;

/// `_initialize`: grows the memory, fills it run by run, sets the globals.
pub(super) fn initialize(plan: &Plan<'_>) -> Function {
    const RUN: u32 = 0;
    const GROWTH: u32 = 1;
    let mut function = Function::new([(2, ValType::I32)]);
    let mut code = function.instructions();
    code.call(plan.host("pages")).global_set(plan.pages());
    code.global_get(plan.pages()).memory_size(0).i32_sub().local_tee(GROWTH);
    code.i32_const(0).i32_gt_s().if_(BlockType::Empty);
    code.local_get(GROWTH).memory_grow(0).i32_const(-1).i32_eq();
    code.if_(BlockType::Empty).unreachable().end().end();

    code.block(BlockType::Empty).loop_(BlockType::Empty);
    code.local_get(RUN).call(plan.host("runs")).i32_ge_u().br_if(1);
    code.local_get(RUN).call(plan.host("address")).global_set(plan.destination());
    code.i32_const(1).global_set(plan.loading());
    code.local_get(RUN).i32_const(RETURN_AREA).call(plan.host("bytes"));
    code.i32_const(0).global_set(plan.loading());
    code.local_get(RUN).i32_const(1).i32_add().local_set(RUN).br(0).end().end();

    let place = MemArg { offset: 0, align: 3, memory_index: 0 };
    code.i32_const(RETURN_AREA).call(plan.host("head")).i64_store(place);
    for (position, (index, ty)) in (0..).zip(&plan.mutable) {
        code.i32_const(position).call(plan.host("global"));
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
pub(super) fn realloc(plan: &Plan<'_>) -> Function {
    let mut function = Function::new([]);
    let mut code = function.instructions();
    code.global_get(plan.loading()).if_(BlockType::Empty);
    code.global_get(plan.destination()).return_().end();
    code.local_get(0).local_get(1).local_get(2).local_get(3);
    code.call(plan.realloc()).end();
    function
}

/// `memory.grow` on the pages that the engine knows of: the memory itself may have more.
pub(super) fn grow(plan: &Plan<'_>) -> Function {
    const DELTA: u32 = 0;
    const WANTED: u32 = 1;
    const MOST: i32 = 1 << 16;
    let mut function = Function::new([(1, ValType::I32)]);
    let mut code = function.instructions();
    code.local_get(DELTA).i32_const(MOST).i32_gt_u().if_(BlockType::Empty);
    code.i32_const(-1).return_().end();
    code.global_get(plan.pages()).local_get(DELTA).i32_add().local_tee(WANTED);
    code.memory_size(0).i32_gt_u().if_(BlockType::Empty);
    code.local_get(WANTED).memory_size(0).i32_sub().memory_grow(0).i32_const(-1).i32_eq();
    code.if_(BlockType::Empty).i32_const(-1).return_().end().end();
    code.global_get(plan.pages()).local_get(WANTED).global_set(plan.pages()).end();
    function
}

/// What a stub begins with: the function in its place of the table does the work, if there is one.
pub(super) fn switch(
    code: &mut InstructionSink<'_>,
    plan: &Plan<'_>,
    position: u32,
    (ty, parameters): (u32, u32),
) {
    let place = (plan.switches + position).cast_signed();
    code.block(BlockType::Empty);
    code.i32_const(place).table_get(0).ref_is_null().br_if(0);
    for parameter in 0..parameters {
        code.local_get(parameter);
    }
    code.i32_const(place).call_indirect(0, ty).return_().end();
}
