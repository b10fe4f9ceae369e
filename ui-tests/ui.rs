//! The cases of `fail/` and `pass/`; the README beside this file tells how they work.

use std::path::{Path, PathBuf};

/// Each program in `fail/` is refused with exactly the text that stands beside it.
#[test]
fn mistakes_get_their_messages() {
    // trybuild would write what is missing to `wip/` and fail only after the whole run; and it looks at no orphans.
    assert_paired(Path::new("fail"));
    trybuild::TestCases::new().compile_fail("fail/*/*.rs");
}

/// Each program in `pass/` compiles, runs and ends well.
#[test]
fn what_is_promised_compiles_and_runs() {
    trybuild::TestCases::new().pass("pass/*.rs");
}

/// Every `.rs` has its `.stderr` and the other way round, unless the run is there to write them.
fn assert_paired(folder: &Path) {
    if std::env::var_os("TRYBUILD").is_some_and(|value| value == "overwrite") {
        return;
    }
    let alone: Vec<PathBuf> = files(folder)
        .into_iter()
        .filter(|file| {
            let other =
                if file.extension().is_some_and(|extension| extension == "rs") { "stderr" } else { "rs" };
            !file.with_extension(other).exists()
        })
        .collect();
    assert!(alone.is_empty(), "no `.stderr` beside the `.rs`, or no `.rs` beside the `.stderr`: {alone:?}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
