//! Expansions as files that are reviewed: see `snapshots/README.md`.

use std::path::{Path, PathBuf};

use proc_macro2::{Span, TokenStream};
use quote::quote;

use super::tests::expansion;
use crate::diagnostics::Diagnostics;
use crate::model::MacroKind;
use crate::read::arguments::{arguments, entries};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

/// Expands the text of an input, each by its macro.
fn expand(name: &str, text: &str) -> TokenStream {
    let krate = quote!(::cello);
    let mut errors = Diagnostics::new();
    let tokens = || -> TokenStream { text.parse().unwrap() };
    match name {
        "file-blueprint" => {
            let on = "`blueprint!`";
            let read = arguments(MacroKind::BlueprintMacro, on, Span::call_site(), tokens(), &mut errors);
            super::blueprint::in_file(read, krate, errors)
        }
        "routes" => {
            let read = entries(tokens(), &mut errors);
            let routes = super::routes::routes(&read, &krate, errors);
            quote!(fn app() -> App { #routes })
        }
        derived => {
            errors.into_messages();
            match derived {
                "state" => crate::derive::app_state::expand(&syn::parse_str(text).unwrap()),
                "error" => crate::derive::http_error::expand(&syn::parse_str(text).unwrap()),
                _ => expansion(text),
            }
        }
    }
}

#[test]
fn snapshots_show_what_the_macros_write() {
    let overwrite = std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite");
    let mut names = Vec::new();
    let mut differ = Vec::new();
    for file in std::fs::read_dir(folder()).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        if let Some(name) = file.strip_suffix(".in.rs") {
            names.push(name.to_owned());
        } else if let Some(name) = file.strip_suffix(".rs") {
            assert!(folder().join(format!("{name}.in.rs")).exists(), "{file} has no input");
        }
    }
    for name in &names {
        let input = std::fs::read_to_string(folder().join(format!("{name}.in.rs"))).unwrap();
        let printed = prettyplease::unparse(&syn::parse2(expand(name, &input)).unwrap());
        let file = folder().join(format!("{name}.rs"));
        if overwrite {
            std::fs::write(&file, &printed).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default() != printed {
            differ.push(format!("--- {name}\n{printed}"));
        }
    }
    assert!(names.len() >= 9, "inputs are missing: {names:?}");
    assert!(
        differ.is_empty(),
        "SNAPSHOTS=overwrite cargo test -p cello-macros snapshots\nwrites these:\n{}",
        differ.join("\n")
    );
}

/// A handler is a row, a shim and a link: what it expands to beside its function stays small enough to read.
#[test]
fn a_handler_expands_to_little() {
    for (name, most) in [("plain", 75), ("arguments", 130)] {
        let printed = std::fs::read_to_string(folder().join(format!("{name}.rs"))).unwrap();
        let lines = printed.lines().count();
        assert!(lines <= most, "{name} expands to {lines} lines");
    }
}
