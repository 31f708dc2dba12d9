//! Builds that differ in data only share their compiled code.

use std::fs;

use crate::guest::{answer, component, text};
use crate::support::{Answers, TestHost, engine, run};
use xwb_runner::{CompiledFrom, Engine, Limits, Loaded};

/// Answers with the byte that its memory is full of.
fn build(byte: char) -> Vec<u8> {
    let handler = answer(200, "(i32.const 70000)", "(i32.const 1)");
    let memory = "(memory (export \"memory\") 1)";
    let data = String::from(byte).repeat(300_000);
    let filled = format!("(memory (export \"memory\") 8) (data (i32.const 65536) \"{data}\")");
    component(&text("", &handler).replace(memory, &filled))
}

async fn answers(loaded: &Loaded, byte: char) {
    let host = TestHost::new(Answers::Never);
    let outcome = run(&loaded.component, &Limits::default(), host).await;
    assert_eq!(outcome.response.unwrap().body.unwrap(), String::from(byte).as_bytes());
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn the_second_build_is_not_compiled_and_has_its_own_data() {
    let (engine, folder) = engine();
    for (byte, from) in [('a', CompiledFrom::Compiled), ('b', CompiledFrom::Cache)] {
        let loaded = engine.load_bytes(&build(byte)).unwrap();
        assert_eq!((loaded.compiled_from, loaded.cache_error.clone()), (from, None));
        answers(&loaded, byte).await;
    }
    assert_eq!(files(folder.path()).len(), 3, "the code, and two builds");
    let again = engine.load_bytes(&build('a')).unwrap();
    assert_eq!(again.compiled_from, CompiledFrom::Cache);
    answers(&again, 'a').await;
}

#[tokio::test]
async fn code_that_is_prepared_serves_every_build() {
    let (engine, folder) = engine();
    let template = folder.path().join("template.wasm");
    fs::write(&template, build('x')).unwrap();
    for _ in 0..2 {
        engine.prepare_code(&template).unwrap();
        assert_eq!(files(folder.path()).len(), 2, "the template, and the code");
    }
    let loaded = engine.load_bytes(&build('a')).unwrap();
    assert_eq!(loaded.compiled_from, CompiledFrom::Cache);
    answers(&loaded, 'a').await;
    fs::write(&template, crate::guest::echo()).unwrap();
    engine.prepare_code(&template).unwrap();
    assert_eq!(files(folder.path()).len(), 3, "nothing is prepared without data");
    fs::write(&template, "no component").unwrap();
    assert_eq!(engine.prepare_code(&template).unwrap_err().code(), "component.not_wasm");
}

#[tokio::test]
async fn a_flipped_byte_in_the_shared_code_is_never_linked() {
    let (engine, folder) = engine();
    let only = |engine: &Engine| drop(engine.load_bytes(&build('a')).unwrap());
    only(&engine);
    for file in files(folder.path()) {
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(file, bytes).unwrap();
    }
    let loaded = engine.load_bytes(&build('b')).unwrap();
    assert_eq!(loaded.compiled_from, CompiledFrom::Compiled);
    answers(&loaded, 'b').await;
    let repaired = engine.load_bytes(&build('a')).unwrap();
    assert_eq!((repaired.compiled_from, repaired.cache_repaired), (CompiledFrom::Cache, true));
    answers(&repaired, 'a').await;
}

#[tokio::test]
async fn a_build_runs_where_nothing_can_be_kept() {
    let (engine, folder) = engine();
    fs::remove_dir_all(folder.path()).unwrap();
    let loaded = engine.load_bytes(&build('a')).unwrap();
    assert!(loaded.cache_error.is_some());
    answers(&loaded, 'a').await;
}
