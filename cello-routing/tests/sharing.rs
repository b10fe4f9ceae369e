//! Subtrees that are alike are one, and rows are counted from where each begins. `ask` tries every case with a table that shares whatever is alike, too.

mod support;
use support::ask;

const GET: &str = "GET";

/// Of long literals the table has a hash, and these have the same one: where their characters differ, the same bits do.
#[test]
fn long_literals_with_the_same_key() {
    let rows = [
        (GET, "/reports-1-summa-1-and-its-details"),
        ("PUT", "/reports-2-summa-2-and-its-details"),
        (GET, "/reports-3-summa-3-and-its-details"),
    ];
    for row in rows {
        assert_eq!(ask(&rows, &format!("{} {}", row.0, row.1)), format!("{} {}", row.0, row.1));
    }
}
