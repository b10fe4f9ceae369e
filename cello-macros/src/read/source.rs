//! What stands around an item, read from its file: rustc shows a macro the item and nothing else.
//!
//! Only what is probably a mistake is looked up: a second handler of one name in a file, a second `blueprint!`, a handler that is
//! indented, a type that other frameworks have. Whatever cannot be found where rustc says that it stands (what a macro has made, what an editor has not saved) is
//! taken to be right, and rustc says what is wrong with it.

mod lexer;
mod names;

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::SystemTime;

use super::attributes::VERBS;
use super::cursor::plain_name;
use crate::model::Name;
use crate::token::{HAS_COMPILER, Ident, Span, line_and_column, local_file};
use lexer::{Lexer, Token};
use names::Names;
pub(crate) use names::is_framework;

/// Where an item stands that can't stand there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Misplaced {
    /// In an `impl` or a `trait`.
    InImpl,
    /// After another one in the same module, which is in this line.
    Second { first: usize },
}

/// What is wrong with the place of a handler of this name.
pub(crate) fn handler(name: &Name) -> Option<Misplaced> {
    let place = Place::of(name.span())?;
    let word = name.text.as_str();
    // In an `impl` the attribute is indented. Most are not, and to read the file would cost each of them.
    let indented = line_and_column(Span::call_site()).1 > 1;
    let again = place.is_another(word);
    if !again && !indented {
        return None;
    }
    let misplaced = place.in_file(|file| file.handler(place.line, place.column, word))?;
    // What another macro has taken away stands in the file, and has not been seen.
    (again || misplaced == Misplaced::InImpl).then_some(misplaced)
}

/// What is wrong with the place of a `blueprint!` with this among its arguments.
pub(crate) fn blueprint(argument: Span) -> Option<Misplaced> {
    let place = Place::of(argument)?;
    if !place.is_another("blueprint!") {
        return None;
    }
    place.in_file(|file| file.blueprint(place.line, place.column))
}

/// Which of these names, the list of a `blueprint!` with this among its arguments, are modules beside it.
pub(crate) fn listed_modules<'n>(argument: Span, names: &[&'n Ident]) -> Vec<&'n Ident> {
    let Some(place) = Place::of(argument) else { return Vec::new() };
    // Most files have none, and to read this one as Rust would cost each of them.
    let Ok(text) = std::fs::read_to_string(&place.path) else { return Vec::new() };
    let is_listed = |named: &str| names.iter().any(|name| named.starts_with(&plain_name(name)));
    if !names_module(&text, is_listed) {
        return Vec::new();
    }
    let among = |file: &File| {
        let block = file.around(place.line, place.column)?.block;
        Some(names.iter().copied().filter(|name| file.is_module(block, &plain_name(name))).collect())
    };
    place.in_file(among).unwrap_or_default()
}

/// Whether a text may name a module that is listed: `mod ` stands before what `is_listed` says so of. To look for a letter is the standard library's, which is
/// optimised; to look for a word would be compiled with this crate, which is not, and take ten times as long.
fn names_module(text: &str, is_listed: impl Fn(&str) -> bool) -> bool {
    let (bytes, mut from) = (text.as_bytes(), 0);
    while let Some(at) = text[from..].find('m') {
        from += at + 1;
        if bytes.get(from) == Some(&b'o')
            && let Some(after) = text[from..].strip_prefix("od ")
            && is_listed(after.trim_start().trim_start_matches("r#"))
        {
            return true;
        }
    }
    false
}

/// Whether a name can be one of the user's own where it stands.
pub(crate) fn may_be_own(name: &Ident) -> bool {
    let Some(place) = Place::of(name.span()) else { return HAS_COMPILER };
    place.in_file(|file| Some(file.names.may_be_own(&plain_name(name)))).unwrap_or(true)
}

/// Whether the file itself shows that a name is one of the user's own.
pub(crate) fn is_own(name: &Ident) -> bool {
    let own = |place: Place| place.in_file(|file| Some(file.names.is_own(&plain_name(name))));
    Place::of(name.span()).and_then(own).unwrap_or(false)
}

/// A place in a file, counted from 1.
struct Place {
    path: PathBuf,
    line: usize,
    column: usize,
}

