//! A template of a stand-in engine, and a host for it.
#![allow(dead_code, reason = "no test uses all of it")]

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;
use xwb_builder::{Builder, BuilderOptions, Initialised, Template, seal};
use xwb_runner::types::{ContextData, ExecuteRequest, HttpRequest};
use xwb_runner::{
    BoxFuture, CancelToken, Component, Host, HostCall, HostFault, HostReply, Limits, LogLevel,
    MemoryImage, Outcome,
};

const ENGINE: &str = include_str!("engine.wat");
const INIT: &str = include_str!("engine_init.wat");
const WASI: &str = r#"
  (import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"#;
const HOST: &str = r#"(import "alga:extension/logging" "log-info" (func $host (param i32 i32)))"#;
/// What an official build puts in place of WASI.
const STUBS: &str = r"
  (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32) unreachable)
  (func $fd_read (param i32 i32 i32 i32) (result i32) unreachable)
  (func $fd_write (param i32 i32 i32 i32) (result i32) unreachable)
  (func $clock (param i32 i64 i32) (result i32) i32.const 29)
  (func $random (param i32 i32) (result i32) unreachable)
  (func $exit (param i32) unreachable)";
const STUB_GLOBALS: &str = "(global (mut i32) (i32.const 9))";

/// Folders of one test, with a sealed template.
pub struct Workshop {
    pub folder: TempDir,
    pub builder: Builder,
}

impl Workshop {
    pub fn new() -> Self {
        Self::with(|_| ())
    }

    pub fn with(choose: impl FnOnce(&mut BuilderOptions)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_ingredients(&folder.path().join("template"));
        seal(&folder.path().join("template")).unwrap();
        let mut options = BuilderOptions::new(folder.path().join("cache"));
        options.compiled_dir = folder.path().join("compiled");
        options.time_limit = Duration::from_millis(300);
        options.memory_mb = 32;
        choose(&mut options);
        let builder = Builder::new(&options).unwrap();
        Self { folder, builder }
    }

    pub fn template_folder(&self) -> PathBuf {
        self.folder.path().join("template")
    }

    pub fn open(&self) -> Template {
        self.builder.open_template(&self.template_folder()).unwrap()
    }

    /// Files and folders that a build may have left behind.
    pub fn left_behind(&self) -> Vec<PathBuf> {
        let sources = std::fs::read_dir(self.folder.path().join("cache/sources")).unwrap();
        sources.map(|entry| entry.unwrap().path()).collect()
    }
}

/// What the official tools would have left in a folder.
pub fn write_ingredients(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let imports = [WASI, HOST].concat();
    let engine = text(&[("{IMPORTS}", &imports), ("{INIT}", INIT), ("{GLOBALS}", "")]);
    let imports = [HOST, STUBS].concat();
    let hidden = ["_initialize", "componentize.wizer"].map(|name| format!("(export \"{name}\")"));
    let init = hidden.iter().fold(INIT.to_owned(), |text, export| text.replace(export, ""));
    let stubbed = text(&[("{IMPORTS}", &imports), ("{INIT}", &init), ("{GLOBALS}", STUB_GLOBALS)]);
    let mut stubbed = wat::parse_str(stubbed).unwrap();
    let mut resolve = Resolve::default();
    let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/alga-extension/2026-08");
    let (package, _) = resolve.push_dir(wit).unwrap();
    let world = resolve.select_world(&[package], Some("runner")).unwrap();
    embed_component_metadata(&mut stubbed, &resolve, world, StringEncoding::UTF8).unwrap();
    let official = ComponentEncoder::default().module(&stubbed).unwrap().encode().unwrap();
    let files: [(&str, &[u8]); 6] = [
        ("engine.wasm", &wat::parse_str(engine).unwrap()),
        ("initializer.js", b"// bindings"),
        ("stubbed.wasm", &stubbed),
        ("component.wasm", &official),
        ("adapter.wasm", &wat::parse_str("(module)").unwrap()),
        ("recipe.json", br#"{"key":"k","madeAtMs":1000,"environment":{"DEBUG":""}}"#),
    ];
    for (name, bytes) in files {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

fn text(parts: &[(&str, &str)]) -> String {
    parts.iter().fold(ENGINE.to_owned(), |text, (name, part)| text.replace(name, part))
}

/// A host that nobody calls.
struct Silent;

impl Host for Silent {
    fn call(&self, call: HostCall) -> BoxFuture<Result<HostReply, HostFault>> {
        Box::pin(async move { Err(HostFault { message: format!("{call:?}") }) })
    }

    fn log(&self, _level: LogLevel, _message: &str, _offset_micros: u64) {}
}

/// Runs a component's handler once.
pub async fn run(component: &Component) -> Outcome {
    let request = ExecuteRequest {
        context: ContextData {
            request_id: None,
            tenant_id: String::from("t"),
            extension_id: String::from("e"),
            install_id: None,
            version_id: None,
        },
        http: HttpRequest {
            method: String::from("GET"),
            url: String::from("/"),
            headers: Vec::new(),
            body: None,
        },
    };
    let limits = Limits::default();
    component.execute(request, &limits, Arc::new(Silent), &CancelToken::new()).await.unwrap()
}

/// Status and body of a run that ended well.
pub async fn answer(component: &Component) -> (u16, String) {
    let outcome = run(component).await;
    let response = outcome.response.unwrap_or_else(|| panic!("{:?}", outcome.fault));
    (response.status, String::from_utf8(response.body.unwrap()).unwrap())
}

/// The release component of a loaded source.
pub fn component(loaded: &Initialised) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    loaded.write_component(file.path()).unwrap();
    std::fs::read(file.path()).unwrap()
}

/// Some bytes of a memory, which lie in one run.
pub fn bytes(image: &MemoryImage, range: Range<usize>) -> Vec<u8> {
    let (address, bytes) = image.runs_in(&range).next().unwrap();
    bytes[range.start - address..range.end - address].to_vec()
}
