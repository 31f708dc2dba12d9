;; Asks the host before a file is opened, then opens it as WASI does, in the engine's memory.
(module
  (type $path_open (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "gate" "pass" (func $pass (param i32 i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $open (type $path_open)))
  (import "engine" "memory" (memory 0))
  (import "trampoline" "table" (table 1 funcref))
  (export "memory" (memory 0))
  (elem (i32.const 0) $gated)
  (func $gated (type $path_open)
    (call $pass (local.get 2) (local.get 3))
    (call $open
      (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
      (local.get 5) (local.get 6) (local.get 7) (local.get 8))))
