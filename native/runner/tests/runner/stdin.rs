//! WASI's standard input of a guest (spec section 4.7): there, and at its end.

use xwb_runner::Limits;

use crate::guest::{answer, component, text};
use crate::support::{Answers, TestHost, engine, run};

const IMPORTS: &str = r#"
  (import "wasi:io/error@0.2.3" (instance $io-error (export "error" (type (sub resource)))))
  (alias export $io-error "error" (type $io-error-type))
  (import "wasi:io/streams@0.2.3" (instance $streams
    (export "input-stream" (type $in (sub resource)))
    (alias outer 1 $io-error-type (type $e'))
    (export "error" (type $e (eq $e')))
    (type $stream-error' (variant (case "last-operation-failed" (own $e)) (case "closed")))
    (export "stream-error" (type $stream-error (eq $stream-error')))
    (export "[method]input-stream.blocking-read" (func (param "self" (borrow $in))
      (param "len" u64) (result (result (list u8) (error $stream-error)))))))
  (alias export $streams "input-stream" (type $input-stream))
  (import "wasi:cli/stdin@0.2.3" (instance $stdin
    (alias outer 1 $input-stream (type $in'))
    (export "input-stream" (type $in (eq $in')))
    (export "get-stdin" (func (result (own $in))))))"#;

const LOWERED: &str = r#"
  (core func $get_stdin (canon lower (func $stdin "get-stdin")))
  (core func $read (canon lower (func $streams "[method]input-stream.blocking-read")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core module $main"#;

/// Reads from standard input and answers what that gave, as it stands in its memory.
fn reader() -> Vec<u8> {
    let imports = r#"(import "host" "get-stdin" (func $get_stdin (result i32)))
        (import "host" "read" (func $read (param i32 i64 i32)))"#;
    let read = "(call $read (call $get_stdin) (i64.const 16) (i32.const 2048))";
    let handler = format!("{read}{}", answer(200, "(i32.const 2048)", "(i32.const 8)"));
    let inner = text("", &handler);
    let inner = inner.replace("(core module $main", &format!("{LOWERED} {imports}"));
    let inner = inner.replace(
        r#"(export "secrets-get""#,
        r#"(export "get-stdin" (func $get_stdin)) (export "read" (func $read)) (export "secrets-get""#,
    );
    component(&format!("{IMPORTS}{inner}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn standard_input_is_at_its_end() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&reader()).unwrap().component;
    let outcome = run(&component, &Limits::default(), TestHost::new(Answers::Never)).await;
    let body = outcome.response.unwrap().body.unwrap();
    let (is_error, case) = (body[0], body[4]);
    assert_eq!((is_error, case), (1, 1), "the stream error `closed`");
}
