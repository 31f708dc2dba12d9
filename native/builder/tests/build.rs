//! From a source to an answer, both ways, on a stand-in engine.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

mod support;

use std::thread;
use std::time::Duration;

use support::{Workshop, answer, bytes, component};
use xwb_builder::{Error, SourceErrorKind, Template};
use xwb_runner::{CancelToken, Engine, EngineOptions, MemoryImage};

/// On a thread of its own: loading blocks, which an asynchronous task must not do.
fn load(template: &Template, source: &str) -> Result<xwb_builder::Initialised, Error> {
    thread::scope(|scope| {
        scope.spawn(|| template.initialise(source, &CancelToken::new())).join().unwrap()
    })
}

#[tokio::test]
async fn a_source_answers_as_release_and_as_memory_image() {
    let workshop = Workshop::new();
    let template = workshop.open();
    let engine = Engine::new(&EngineOptions::new(workshop.folder.path().join("runner"))).unwrap();
    let base = engine.load_image_base(&template.image_base()).unwrap();
    for (source, status) in [("hello", 200), ("", 200), ("F is a float", 204), ("Grows", 200)] {
        let loaded = load(&template, source).unwrap();
        let expected = (status, source.to_owned());
        assert_eq!(answer(&base.with_memory(loaded.image())).await, expected, "image");
        let file = workshop.folder.path().join("out/main.wasm");
        let written = loaded.write_component(&file).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().len(), written.bytes);
        let release = engine.load(&file).unwrap().component;
        assert_eq!(answer(&release).await, expected, "release");
        assert_eq!(answer(&release).await, expected, "release, second call");
    }
    drop(template);
    assert_eq!(workshop.left_behind().len(), 0);
}

#[tokio::test]
async fn images_do_not_see_each_other() {
    let workshop = Workshop::new();
    let template = workshop.open();
    let engine = Engine::new(&EngineOptions::new(workshop.folder.path().join("runner"))).unwrap();
    let base = engine.load_image_base(&template.image_base()).unwrap();
    let [one, two] = ["Grows a lot", "other"].map(|source| load(&template, source).unwrap());
    assert_ne!(one.id(), two.id());
    let [one, two] = [&one, &two].map(|loaded| base.with_memory(loaded.image()));
    for _ in 0..20 {
        let (first, second) = tokio::join!(answer(&one), answer(&two));
        assert_eq!((first.1.as_str(), second.1.as_str()), ("Grows a lot", "other"));
    }
}

#[test]
fn the_same_source_gives_the_same_bytes_and_another_gives_others() {
    let workshop = Workshop::new();
    let template = workshop.open();
    let [one, same, other] =
        ["hello", "hello", "hello!"].map(|source| load(&template, source).unwrap());
    assert_eq!((one.id(), component(&one)), (same.id(), component(&same)));
    assert_ne!(one.id(), other.id());
    let memory = |image: &MemoryImage| bytes(image, 2048..2064);
    let clock_and_random = memory(&one.image());
    let frozen = 1_000_000_000_u64.to_le_bytes();
    assert_eq!(clock_and_random[..8], frozen, "the clock stands at the template's");
    assert_eq!(clock_and_random, memory(&other.image()), "both are there before any source is");
}

#[test]
fn an_engine_that_stood_by_gives_the_same_as_one_that_did_not() {
    let workshop = Workshop::with(|options| options.standby_after = Duration::ZERO);
    let template = workshop.open();
    let first = component(&load(&template, "hello").unwrap());
    for _ in 0..50 {
        assert!(component(&load(&template, "hello").unwrap()) == first);
    }
    // It waits for a source that never comes.
    drop(template);
    assert_eq!(workshop.left_behind().len(), 0);
}

