//! The elements of `routes![...]` and of the list of `blueprint!`: paths, with `#[cfg]` if need be.

use std::collections::HashSet;

use super::attributes::{attributes, cfgs};
use super::cursor::{Cursor, ends, flatten, split_commas};
use super::types::written;
use crate::diagnostics::{Diagnostics, Fault};
use crate::model::{Entry, Tokens};
use crate::token::TokenStream;

/// The elements of such a list.
pub(crate) fn entries(list: TokenStream, errors: &mut Diagnostics) -> Vec<Entry> {
    let tokens = flatten(list);
    let mut entries: Vec<Entry> = Vec::new();
    // Of those that are there whatever the configuration.
    let mut seen: HashSet<String> = HashSet::new();
    for part in split_commas(&tokens) {
        let mut cursor = Cursor::new(part);
        let attrs = attributes(&mut cursor);
        let path = Tokens(cursor.rest().to_vec());
        if !is_path(cursor) {
            errors.push_between(ends(part), Fault::NotAPath { given: written(cursor.rest()) });
            continue;
        }
        let cfgs = cfgs(&attrs);
        let is_new = !cfgs.is_empty() || seen.insert(written(cursor.rest()));
        if attrs.is_empty() && !is_new {
            errors.push_between(path.ends(), Fault::DuplicateEntry { path: written(cursor.rest()) });
            continue;
        }
        entries.push(Entry { cfgs, path });
    }
    entries
}

/// Whether this is a path, and nothing else.
pub(super) fn is_path(mut cursor: Cursor<'_>) -> bool {
    while cursor.punct(':') {}
    while cursor.any_ident().is_some() {
        if cursor.is_empty() {
            return true;
        }
        if !(cursor.punct(':') && cursor.punct(':')) {
            return false;
        }
    }
    false
}