impl Place {
    fn of(span: Span) -> Option<Self> {
        let (line, column) = line_and_column(span);
        Some(Self { path: local_file(span)?, line, column })
    }

    /// Whether what is called so has been seen elsewhere in the file.
    fn is_another(&self, name: &str) -> bool {
        #[derive(Default)]
        struct Seen {
            files: Vec<PathBuf>,
            /// The file by its number, line and column.
            places: HashMap<String, Vec<(usize, usize, usize)>>,
        }
        thread_local!(static SEEN: RefCell<Seen> = RefCell::default());
        SEEN.with_borrow_mut(|Seen { files, places }| {
            // As texts, since paths are compared name by name; the last file first, since files are expanded one by one.
            let known = files.iter().rposition(|path| path.as_os_str() == self.path.as_os_str());
            let file = known.unwrap_or_else(|| {
                files.push(self.path.clone());
                files.len() - 1
            });
            let places = places.entry(name.to_owned()).or_default();
            let here = (file, self.line, self.column);
            if !places.contains(&here) {
                places.push(here);
            }
            places.iter().filter(|place| place.0 == file).count() > 1
        })
    }

    /// Asks the file as it is saved; the last one is kept.
    fn in_file<T>(&self, ask: impl FnOnce(&File) -> Option<T>) -> Option<T> {
        type Read = (PathBuf, SystemTime, File);
        thread_local!(static LAST: RefCell<Option<Read>> = const { RefCell::new(None) });
        let changed = std::fs::metadata(&self.path).and_then(|metadata| metadata.modified()).ok()?;
        LAST.with_borrow_mut(|last| {
            if let Some((path, time, file)) = last
                && *path == self.path
                && *time == changed
            {
                return ask(file);
            }
            let file = File::read(&std::fs::read_to_string(&self.path).ok()?);
            let answer = ask(&file);
            *last = Some((self.path.clone(), changed, file));
            answer
        })
    }
}

/// What of a file matters here.
#[derive(Default)]
struct File {
    names: Names,
    blocks: Vec<Block>,
    handlers: Vec<Found>,
    blueprints: Vec<Found>,
    modules: Vec<Found>,
}

/// What stands between two brackets, or the file.
#[derive(Default)]
struct Block {
    of_impl: bool,
    of_attribute: bool,
    /// The words since the last item in it, without those in brackets.
    words: Vec<String>,
    /// The names of the attributes since then.
    attributes: Vec<String>,
}

struct Found {
    /// Of a `blueprint!` there is none.
    name: String,
    /// Where the name stands, or the list of the `blueprint!` begins.
    line: usize,
    column: usize,
    block: usize,
    /// The last line of a `blueprint!`, or 0.
    until: usize,
    conditional: bool,
}

impl File {
    fn handler(&self, line: usize, column: usize, name: &str) -> Option<Misplaced> {
        let at = |found: &&Found| (found.line, found.column, found.name.as_str()) == (line, column, name);
        let found = self.handlers.iter().find(at)?;
        if self.blocks.get(found.block)?.of_impl {
            return Some(Misplaced::InImpl);
        }
        self.first(&self.handlers, found)
    }

    fn blueprint(&self, line: usize, column: usize) -> Option<Misplaced> {
        self.first(&self.blueprints, self.around(line, column)?)
    }

    /// The `blueprint!` in whose parentheses that place is.
    fn around(&self, line: usize, column: usize) -> Option<&Found> {
        let around = |found: &&Found| {
            (found.line, found.column) < (line, column) && line <= found.until && found.until > 0
        };
        self.blueprints.iter().rfind(around)
    }

    /// Whether a module of this name stands in that block, whatever the configuration.
    fn is_module(&self, block: usize, name: &str) -> bool {
        let called = |found: &&Found| (found.block, found.name.as_str()) == (block, name);
        self.modules.iter().find(called).is_some_and(|found| !found.conditional)
    }

    /// The one before it in its block.
    fn first(&self, all: &[Found], found: &Found) -> Option<Misplaced> {
        let same = |other: &&Found| {
            (other.block, &other.name) == (found.block, &found.name)
                && (other.line, other.column) < (found.line, found.column)
                && !(other.conditional || found.conditional)
        };
        all.iter().find(same).map(|other| Misplaced::Second { first: other.line })
    }

