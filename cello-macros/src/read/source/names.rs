//! The names that a file declares or imports, as far as its text tells.

use super::lexer::{Lexer, Token};

/// What is imported from them is not the user's own.
const FRAMEWORKS: &[&str] = &[
    "actix",
    "actix_web",
    "axum",
    "axum_core",
    "axum_extra",
    "cello",
    "dropshot",
    "http",
    "hyper",
    "poem",
    "rocket",
    "salvo",
    "tide",
    "warp",
];

/// Words that declare a type, a trait, a value, or a module, which a path may begin with.
const DECLARATIONS: &[&str] = &["struct", "enum", "union", "type", "trait", "const", "static", "mod"];

/// Macros that use the names they are given, as others may declare them.
const USES: &[&str] = &["routes", "blueprint"];

/// Whether a path with this beginning leads into a framework.
pub(crate) fn is_framework(first: &str) -> bool {
    FRAMEWORKS.contains(&first)
}

#[derive(Default)]
pub(super) struct Names {
    own: Vec<String>,
    /// Whether it imports all names of a module that stands elsewhere, or includes a file.
    globs: bool,
}

/// A `use` that is open: the path so far, and how long it was where each of the open braces stands.
struct Import<'t> {
    path: Vec<&'t str>,
    braces: Vec<usize>,
    /// Whether it stands in a module of this file.
    in_module: bool,
}

impl Names {
    /// Whether the name can be one of the user's own here. In doubt it is.
    pub(super) fn may_be_own(&self, name: &str) -> bool {
        self.globs || self.is_own(name)
    }

    /// Whether the file itself shows that it is.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.own.iter().any(|own| own == name)
    }

    pub(super) fn read(text: &str) -> Self {
        let mut names = Self::default();
        // For each open bracket, whether it is that of a module.
        let mut open: Vec<bool> = Vec::new();
        let mut import: Option<Import<'_>> = None;
        // The word before a `!`, and how many brackets were open around the arguments of a macro among items.
        let (mut called, mut given) = ("", None);
        let (mut last, mut before) = ("", "");
        for (token, ..) in Lexer::new(text) {
            if let Some(reading) = &mut import {
                match token {
                    Token::Word(word) => reading.path.push(word),
                    Token::Open(_) => reading.braces.push(reading.path.len()),
                    Token::Mark(':') => {}
                    Token::Mark('*') => names.glob(reading),
                    Token::Mark(',') => names.leaf(reading),
                    Token::Close(_) if !reading.braces.is_empty() => {
                        names.leaf(reading);
                        reading.braces.pop();
                    }
                    Token::Mark(';') => {
                        names.leaf(reading);
                        import = None;
                    }
                    // No import: `use<'a>` in a type, or what is being typed.
                    Token::Mark(_) | Token::Close(_) => {
                        import = None;
                        if let Token::Close(_) = token {
                            open.pop();
                        }
                    }
                }
                continue;
            }
            match token {
                Token::Open(bracket) => {
                    let is_item = open.last().is_none_or(|is_module| *is_module);
                    if is_item && given.is_none() && !called.is_empty() && !USES.contains(&called) {
                        names.globs |= called == "include";
                        given = Some(open.len());
                    }
                    open.push(bracket == '{' && before == "mod");
                }
                Token::Close(_) => {
                    open.pop();
                    given = given.filter(|around| open.len() > *around);
                }
                Token::Word("use") => {
                    let in_module = open.last().is_some_and(|is_module| *is_module);
                    import = Some(Import { path: Vec::new(), braces: Vec::new(), in_module });
                }
                Token::Word(word) => {
                    if DECLARATIONS.contains(&last) || given.is_some() {
                        names.own.push(word.to_owned());
                    }
                    (before, last, called) = (last, word, "");
                    continue;
                }
                Token::Mark('!') => {
                    (before, last, called) = ("", "", last);
                    continue;
                }
                Token::Mark(_) => {}
            }
            called = "";
            (before, last) = ("", "");
        }
        names
    }

    /// The name at the end of a path, which begins anew behind it.
    fn leaf(&mut self, import: &mut Import<'_>) {
        let start = import.braces.last().copied().unwrap_or(0);
        if import.path.len() > start && !is_framework(import.path[0]) {
            self.own.extend(import.path.last().map(|&name| name.to_owned()));
        }
        import.path.truncate(start);
    }

    fn glob(&mut self, import: &mut Import<'_>) {
        // The names of a module around this one stand in this file.
        let known = match import.path[..] {
            ["super"] => import.in_module,
            [first, ..] => is_framework(first) || matches!(first, "std" | "core" | "alloc"),
            [] => false,
        };
        self.globs |= !known;
        import.path.truncate(import.braces.last().copied().unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn own_names_are_those_that_a_file_declares_or_imports() {
        let own = |text: &str| Names::read(text).may_be_own("Depends");
        assert!(own("use cello::prelude::*; pub struct Depends<T>(T);"));
        assert!(own("mod inner { enum Depends {} }"));
        assert!(own("use crate::auth::{self, User, Depends};"));
        assert!(own("pub(crate) use crate::auth::Inject as Depends;"));
        assert!(own("use crate::auth::*;"));
        assert!(own("use super::*;"), "what stands around a file is not known");
        assert!(!own("use cello::prelude::*; async fn index(database: Depends<Database>) {}"));
        assert!(!own("mod inner { use super::*; #[get(\"/\")] fn index(database: Depends<Database>) {} }"));
        assert!(!own("use axum::{Depends, extract::*};"));
        assert!(own("use crate::prelude::*;"), "a prelude of one's own");
        assert!(own("use crate::{auth::*, prelude::*};"));
        assert!(own("use {axum::Router, crate::auth::Depends};"));
        assert!(!own("use {axum::Depends, crate::auth::User};"));
        assert!(own("use crate::a::{b::{C, Depends}, D};"));
        assert!(own("fn f() { use super::*; }"), "of a function the module around it is meant");
        assert!(!own("use cello::{get, Depends}; use std::io::*;"));
        assert!(own("fn f<'a>() -> impl Trait + use<'a> { 2 * 3 } struct Depends;"));
        assert!(!own("fn f<'a>() -> impl Trait + use<'a> { 2 * 3 }"));
        assert!(!own("use } struct"));
        assert!(own("typed!(Depends);"), "a macro may declare what it is given");
        assert!(own("mod inner { typed! { Other { Depends } } }"));
        assert!(!own("typed!(Other); #![x(Depends)] fn f() { println!(\"{}\", Depends) }"));
        assert!(!own("cello::blueprint!(\"/\", with(Depends), [a]); macro_rules! m { () => { Depends } }"));
        assert!(own("include!(\"generated.rs\");"));
        assert!(own("static Depends: u8 = 1;"));
        assert!(!Names::read("use super::*;").is_own("Depends"), "a glob shows nothing");
        assert!(Names::read("mod http { pub struct HttpRequest; }").is_own("http"), "a path may begin so");
        assert!(!Names::read("use cello::http; use http::Method;").is_own("http"));
        assert!(!own("// struct Depends;\nconst TEXT: &str = \"struct Depends\";"));
    }
}
