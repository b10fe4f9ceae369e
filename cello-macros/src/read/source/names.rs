//! The names that a file declares or imports, as far as its text tells.

use super::lexer::{Lexer, Token};

/// What is imported from them is not the user's own.
const FRAMEWORKS: &[&str] = &[
    "actix",
    "actix_web",
    "axum",
    "axum_core",
    "axum_extra",
    "dropshot",
    "poem",
    "rocket",
    "salvo",
    "tide",
    "warp",
];

/// Words that declare a type or a trait.
const DECLARATIONS: &[&str] = &["struct", "enum", "union", "type", "trait"];

/// Whether a path with this beginning leads into another framework.
pub(crate) fn is_framework(first: &str) -> bool {
    FRAMEWORKS.contains(&first)
}

#[derive(Default)]
pub(super) struct Names {
    own: Vec<String>,
    /// Whether it imports all names of a module that stands elsewhere.
    globs: bool,
}

impl Names {
    /// Whether the name can be one of the user's own here.
    pub(super) fn may_be_own(&self, name: &str) -> bool {
        self.globs || self.own.iter().any(|own| own == name)
    }

    pub(super) fn read(text: &str) -> Self {
        let mut names = Self::default();
        let mut depth = 0_usize;
        // The words of the `use` that is open, whether it ends in a `*`, and the depth where it began.
        let mut import: Option<(Vec<&str>, bool, usize)> = None;
        let mut last = "";
        for (token, ..) in Lexer::new(text) {
            match token {
                Token::Open(_) => depth += 1,
                Token::Close(_) => depth = depth.saturating_sub(1),
                Token::Word(word) => {
                    if let Some((words, ..)) = &mut import {
                        words.push(word);
                    } else if word == "use" {
                        import = Some((Vec::new(), false, depth));
                    } else if DECLARATIONS.contains(&last) {
                        names.own.push(word.to_owned());
                    }
                    last = word;
                    continue;
                }
                Token::Mark(mark) => {
                    if let (Some((_, glob, _)), '*') = (&mut import, mark) {
                        *glob = true;
                    }
                    if let Some((words, glob, at)) = import.take_if(|_| mark == ';') {
                        names.import(&words, glob, at);
                    }
                }
            }
            last = "";
        }
        names
    }

    fn import(&mut self, words: &[&str], glob: bool, depth: usize) {
        if words.first().is_some_and(|first| is_framework(first)) {
            return;
        }
        // The names of a module around this one stand in this file, and those of a prelude are known.
        let known = words.last() == Some(&"prelude") || (words == ["super"] && depth > 0);
        self.globs |= glob && !known;
        self.own.extend(words.iter().map(|&word| word.to_owned()));
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
        assert!(!own("// struct Depends;\nconst TEXT: &str = \"struct Depends\";"));
    }
}
