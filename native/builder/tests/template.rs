//! Templates on disk: what is checked before one is used.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

mod support;

use std::fs;

use support::{Workshop, component, write_ingredients};
use xwb_builder::seal;
use xwb_runner::{CancelToken, Engine, EngineOptions};

#[test]
fn sealing_leaves_what_a_template_needs_and_no_more() {
    let workshop = Workshop::new();
    let names = fs::read_dir(workshop.template_folder()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let expected =
        ["component.wasm", "engine.wasm", "image-base.wasm", "initializer.js", "template.json"];
    assert_eq!(names, expected);
    assert_eq!(workshop.open().key(), "k");
}

#[test]
fn a_changed_file_is_found_whichever_it_is() {
    let workshop = Workshop::new();
    for name in ["component.wasm", "engine.wasm", "image-base.wasm", "initializer.js"] {
        let path = workshop.template_folder().join(name);
        let good = fs::read(&path).unwrap();
        let mut bad = good.clone();
        *bad.last_mut().unwrap() ^= 1;
        fs::write(&path, bad).unwrap();
        let error = workshop.builder.open_template(&workshop.template_folder()).unwrap_err();
        assert_eq!(error.code(), "template.damaged");
        assert!(error.to_string().contains(name));
        fs::remove_file(&path).unwrap();
        let error = workshop.builder.open_template(&workshop.template_folder()).unwrap_err();
        assert_eq!(error.code(), "template.damaged");
        fs::write(&path, good).unwrap();
    }
    workshop.open();
}

#[test]
fn a_manifest_that_is_not_ours_is_damage_and_none_is_no_template() {
    let workshop = Workshop::new();
    let path = workshop.template_folder().join("template.json");
    let text = fs::read_to_string(&path).unwrap();
    for bad in [text[..text.len() / 2].to_owned(), text.replace("\"format\": 2", "\"format\": 9")] {
        fs::write(&path, bad).unwrap();
        let error = workshop.builder.open_template(&workshop.template_folder()).unwrap_err();
        assert_eq!(error.code(), "template.damaged");
    }
    fs::remove_file(&path).unwrap();
    let error = workshop.builder.open_template(&workshop.template_folder()).unwrap_err();
    assert_eq!(error.code(), "template.missing");
}

#[test]
fn no_byte_of_the_manifest_can_change_unnoticed() {
    let workshop = Workshop::new();
    let path = workshop.template_folder().join("template.json");
    let good = fs::read(&path).unwrap();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        fs::write(&path, &bad).unwrap();
        let error = workshop.builder.open_template(&workshop.template_folder()).unwrap_err();
        assert_eq!(error.code(), "template.damaged", "byte {at}");
    }
}

#[test]
fn ingredients_that_do_not_fit_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(seal(folder.path()).unwrap_err().code(), "template.missing");
    for (name, bad) in [
        ("recipe.json", &b"{}"[..]),
        ("stubbed.wasm", b"no"),
        ("component.wasm", b"\0asm\x0d\0\x01\0"),
    ] {
        write_ingredients(folder.path());
        fs::write(folder.path().join(name), bad).unwrap();
        assert_eq!(seal(folder.path()).unwrap_err().code(), "template.invalid", "{name}");
    }
    write_ingredients(folder.path());
    fs::copy(folder.path().join("engine.wasm"), folder.path().join("stubbed.wasm")).unwrap();
    assert_eq!(seal(folder.path()).unwrap_err().code(), "template.invalid");
    assert!(!folder.path().join("template.json").exists());
}

#[test]
fn a_damaged_compiled_engine_is_made_again() {
    let workshop = Workshop::new();
    let before = component(&workshop.open().initialise("x", &CancelToken::new()).unwrap());
    let compiled = workshop.folder.path().join("compiled");
    for entry in fs::read_dir(&compiled).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).unwrap();
    }
    let again = component(&workshop.open().initialise("x", &CancelToken::new()).unwrap());
    assert!(before == again);
}

#[test]
fn an_image_base_is_no_component_and_a_component_no_image_base() {
    let workshop = Workshop::new();
    let engine = Engine::new(&EngineOptions::new(workshop.folder.path().join("runner"))).unwrap();
    let template = workshop.open();
    let error = engine.load(&template.image_base()).unwrap_err();
    assert_eq!(error.code(), "component.unknown_import");
    assert!(engine.load_image_base(&template.image_base()).is_ok());
    assert_eq!(engine.load(&template.image_base()).unwrap_err().code(), "component.unknown_import");
    let component = workshop.template_folder().join("component.wasm");
    assert_eq!(engine.load_image_base(&component).unwrap_err().code(), "component.link");
}

#[test]
fn the_runner_maps_what_the_builder_compiled() {
    let workshop = Workshop::new();
    let template = workshop.open();
    let compiled = workshop.folder.path().join("compiled");
    let names = || fs::read_dir(&compiled).unwrap().map(|entry| entry.unwrap().file_name());
    let before: Vec<_> = names().collect();
    assert_eq!(before.len(), 1);
    let engine = Engine::new(&EngineOptions::new(&compiled)).unwrap();
    engine.load_image_base(&template.image_base()).unwrap();
    assert_eq!(names().collect::<Vec<_>>(), before);
}
