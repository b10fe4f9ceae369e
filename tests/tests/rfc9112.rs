//! The tests that `rfc9112.md` names exist.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)] // helpers of tests fail the test

use std::path::Path;

#[test]
fn every_line_of_the_table_has_its_test() {
    let table = include_str!("../rfc9112.md");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let named: Vec<(&str, &str)> = table.split('`').filter_map(|name| name.split_once("::")).collect();
    assert!(named.len() > 40, "{named:?}");
    for (file, test) in named {
        let source = std::fs::read_to_string(folder.join(format!("{file}.rs"))).unwrap_or_default();
        let declared =
            source.split("\n#[").filter(|rest| rest.starts_with("test]") || rest.starts_with("tokio::test"));
        let mut names = declared.filter_map(|rest| rest.split_once("fn ")?.1.split('(').next());
        assert!(names.any(|name| name == test), "there is no test `{file}::{test}`");
    }
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        assert!(line.starts_with("| section ") || line.contains("::"), "no test: {line}");
    }
}