#[test]
fn what_is_wrong_with_a_source_is_told() {
    let workshop = Workshop::new();
    let template = workshop.open();
    let kind = |source| match load(&template, source) {
        Err(Error::Source(error)) => (error.kind, error.message, error.places.len()),
        other => panic!("{other:?}"),
    };
    assert_eq!(kind("T"), (SourceErrorKind::Exception, "Error: boom".into(), 1));
    assert_eq!(kind("H"), (SourceErrorKind::HostCall, "alga:extension/logging.log-info".into(), 0));
    assert_eq!(kind("X"), (SourceErrorKind::MissingExport, "no handler".into(), 0));
    assert_eq!(load(&template, "M").unwrap_err().code(), "source.memory");
    assert_eq!(load(&template, "L").unwrap_err().code(), "source.timeout");
    let large = "x".repeat(xwb_builder::MAX_SOURCE_BYTES + 1);
    assert_eq!(load(&template, &large).unwrap_err().code(), "source.too_large");
    load(&template, "good again").unwrap();
    drop(template);
    assert_eq!(workshop.left_behind().len(), 0);
}

#[test]
fn a_cancel_ends_an_endless_loop() {
    let workshop = Workshop::new();
    let template = workshop.open();
    let cancelled = CancelToken::new();
    cancelled.cancel();
    assert_eq!(template.initialise("x", &cancelled).unwrap_err().code(), "build.cancelled");
    let cancel = CancelToken::new();
    thread::scope(|scope| {
        let build = scope.spawn(|| template.initialise("L", &cancel));
        cancel.cancel();
        assert_eq!(build.join().unwrap().unwrap_err().code(), "build.cancelled");
    });
}

#[test]
fn builds_at_the_same_time_do_not_disturb_each_other() {
    let workshop = Workshop::new();
    let template = workshop.open();
    let alone: Vec<_> = (0..8).map(|n| load(&template, &format!("s{n}")).unwrap()).collect();
    let alone: Vec<_> = alone.iter().map(component).collect();
    thread::scope(|scope| {
        let looping = scope.spawn(|| load(&template, "L"));
        let together: Vec<_> = (0..8)
            .map(|n| {
                let template = &template;
                scope.spawn(move || {
                    load(template, &format!("s{n}")).map(|loaded| component(&loaded))
                })
            })
            .collect();
        for (build, expected) in together.into_iter().zip(&alone) {
            assert_eq!(build.join().unwrap().unwrap(), *expected);
        }
        assert_eq!(looping.join().unwrap().unwrap_err().code(), "source.timeout");
    });
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let workshop = Workshop::new();
    let loaded = load(&workshop.open(), "x").unwrap();
    let folder = workshop.folder.path().join("taken");
    std::fs::create_dir_all(folder.join("main.wasm")).unwrap();
    let error = loaded.write_component(&folder.join("main.wasm")).unwrap_err();
    assert_eq!(error.code(), "builder.write");
    assert!(error.detail().contains("main.wasm"));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
}

#[test]
fn a_source_that_cannot_be_put_on_disk_is_not_the_authors_fault() {
    let workshop = Workshop::with(|options| options.standby_after = Duration::ZERO);
    let template = workshop.open();
    load(&template, "hello").unwrap();
    let sources = workshop.folder.path().join("cache/sources");
    let waits = || workshop.left_behind().into_iter().next();
    let folder = loop {
        match waits() {
            Some(folder) => break folder,
            None => thread::yield_now(),
        }
    };
    // The engine that stands by has its folder already.
    std::fs::remove_dir(&folder).unwrap();
    let code = load(&template, "hello").unwrap_err().code();
    assert!(["builder.write", "builder.folder"].contains(&code), "{code}");
    std::fs::remove_dir_all(&sources).unwrap();
    std::fs::write(&sources, "no folder").unwrap();
    let failed = load(&workshop.builder.open_template(&workshop.template_folder()).unwrap(), "x");
    assert_eq!(failed.unwrap_err().code(), "builder.folder");
}

#[test]
fn a_full_disk_is_told_as_such() {
    use std::io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, StorageFull};
    let codes = |kind: std::io::ErrorKind| {
        let path = std::path::PathBuf::from("main.wasm");
        [Error::Folder(kind.into()).code(), Error::Write { path, cause: kind.into() }.code()]
    };
    for full in [StorageFull, QuotaExceeded, FileTooLarge] {
        assert_eq!(codes(full), ["build.disk-full"; 2]);
    }
    assert_eq!(codes(PermissionDenied), ["builder.folder", "builder.write"]);
}
