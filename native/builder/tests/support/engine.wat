;; A stand-in for the JavaScript engine: its handler answers with the text of the source. The first
;; letter of the source decides how it is loaded. What stands in braces differs between the engine
;; and the module of an "official build".
(module
  {IMPORTS}
  (table 1 funcref)
  (memory (export "memory") 2)
  (global $length (mut i32) (i32.const 0))
  (global $heap (mut i32) (i32.const 65536))
  (global $ratio (mut f64) (f64.const 0))
  {GLOBALS}
  (data (i32.const 64) "handler.js")
  (data (i32.const 96) "Exception while evaluating top-level script\nhandler.js:2:3 Error: boom\n")
  (data (i32.const 192) "/b/initializer.js:1:1 Error: no handler\n")

  (func $letter (result i32) (i32.load8_u (i32.const 4096)))
  (func $say (param $from i32) (param $length i32)
    (i32.store (i32.const 16) (local.get $from))
    (i32.store (i32.const 20) (local.get $length))
    (drop (call $fd_write (i32.const 2) (i32.const 16) (i32.const 1) (i32.const 24))))
  {INIT}

  (func (export "check_init") (result i32)
    (if (i32.eq (call $letter) (i32.const 88 (; X ;))) (then
      (call $say (i32.const 192) (i32.const 40))
      (return (i32.const 1))))
    (i32.const 0))

  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (local $place i32)
    (local.set $place (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $place) (local.get 3)))
    (if (i32.gt_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))) (then
      (drop (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))))))
    (local.get $place))

  ;; Status 200 plus the ratio, no headers, the source as the body.
  (func (export "handler") (param i32) (result i32)
    (i32.store16 (i32.const 1024)
      (i32.add (i32.const 200) (i32.trunc_f64_s (global.get $ratio))))
    (i32.store (i32.const 1028) (i32.const 0))
    (i32.store (i32.const 1032) (i32.const 0))
    (i32.store8 (i32.const 1036) (i32.const 1))
    (i32.store (i32.const 1040) (i32.const 4096))
    (i32.store (i32.const 1044) (global.get $length))
    (i32.const 1024)))
