//! Every public trait of `cello` says in its own words what it is to lack it: rustc's would speak of trait bounds.

use std::path::{Path, PathBuf};

/// Traits that are never asked for where a person could lack them, and why.
const SILENT: &[(&str, &str)] = &[
    ("NoRoute", "every type has it"),
    ("NoBlueprint", "every type has it"),
    ("NoPiece", "every type has it"),
    ("NoExtractor", "every type has it"),
    ("NeedsFrom", "asks for `Needs`, which speaks"),
    ("ScopeNeeds", "asks for `ProvideFor` and `ProvideForExtractor`, which speak"),
    ("TakesFor", "asks for `ProvideForExtractor`, which speaks"),
    ("StateListFor", "asks for `ProvideForExtractor`, which speaks"),
    ("Has", "asked for by `ProvidedFor`, which speaks"),
    ("HasAll", "asked for by `ProvidedFor`, which speaks"),
    ("ValueList", "all tuples of twelve have it, and nobody writes one"),
    ("Facts", "asked for by `Named`, which speaks"),
    ("FactsFor", "asks for `ProvidedFor` and `ProvideForExtractor`, which speak"),
    ("NoNeeds", "every type has it"),
    ("Nothing", "a derive gives it to what it has reported"),
    ("Enter", "all states have it, and `.state(...)` takes nothing else"),
    ("Around", "every list of middleware has it that `.with(...)` makes"),
    ("MembersNeed", "asks for `ProvidedFor` and `ProvideForExtractor`, which speak"),
    ("StackNeeds", "asks for `ProvidedFor` and `ProvideForExtractor`, which speak"),
    ("AsDynError", "asked for by a derive that has checked the field"),
    ("LinkValues", "asks for `LinkValue`, which speaks; generated code writes its tuples"),
    ("MaybeQueue", "a limit has it from its beginning, with a queue or without one"),
    ("Nonces", "a policy has it from its beginning, `Csp::new()` or `Csp::with_nonce()`"),
    ("Sealed", "nobody can implement it"),
];

/// Implementations for all types of which something holds, which rustc may recommend: traits of which nobody ever sees the error.
const RECOMMENDED: &[&str] = &["NoRoute", "NoBlueprint", "NoPiece", "NoExtractor", "NeedsFrom", "AsDynError"];

#[test]
fn every_public_trait_has_words_of_its_own() {
    let mut traits = 0;
    let mut silent = Vec::new();
    for (file, lines) in sources() {
        for (index, line) in lines.iter().enumerate() {
            let Some(name) = line.trim_start().strip_prefix("pub trait ").map(first_word) else { continue };
            traits += 1;
            let attributes = above(&lines, index);
            let speaks = ["on_unimplemented", "message = ", "label = ", "note = "];
            let missing: Vec<&str> = speaks.into_iter().filter(|part| !attributes.contains(part)).collect();
            let excused = SILENT.iter().any(|(known, _)| *known == name);
            assert!(
                !excused || !missing.is_empty(),
                "`{name}` speaks: take it from the list of silent traits"
            );
            if !missing.is_empty() && !excused {
                silent.push(format!("{}:{}: `{name}` has no {missing:?}", file.display(), index + 1));
            }
        }
    }
    assert!(traits > 30, "only {traits} traits found: has the layout changed?");
    assert!(silent.is_empty(), "traits without `#[diagnostic::on_unimplemented]`:\n{}", silent.join("\n"));
}

#[test]
fn no_implementation_for_all_types_is_recommended() {
    let (mut found, mut recommended) = (0, Vec::new());
    for (file, lines) in sources() {
        for (index, line) in lines.iter().enumerate() {
            let Some(name) = blanket(line) else { continue };
            // Of a trait that is not public nobody sees an error.
            let public = sources().iter().any(|(_, lines)| {
                lines.iter().any(|line| {
                    line.trim_start().strip_prefix("pub trait ").is_some_and(|line| first_word(line) == name)
                })
            });
            if !public || RECOMMENDED.contains(&name.as_str()) {
                continue;
            }
            found += 1;
            if !above(&lines, index).contains("do_not_recommend") {
                recommended.push(format!("{}:{}: for `{name}`", file.display(), index + 1));
            }
        }
    }
    assert!(found > 10, "only {found} implementations found: has the layout changed?");
    let list = recommended.join("\n");
    assert!(recommended.is_empty(), "implementations without `#[diagnostic::do_not_recommend]`:\n{list}");
}

/// The trait of an implementation for a bare type parameter: `impl<T: Bound> Trait for T`.
fn blanket(line: &str) -> Option<String> {
    let rest = line.trim_start().strip_prefix("impl<")?;
    let (head, ty) = rest.rsplit_once(" for ")?;
    let ty = ty.trim_end_matches(['{', '}', ' ', ',']).trim();
    let is_parameter = !ty.is_empty()
        && ty.chars().all(char::is_alphanumeric)
        && head
            .split(['<', ',', '>'])
            .any(|parameter| parameter.split(':').next().unwrap_or("").trim() == ty);
    let name = head.rsplit_once("> ").map_or(head, |(before, last)| {
        // `IsMiddleware<Option<Logging>>` ends in a bracket itself.
        if last.is_empty() { before } else { last }
    });
    is_parameter.then(|| first_word(name.rsplit("::").next().unwrap_or(name)).to_owned())
}

/// Attributes and comments directly above a line.
fn above(lines: &[String], index: usize) -> String {
    let above = lines[..index].iter().rev();
    let of_item = above.take_while(|line| {
        let line = line.trim();
        !line.is_empty() && !line.ends_with('}') && !line.ends_with('{') && !line.ends_with("{}")
    });
    of_item.map(String::as_str).collect()
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The library's files, line by line.
fn sources() -> Vec<(PathBuf, Vec<String>)> {
    let mut files = Vec::new();
    collect(Path::new("../cello/src"), &mut files);
    let lines = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        (file, text.lines().map(str::to_owned).collect())
    };
    files.into_iter().map(lines).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
