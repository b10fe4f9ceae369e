//! Expansions as files that are reviewed: see `snapshots/README.md`.

use std::path::{Path, PathBuf};

use quote::quote;

use super::tests::{expansion, krate};
use crate::diagnostics::Diagnostics;
use crate::model::MacroKind;
use crate::read::arguments::arguments;
use crate::read::entries::entries;
use crate::token::{Ident, Span, TokenStream, TokenTree};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots")
}

/// Expands the text of an input, each by its macro.
fn expand(name: &str, text: &str) -> TokenStream {
    let krate = krate();
    let mut errors = Diagnostics::new();
    let tokens = || -> TokenStream { text.parse().unwrap() };
    match name {
        "file-blueprint" => {
            let on = "`blueprint!`";
            let read = arguments(MacroKind::BlueprintMacro, on, Span::call_site(), tokens(), &mut errors);
            super::blueprint::in_file(read, krate, errors).into_stream()
        }
        "routes" => {
            let read = entries(tokens(), &mut errors);
            let routes = super::routes::routes(&read, &krate, errors).into_stream();
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

/// As a person writes it. The printer leaves what stands in a macro as it is, so what `__handler!` gets is set line by line here.
fn printed(expansion: TokenStream) -> String {
    let mut file: syn::File = syn::parse2(expansion).unwrap();
    let mut lists = Vec::new();
    for_each_macro(&mut file.items, &mut |called| {
        if called.path.segments.last().is_some_and(|last| last.ident == "__handler") {
            lists.push(lines(std::mem::take(&mut called.tokens)));
        }
    });
    let printed = prettyplease::unparse(&file);
    let mut lists = lists.into_iter();
    let place = |line: &str| match line.strip_suffix("::cello::__private::__handler! {}") {
        Some(indent) => {
            let list = lists.next().unwrap();
            let list: String = list.iter().map(|line| format!("{indent}    {line}\n")).collect();
            format!("{indent}::cello::__private::__handler! {{\n{list}{indent}}}\n")
        }
        None => format!("{line}\n"),
    };
    printed.lines().map(place).collect()
}

fn for_each_macro(items: &mut [syn::Item], see: &mut impl FnMut(&mut syn::Macro)) {
    for item in items {
        match item {
            syn::Item::Macro(item) => see(&mut item.mac),
            syn::Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) => for_each_macro(items, see),
            _ => {}
        }
    }
}

/// A line for each word that says what follows it.
fn lines(tokens: TokenStream) -> Vec<String> {
    const WORDS: [&str; 17] = [
        "doc",
        "use",
        "blueprint",
        "code",
        "methods",
        "told",
        "pattern",
        "row",
        "beside",
        "more",
        "one",
        "several",
        "silent",
        "responds",
        "shim",
        "link",
        "item",
    ];
    let mut lines = vec![TokenStream::new()];
    for token in tokens {
        let begins = |word: &Ident| WORDS.iter().any(|known| word == known);
        if matches!(&token, TokenTree::Ident(word) if begins(word)) {
            lines.push(TokenStream::new());
        }
        if let Some(line) = lines.last_mut() {
            line.extend([token]);
        }
    }
    lines.iter().map(ToString::to_string).collect()
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
        let printed = printed(expand(name, &input));
        let file = folder().join(format!("{name}.rs"));
        if overwrite {
            std::fs::write(&file, &printed).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default() != printed {
            differ.push(format!("--- {name}\n{printed}"));
        }
    }
    assert!(names.len() >= 10, "inputs are missing: {names:?}");
    assert!(
        differ.is_empty(),
        "SNAPSHOTS=overwrite cargo test -p cello-macros snapshots\nwrites these:\n{}",
        differ.join("\n")
    );
}

/// A handler is a row, a shim and a link: what it expands to beside its function stays small enough to read.
#[test]
fn a_handler_expands_to_little() {
    for (name, most) in [("plain", 75), ("body", 75), ("arguments", 130)] {
        let printed = std::fs::read_to_string(folder().join(format!("{name}.rs"))).unwrap();
        let lines = printed.lines().count();
        assert!(lines <= most, "{name} expands to {lines} lines");
    }
}