    fn read(text: &str) -> Self {
        let mut file = Self { names: Names::read(text), blocks: vec![Block::default()], ..Self::default() };
        // The blocks that are open; what was typed last; the `blueprint!` whose list is open.
        let (mut open, mut last, mut list) = (vec![0], String::new(), None);
        for (token, line, column) in Lexer::new(text) {
            let here = *open.last().unwrap_or(&0);
            match token {
                Token::Open(bracket) => {
                    let block = &file.blocks[here];
                    let of_impl = bracket == '{' && block.is_of_impl();
                    if block.words.last().is_some_and(|word| word == "blueprint") && last == "!" {
                        list = Some((file.blueprints.len(), open.len()));
                        let found = block.found(String::new(), (line, column), here);
                        file.blueprints.push(found);
                    }
                    open.push(file.blocks.len());
                    let of_attribute = bracket == '[' && last == "#";
                    file.blocks.push(Block { of_impl, of_attribute, ..Block::default() });
                    last.clear();
                    if of_attribute {
                        last.push_str("#[");
                        file.blocks[here].attributes.push(String::new());
                    }
                }
                Token::Close(bracket) => {
                    if open.len() > 1 {
                        open.pop();
                    }
                    if let Some((index, depth)) = list
                        && open.len() == depth
                    {
                        file.blueprints[index].until = line;
                        list = None;
                    }
                    if bracket == '}' {
                        file.blocks[*open.last().unwrap_or(&0)].end_item();
                    }
                    last.clear();
                }
                Token::Word(word) => {
                    let outer = open.len().checked_sub(2).and_then(|outer| open.get(outer)).copied();
                    let is_name = file.blocks[here].of_attribute && (last == "#[" || last == ":");
                    if let (true, Some(outer)) = (is_name, outer)
                        && let Some(attribute) = file.blocks[outer].attributes.last_mut()
                    {
                        word.clone_into(attribute);
                    }
                    let block = &file.blocks[here];
                    if block.words.last().is_some_and(|before| before == "fn") && block.is_route() {
                        let found = block.found(word.to_owned(), (line, column), here);
                        file.handlers.push(found);
                    }
                    if block.words.last().is_some_and(|before| before == "mod") {
                        let found = block.found(word.to_owned(), (line, column), here);
                        file.modules.push(found);
                    }
                    file.blocks[here].words.push(word.to_owned());
                    last.clear();
                }
                Token::Mark(mark) => {
                    if mark == ';' {
                        file.blocks[here].end_item();
                    }
                    last = mark.to_string();
                }
            }
        }
        file
    }
}

impl Block {
    fn end_item(&mut self) {
        self.words.clear();
        self.attributes.clear();
    }

    fn is_of_impl(&self) -> bool {
        let first = self.words.iter().find(|word| !matches!(word.as_str(), "unsafe" | "pub" | "default"));
        first.is_some_and(|word| word == "impl" || word == "trait")
    }

    fn is_route(&self) -> bool {
        self.attributes.iter().any(|name| name == "route" || VERBS.contains(&name.as_str()))
    }

    /// What stands at that place in this block, which is of that number.
    fn found(&self, name: String, (line, column): (usize, usize), block: usize) -> Found {
        Found { name, line, column, block, until: 0, conditional: self.conditional() }
    }

    fn conditional(&self) -> bool {
        self.attributes.iter().any(|name| name == "cfg" || name == "cfg_attr")
    }
}

#[cfg(test)]
mod tests {
    use super::{File, Misplaced, names_module};

