//! Loading: what is refused and why, and the folder of compiled components.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::guest::{answer, component, echo, echo_with, guest};
use crate::support::{Answers, TestHost, code, engine, run};
use xwb_runner::{CompiledFrom, Engine, EngineOptions, Limits, WASMTIME_VERSION};

fn refused(bytes: &[u8]) -> (&'static str, String) {
    let (engine, _folder) = engine();
    let error = engine.load_bytes(bytes).unwrap_err();
    (error.code(), error.detail())
}

fn compiled_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn what_is_no_component_is_told_apart() {
    assert_eq!(refused(b"").0, "component.empty");
    assert_eq!(refused(b"export function handler() {}").0, "component.not_wasm");
    assert_eq!(refused(&wat::parse_str("(module)").unwrap()).0, "component.core_module");
    let mut damaged = echo();
    damaged.truncate(damaged.len() / 2);
    assert_eq!(refused(&damaged).0, "component.invalid");
    let (engine, folder) = engine();
    let missing = engine.load(&folder.path().join("missing.wasm")).unwrap_err();
    assert_eq!(missing.code(), "component.unreadable");
}

#[test]
fn an_unknown_import_is_named_with_its_neighbour() {
    let import = |name: &str, function: &str| {
        component(&format!(r#"(import "{name}" (instance (export "{function}" (func))))"#))
    };
    for (name, function, full, nearest) in [
        ("alga:extension/secret", "get", "alga:extension/secret", "alga:extension/secrets"),
        (
            "alga:extension/storage",
            "list",
            "alga:extension/storage.list",
            "alga:extension/storage.list-entries",
        ),
        ("secrets", "get", "secrets", "alga:extension/secrets"),
        (
            "wasi:http/outgoing-handlr@0.2.3",
            "handle",
            "wasi:http/outgoing-handlr@0.2.3",
            "wasi:http/outgoing-handler",
        ),
    ] {
        let (code, detail) = refused(&import(name, function));
        assert_eq!(code, "component.unknown_import");
        assert!(detail.contains(&format!("`{full}`")), "{detail}");
        assert!(detail.contains(&format!("did you mean `{nearest}`?")), "{detail}");
    }
    let (_, detail) = refused(&import("zz:qq/xyzzy", "f"));
    assert!(!detail.contains("did you mean"), "{detail}");
}

#[test]
fn an_import_of_the_wrong_type_is_a_link_error() {
    let wrong = r#"(import "alga:extension/logging" (instance
        (export "log-info" (func (param "message" u32)))))"#;
    let (_, detail) = refused(&component(wrong));
    assert!(detail.contains("handler"), "a missing handler is said first: {detail}");
    let mut text = String::from_utf8(b"(component ".to_vec()).unwrap();
    text.push_str(wrong);
    text.push_str(HANDLER_ONLY);
    let (code, detail) = refused(&wat::parse_str(text).unwrap());
    assert_eq!(code, "component.link");
    assert!(detail.contains("log-info"), "{detail}");
}

