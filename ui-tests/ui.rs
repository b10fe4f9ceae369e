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

/// The messages in the guide are those that the compiler prints.
#[test]
fn the_guide_shows_messages_as_they_are() {
    let file = Path::new("../cello/docs/errors.md");
    let guide = std::fs::read_to_string(file).expect("the guide");
    let (mut written, mut rest, mut shown) = (String::new(), guide.as_str(), 0);
    while let Some((before, marked)) = rest.split_once("<!-- ") {
        let (name, block) = marked.split_once(" -->\n```text\n").expect("a message after its name");
        let (_, after) = block.split_once("\n```\n").expect("the end of a message");
        let message = std::fs::read_to_string(format!("fail/{name}.stderr")).expect(name);
        written += &format!("{before}<!-- {name} -->\n```text\n{}\n```\n", message.trim_end());
        (rest, shown) = (after, shown + 1);
    }
    written += rest;
    assert!(shown >= 10, "the guide shows {shown} messages");
    if overwrite() {
        std::fs::write(file, written).expect("the guide");
    } else {
        assert!(
            guide == written,
            "TRYBUILD=overwrite cargo test -p ui-tests the_guide, and review what changes"
        );
    }
}

fn overwrite() -> bool {
    std::env::var_os("TRYBUILD").is_some_and(|value| value == "overwrite")
}

/// Every `.rs` has its `.stderr` and the other way round, unless the run is there to write them.
fn assert_paired(folder: &Path) {
    if overwrite() {
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
