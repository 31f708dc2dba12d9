//! Small guests as component text, with the world's own types.

/// Offset of `execute-request.http.body` (disc, pointer, length) in the guest's memory.
pub const REQUEST_BODY: u32 = 76;

const TYPES: &str = r#"
  (import "alga:extension/types" (instance $types
    (type $context' (record (field "request-id" (option string)) (field "tenant-id" string)
      (field "extension-id" string) (field "install-id" (option string))
      (field "version-id" (option string))))
    (export "context-data" (type $context (eq $context')))
    (type $header' (record (field "name" string) (field "value" string)))
    (export "http-header" (type $header (eq $header')))
    (type $http' (record (field "method" string) (field "url" string)
      (field "headers" (list $header)) (field "body" (option (list u8)))))
    (export "http-request" (type $http (eq $http')))
    (type $request' (record (field "context" $context) (field "http" $http)))
    (export "execute-request" (type (eq $request')))
    (type $response' (record (field "status" u16) (field "headers" (list $header))
      (field "body" (option (list u8)))))
    (export "execute-response" (type (eq $response')))
    (type $secret-error' (enum "missing" "denied" "expired" "internal"))
    (export "secret-error" (type (eq $secret-error')))))
  (alias export $types "execute-request" (type $request))
  (alias export $types "execute-response" (type $response))
  (alias export $types "secret-error" (type $secret-error))
  (import "alga:extension/secrets" (instance $secrets
    (alias outer 1 $secret-error (type $e'))
    (export "secret-error" (type $e (eq $e')))
    (export "get" (func (param "key" string) (result (result string (error $e)))))))
  (import "alga:extension/logging" (instance $logging
    (export "log-info" (func (param "message" string)))))
"#;

/// Memory with one page, and an allocator that never frees and grows as it must.
const MEMORY: &str = r#"
  (core module $libc
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 8192))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (if (i32.gt_u (global.get $next) (i32.mul (memory.size) (i32.const 65536)))
        (then (drop (memory.grow (i32.add (i32.const 1)
          (i32.div_u (local.get 3) (i32.const 65536)))))))
      (local.get $at)))
  (core instance $libc (instantiate $libc))
  (core func $secrets_get (canon lower (func $secrets "get")
    (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))
  (core func $log_info (canon lower (func $logging "log-info") (memory (core memory $libc "memory"))))
"#;

/// A component whose handler has this body: core WAT with the request's address in `$request`,
/// two free locals `$a` and `$b`, functions `$secrets_get (key, length, result)` and
/// `$log_info (text, length)`, memory to use below 8192, and a response's address as its value.
pub fn guest(handler: &str) -> Vec<u8> {
    guest_with("", handler)
}

/// As [`guest`], with more fields in its core module, for example a table.
pub fn guest_with(fields: &str, handler: &str) -> Vec<u8> {
    component(&text(fields, handler))
}

/// What stands between the parentheses of such a component.
pub fn text(fields: &str, handler: &str) -> String {
    format!(
        r#"{TYPES}{MEMORY}
  (core module $main
    (import "libc" "memory" (memory 1))
    (import "host" "secrets-get" (func $secrets_get (param i32 i32 i32)))
    (import "host" "log-info" (func $log_info (param i32 i32)))
    (data (i32.const 1024) "a secret key")
    {fields}
    (func $recurse (result i32) (i32.add (i32.const 1) (call $recurse)))
    (func (export "handler") (param $request i32) (result i32)
      (local $a i32) (local $b i32)
      {handler}))
  (core instance $main (instantiate $main
    (with "libc" (instance $libc))
    (with "host" (instance
      (export "secrets-get" (func $secrets_get)) (export "log-info" (func $log_info))))))
  (func (export "handler") (param "request" $request) (result $response)
    (canon lift (core func $main "handler")
      (memory (core memory $libc "memory")) (realloc (core func $libc "realloc"))))"#
    )
}

/// Core WAT: an answer at address 64 with this status and, as body, `length` bytes at `pointer`
/// (both core expressions).
pub fn answer(status: u16, pointer: &str, length: &str) -> String {
    format!(
        "(i32.store16 (i32.const 64) (i32.const {status}))
         (i32.store (i32.const 76) (i32.const 1))
         (i32.store (i32.const 80) {pointer})
         (i32.store (i32.const 84) {length})
         (i32.const 64)"
    )
}

/// Answers 200 and the request's body.
pub fn echo() -> Vec<u8> {
    let load = |offset: u32| format!("(i32.load offset={offset} (local.get $request))");
    guest(&answer(200, &load(REQUEST_BODY + 4), &load(REQUEST_BODY + 8)))
}

/// As [`echo`], with `marker` in a custom section, so that its hash differs.
pub fn echo_with(marker: &str) -> Vec<u8> {
    let mut bytes = echo();
    // A custom section: id 0, size, length of the name, name. Short names have one-byte sizes.
    let length = u8::try_from(marker.len()).expect("a short marker");
    bytes.extend([0, length + 1, length]);
    bytes.extend(marker.as_bytes());
    bytes
}

/// Asks for the secret named `a secret key` and answers 200 and its value, or 500 and one byte
/// with the number of the error case.
pub fn secret_reader() -> Vec<u8> {
    let found = answer(200, "(i32.load (i32.const 2052))", "(i32.load (i32.const 2056))");
    let failed = answer(500, "(i32.const 2052)", "(i32.const 1)");
    guest(&format!(
        "(call $secrets_get (i32.const 1024) (i32.const 12) (i32.const 2048))
         (if (result i32) (i32.load8_u (i32.const 2048)) (then {failed}) (else {found}))"
    ))
}

/// Any component, from what stands between its parentheses.
pub fn component(inner: &str) -> Vec<u8> {
    wat::parse_str(format!("(component {inner})")).expect("the guest's text is valid")
}