/// The rest of a component that has nothing but a right handler.
const HANDLER_ONLY: &str = r#"
  (import "alga:extension/types" (instance $types
    (type $c' (record (field "request-id" (option string)) (field "tenant-id" string)
      (field "extension-id" string) (field "install-id" (option string))
      (field "version-id" (option string))))
    (export "context-data" (type $c (eq $c')))
    (type $h' (record (field "name" string) (field "value" string)))
    (export "http-header" (type $h (eq $h')))
    (type $q' (record (field "method" string) (field "url" string)
      (field "headers" (list $h)) (field "body" (option (list u8)))))
    (export "http-request" (type $q (eq $q')))
    (type $r' (record (field "context" $c) (field "http" $q)))
    (export "execute-request" (type (eq $r')))
    (type $s' (record (field "status" u16) (field "headers" (list $h))
      (field "body" (option (list u8)))))
    (export "execute-response" (type (eq $s')))))
  (alias export $types "execute-request" (type $request))
  (alias export $types "execute-response" (type $response))
  (core module $m
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))
    (func (export "handler") (param i32) (result i32) (i32.const 64)))
  (core instance $m (instantiate $m))
  (func (export "handler") (param "request" $request) (result $response)
    (canon lift (core func $m "handler") (memory (core memory $m "memory")) (realloc (core func $m "realloc")))))"#;

#[test]
fn the_handler_must_be_there_and_of_the_right_type() {
    let (code, detail) = refused(&component(""));
    assert_eq!(code, "component.no_handler");
    assert!(detail.contains("exports nothing"), "{detail}");
    let wrong = r#"(core module $m (func (export "f") (param i32) (result i32) (local.get 0)))
        (core instance $m (instantiate $m))
        (func (export "handler") (param "n" u32) (result u32) (canon lift (core func $m "f")))"#;
    let (code, detail) = refused(&component(wrong));
    assert_eq!(code, "component.handler_type");
    assert!(detail.contains("found func(u32) -> u32"), "{detail}");
}

#[test]
fn a_component_is_compiled_once_then_kept_then_mapped() {
    let folder = tempfile::tempdir().unwrap();
    let options = EngineOptions::new(folder.path());
    let engine = Engine::new(&options).unwrap();
    let first = engine.load_bytes(&echo()).unwrap();
    assert_eq!(first.compiled_from, CompiledFrom::Compiled);
    assert_eq!(first.cache_error, None);
    assert_eq!(engine.load_bytes(&echo()).unwrap().compiled_from, CompiledFrom::Memory);
    drop(first);
    assert_eq!(engine.load_bytes(&echo()).unwrap().compiled_from, CompiledFrom::Cache);
    let other = Engine::new(&EngineOptions { pooling: false, ..options }).unwrap();
    assert!(!other.info().pooling);
    other.load_bytes(&echo()).unwrap();
}

#[tokio::test]
async fn a_flipped_byte_in_a_compiled_file_is_found_and_repaired() {
    let (engine, folder) = engine();
    drop(engine.load_bytes(&echo()).unwrap());
    let files = compiled_files(folder.path());
    assert_eq!(files.len(), 1);
    let mut bytes = fs::read(&files[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&files[0], bytes).unwrap();
    let again = engine.load_bytes(&echo()).unwrap();
    assert_eq!(again.compiled_from, CompiledFrom::Compiled);
    assert!(again.cache_repaired);
    let outcome = run(&again.component, &Limits::default(), TestHost::new(Answers::Never)).await;
    assert_eq!(code(&outcome), "");
    drop(again);
    assert_eq!(engine.load_bytes(&echo()).unwrap().compiled_from, CompiledFrom::Cache);
    assert_eq!(compiled_files(folder.path()).len(), 1);
}

#[test]
fn what_a_killed_process_left_behind_is_never_used() {
    let (engine, folder) = engine();
    drop(engine.load_bytes(&echo()).unwrap());
    let whole = compiled_files(folder.path()).remove(0);
    let bytes = fs::read(&whole).unwrap();
    let half = &bytes[..bytes.len() / 2];
    // Killed while it wrote: the beginning, under a name that nobody looks for.
    let unfinished = folder.path().join(".unfinished-1");
    fs::rename(&whole, &unfinished).unwrap();
    fs::write(&unfinished, half).unwrap();
    let again = engine.load_bytes(&echo()).unwrap();
    assert_eq!((again.compiled_from, again.cache_repaired), (CompiledFrom::Compiled, false));
    drop(again);
    // The machine went down and the disk had lied: the beginning, under the final name.
    fs::write(&whole, half).unwrap();
    let again = engine.load_bytes(&echo()).unwrap();
    assert_eq!((again.compiled_from, again.cache_repaired), (CompiledFrom::Compiled, true));
}

#[tokio::test]
async fn after_a_restart_each_component_has_its_own_code_whichever_ran_last() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("compiled");
    let component = |status| {
        let file = folder.path().join(format!("{status}.wasm"));
        fs::write(&file, guest(&answer(status, "(i32.const 0)", "(i32.const 0)"))).unwrap();
        file
    };
    let answered = async |status: u16, from| {
        let engine = Engine::new(&EngineOptions::new(&cache)).unwrap();
        let loaded = engine.load(&component(status)).unwrap();
        let host = TestHost::new(Answers::Never);
        let outcome = run(&loaded.component, &Limits::default(), host).await;
        assert_eq!((outcome.response.unwrap().status, loaded.compiled_from), (status, from));
    };
    answered(201, CompiledFrom::Compiled).await;
    answered(202, CompiledFrom::Compiled).await;
    for status in [202, 201, 201, 202] {
        answered(status, CompiledFrom::Cache).await;
    }
    for file in compiled_files(&cache) {
        let mut bytes = fs::read(&file).unwrap();
        bytes[100] ^= 1;
        fs::write(&file, bytes).unwrap();
    }
    answered(202, CompiledFrom::Compiled).await;
    answered(201, CompiledFrom::Compiled).await;
}

#[test]
fn the_least_recently_used_file_goes_first() {
    let folder = tempfile::tempdir().unwrap();
    let options = EngineOptions::new(folder.path());
    let engine = Engine::new(&options).unwrap();
    drop(engine.load_bytes(&echo_with("a")).unwrap());
    let size = fs::metadata(&compiled_files(folder.path())[0]).unwrap().len();
    drop(engine.load_bytes(&echo_with("b")).unwrap());
    // Everything so far is an hour old; then `a` is used again.
    let old = SystemTime::now() - Duration::from_hours(1);
    for file in compiled_files(folder.path()) {
        fs::File::options().write(true).open(file).unwrap().set_modified(old).unwrap();
    }
    assert_eq!(engine.load_bytes(&echo_with("a")).unwrap().compiled_from, CompiledFrom::Cache);
    let max_cache_bytes = size * 5 / 2;
    let small = Engine::new(&EngineOptions { max_cache_bytes, ..options }).unwrap();
    drop(small.load_bytes(&echo_with("c")).unwrap());
    assert_eq!(compiled_files(folder.path()).len(), 2);
    let from = |name| small.load_bytes(&echo_with(name)).unwrap().compiled_from;
    assert_eq!(
        [from("a"), from("c"), from("b")],
        [CompiledFrom::Cache, CompiledFrom::Cache, CompiledFrom::Compiled]
    );
}

#[test]
fn an_unusable_cache_folder_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    fs::write(&file, "").unwrap();
    assert_eq!(Engine::new(&EngineOptions::new(&file)).unwrap_err().code(), "cache.unusable");
}

#[test]
fn imports_are_listed_by_function() {
    let (engine, _folder) = engine();
    let component = engine.load_bytes(&guest("(unreachable)")).unwrap().component;
    assert_eq!(
        component.imports(),
        ["alga:extension/logging.log-info", "alga:extension/secrets.get", "alga:extension/types"]
    );
}

#[test]
fn the_version_told_is_the_version_locked() {
    let lock = include_str!("../../../Cargo.lock");
    let entry = format!("name = \"wasmtime\"\nversion = \"{WASMTIME_VERSION}\"\n");
    assert!(lock.contains(&entry));
}
