(func (export "_initialize"))
(func (export "componentize.wizer")
  (local $end i32)
  ;; What a source must not be able to see: the clock at 2048, random bytes at 2056.
  (drop (call $clock (i32.const 0) (i64.const 0) (i32.const 2048)))
  (drop (call $random (i32.const 2056) (i32.const 8)))
  ;; Folder 4 is the root; the file's number goes to 8, the bytes read to 12.
  (if (call $path_open (i32.const 4) (i32.const 0) (i32.const 64) (i32.const 10) (i32.const 0)
    (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 8)) (then unreachable))
  (i32.store (i32.const 16) (i32.const 4096))
  (i32.store (i32.const 20) (i32.const 60000))
  (if (call $fd_read (i32.load (i32.const 8)) (i32.const 16) (i32.const 1) (i32.const 12))
    (then unreachable))
  (global.set $length (i32.load (i32.const 12)))
  (if (i32.eq (call $letter) (i32.const 84 (; T ;))) (then
    (call $say (i32.const 96) (i32.const 71))
    (call $exit (i32.const 1))))
  (if (i32.eq (call $letter) (i32.const 76 (; L ;))) (then (loop (br 0))))
  (if (i32.eq (call $letter) (i32.const 77 (; M ;))) (then
    (loop (br_if 0 (i32.ne (memory.grow (i32.const 64)) (i32.const -1))))
    unreachable))
  (if (i32.eq (call $letter) (i32.const 72 (; H ;))) (then (call $host (i32.const 0) (i32.const 0))))
  (if (i32.eq (call $letter) (i32.const 70 (; F ;))) (then (global.set $ratio (f64.const 4))))
  (if (i32.eq (call $letter) (i32.const 71 (; G ;))) (then
    (drop (memory.grow (i32.const 40)))
    (local.set $end (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)))
    (i32.store8 (local.get $end) (i32.const 33))))
  (i32.store8 (i32.const 0) (i32.const 55)))
