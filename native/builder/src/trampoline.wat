;; Stands where the engine looks for `path_open`. What it leads to needs the engine's memory, which
;; is there only once the engine is.
(module
  (type $path_open (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (table (export "table") 1 funcref)
  (func (export "path_open") (type $path_open)
    (call_indirect (type $path_open)
      (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4)
      (local.get 5) (local.get 6) (local.get 7) (local.get 8)
      (i32.const 0))))