    const FILE: &str = r####"
#![allow(x)]
//! fn show() { in a comment
use cello::prelude::*; /* { /* nested */ { */
const TEXT: &str = "{ \" fn show("; const RAW: &str = r#"{ " "#; const CHARACTER: char = '{'; const OTHER: char = '\'';

#[get("/a")]
async fn show<'a>(x: &'a str) -> String { format!("}}") }
mod users {
    blueprint!("/users", [list]);
    #[cello::get("/")]
    #[doc = "x"]
    pub(crate) async fn show() -> impl IntoResponse {}
    fn list() { #[get("/")] fn show() {} }
    blueprint! { "/people",
        [list] }
    #[get("/b")]
    fn show() {}
}
impl<T> Api<T> where T: Copy {
    #[get("/c")]
    fn show() {}
}
#[cfg(a)] #[get("/d")] fn show() {}
mod raw {
    #[get("/a")] fn r#match() {}
    #[get("/b")] fn r() {}
    #[get("/c")] pub(in crate::api) fn r#match() {}
}
fn gives() -> impl Fn() { #[post("/")] fn other() {} }
"####;

    fn line_of(part: &str) -> usize {
        FILE.lines().position(|line| line.contains(part)).unwrap() + 1
    }

    #[test]
    fn a_second_handler_of_one_name_is_found_in_its_own_module_alone() {
        let file = File::read(FILE);
        let names: Vec<_> = file.handlers.iter().map(|found| found.name.as_str()).collect();
        assert_eq!(names, ["show", "show", "show", "show", "show", "show", "match", "r", "match", "other"]);
        let of = |part: &str| {
            let found = file.handlers.iter().find(|found| found.line == line_of(part)).unwrap();
            file.handler(found.line, found.column, &found.name)
        };
        assert_eq!(of("fn show<'a>"), None);
        assert_eq!(of("pub(crate) async fn show"), None);
        assert_eq!(of("fn list()"), None);
        let first = line_of("pub(crate) async fn show");
        assert_eq!(file.handler(line_of("#[get(\"/b\")]") + 1, 8, "show"), Some(Misplaced::Second { first }));
        assert_eq!(file.handler(line_of("#[get(\"/c\")]") + 1, 8, "show"), Some(Misplaced::InImpl));
        assert_eq!(of("#[cfg(a)]"), None, "which of them there is, the configuration says");
        assert_eq!(of("fn r()"), None);
        let first = line_of("fn r#match");
        assert_eq!(file.handler(first + 2, 40, "match"), Some(Misplaced::Second { first }));
        assert_eq!(of("fn gives()"), None);
        assert_eq!(file.handler(1, 1, "show"), None, "what is not there is not judged");
    }

    #[test]
    fn a_second_blueprint_of_a_module_is_found() {
        let file = File::read(FILE);
        let first = line_of("blueprint!(\"/users\"");
        assert_eq!(file.blueprint(first, 17), None);
        assert_eq!(file.blueprint(line_of("\"/people\""), 18), Some(Misplaced::Second { first }));
        assert_eq!(file.blueprint(1, 1), None);
    }

    #[test]
    fn a_module_is_known_beside_its_blueprint_alone() {
        let file = File::read(
            "blueprint!(\"/a\", [b]); mod b { blueprint!(\"/b\", [c]); mod d; } mod c {} #[cfg(x)] mod e;",
        );
        let (outer, inner) = (file.blueprints[0].block, file.blueprints[1].block);
        let modules = |block| ["b", "c", "d", "e"].map(|name| file.is_module(block, name));
        assert_eq!(modules(outer), [true, true, false, false]);
        assert_eq!(modules(inner), [false, false, true, false]);
        assert!(file.around(1, 13).is_some_and(|found| found.block == outer));
    }

    #[test]
    fn a_file_is_read_only_if_it_may_name_a_module_of_the_list() {
        let is_listed = |named: &str| ["list", "match"].iter().any(|name| named.starts_with(name));
        for text in ["pub mod list;", "mod  list {}", "xmmod list", "mod r#match {}", "mod m; mod list"] {
            assert!(names_module(text, is_listed), "{text}");
        }
        for text in ["", "m", "mod ", "mod tests { list }", "mode list", "model list", "mod é"] {
            assert!(!names_module(text, is_listed), "{text}");
        }
    }

    #[test]
    fn any_text_can_be_read() {
        for end in 0..FILE.len() {
            if let (Some(start), Some(rest)) = (FILE.get(..end), FILE.get(end..)) {
                File::read(start);
                File::read(rest);
            }
        }
        File::read("'\\");
        File::read("r#\"");
        File::read("}}}]])");
    }
}
