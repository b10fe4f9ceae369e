//! Runs of attributes, and which of them are ours.

use super::cursor::{Cursor, flatten};
use crate::model::{Attr, MacroKind};
use crate::token::{Delimiter, Ident, Literal, TokenStream, TokenTree, to_library};

/// The attributes at the cursor, outer and inner.
pub(crate) fn attributes(cursor: &mut Cursor<'_>) -> Vec<Attr> {
    let mut run = Vec::new();
    while let Some(attr) = attribute(cursor) {
        run.push(attr);
    }
    run
}

fn attribute(cursor: &mut Cursor<'_>) -> Option<Attr> {
    let mut ahead = *cursor;
    if !ahead.punct('#') {
        return None;
    }
    ahead.punct('!');
    let bracket = ahead.group(Delimiter::Bracket)?.clone();
    let sigil = cursor.rest()[..cursor.rest().len() - ahead.rest().len() - 1].to_vec();
    *cursor = ahead;

    let content = flatten(bracket.stream());
    let mut inside = Cursor::new(&content);
    let path = path_segments(&mut inside);
    let word = path.last().map(ToString::to_string).unwrap_or_default();
    Some(Attr { sigil, bracket, path, word, tail: inside.rest().to_vec() })
}

/// `a::b::c`; also `unsafe(...)`, which is no path but has a name.
fn path_segments(cursor: &mut Cursor<'_>) -> Vec<Ident> {
    let mut segments = Vec::new();
    while cursor.punct(':') {}
    while let Some(segment) = cursor.any_ident() {
        segments.push(segment.clone());
        let colons = *cursor;
        if !(cursor.punct(':') && cursor.punct(':')) {
            *cursor = colons;
            break;
        }
    }
    segments
}

/// An attribute of ours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ours {
    Route(MacroKind),
    Blueprint,
}

/// The attributes that make a function a handler.
pub(crate) const VERBS: &[&str] = &["get", "post", "put", "patch", "delete", "head", "options", "any"];

/// Whether an attribute is one of ours: `#[get]` alone, or reached through the crate's name or an alias of it.
pub(crate) fn ours(attr: &Attr, crate_names: &[String]) -> Option<Ours> {
    let ours = by_name(&attr.word)?;
    let reached = match attr.path.as_slice() {
        [first, _, ..] => crate_names.contains(&first.to_string()),
        _ => true,
    };
    reached.then_some(ours)
}

fn by_name(name: &str) -> Option<Ours> {
    match name {
        "route" => Some(Ours::Route(MacroKind::Route)),
        "blueprint" => Some(Ours::Blueprint),
        _ => VERBS.contains(&name).then_some(Ours::Route(MacroKind::Verb)),
    }
}

/// Whether a word is the name of one of our attributes.
pub(crate) fn is_ours(word: &Ident) -> bool {
    by_name(&word.to_string()).is_some()
}

/// The first route attribute inside a `#[cfg_attr(...)]`.
pub(crate) fn hidden_route(attr: &Attr) -> Option<Ident> {
    if !attr.is("cfg_attr") {
        return None;
    }
    let content = flatten(attr.arguments());
    let mut cursor = Cursor::new(&content);
    cursor.until_comma();
    while !cursor.is_empty() {
        let mut inside = Cursor::new(cursor.until_comma());
        let path = path_segments(&mut inside);
        // `get("/")` and `get`, but not `get = 1`.
        let called = inside.is_empty() || matches!(inside.peek(), Some(TokenTree::Group(_)));
        if let Some(name) = path.last()
            && called
            && is_ours(name)
        {
            return Some(name.clone());
        }
    }
    None
}

/// What stands in the `#[cfg(...)]`s of a run.
pub(crate) fn cfgs(attrs: &[Attr]) -> Vec<TokenStream> {
    attrs.iter().filter(|attr| attr.is("cfg")).map(Attr::arguments).collect()
}

/// The text of the doc comments of a run, lines joined, without the one space after `///`.
pub(crate) fn docs(attrs: &[Attr]) -> String {
    let mut text = String::new();
    for attr in attrs.iter().filter(|attr| attr.is("doc")) {
        let Some(TokenTree::Literal(literal)) = attr.tail.get(1) else { continue };
        let Some(line) = string_value(literal) else { continue };
        if !text.is_empty() {
            text.push('\n');
        }
        // A block comment is one literal of several lines.
        let mut lines = line.lines();
        text.push_str(lines.next().map_or("", |first| first.strip_prefix(' ').unwrap_or(first)));
        for line in lines {
            text.push('\n');
            text.push_str(line.trim());
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// The value of a string literal, if the literal is one.
pub(crate) fn string_value(literal: &Literal) -> Option<String> {
    let text = literal.to_string();
    // The common case needs no parser.
    if let Some(plain) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
        && !plain.contains('\\')
    {
        return Some(plain.to_owned());
    }
    match read(literal) {
        Some(syn::Lit::Str(string)) => Some(string.value()),
        _ => None,
    }
}

/// What a literal says. It goes over as the token that it is: of its text, which the compiler would have to read, it would say a second
/// time what is wrong with it.
pub(crate) fn read(literal: &Literal) -> Option<syn::Lit> {
    syn::parse2(to_library(TokenTree::Literal(literal.clone()).into())).ok()
}

/// The visibility at the cursor.
pub(crate) fn visibility<'a>(cursor: &mut Cursor<'a>) -> &'a [TokenTree] {
    let start = *cursor;
    if cursor.keyword("pub").is_none() {
        return &[];
    }
    // `pub (A, B)` is a public tuple field, which no item is; in front of `fn` and `mod` parentheses are a scope.
    let restricted =
        matches!(cursor.peek(), Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    let mut length = 1;
    if restricted {
        length = 2;
    }
    let mut taken = start;
    let visibility = taken.take(length);
    *cursor = taken;
    visibility
}

/// Whether a token starts an item that a handler or blueprint could be mistaken for; its name for messages.
pub(crate) fn item_word(cursor: &Cursor<'_>) -> String {
    let mut ahead = *cursor;
    visibility(&mut ahead);
    match ahead.peek() {
        Some(TokenTree::Ident(word)) => {
            let word = word.to_string();
            let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            match word.as_str() {
                "struct" | "enum" | "union" | "trait" | "const" | "static" | "type" | "use" | "impl"
                | "mod" | "extern" => {
                    format!("{article} `{word}`")
                }
                "fn" | "async" | "unsafe" => "a function".into(),
                "macro_rules" => "a macro".into(),
                _ if ahead
                    .rest()
                    .get(1)
                    .is_some_and(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == '!')) =>
                {
                    "a macro call".into()
                }
                _ => format!("`{word}`"),
            }
        }
        Some(other) => format!("`{other}`"),
        None => "nothing".into(),
    }
}

/// Whether the tokens at the cursor are a function: `fn` after the words that may stand before it.
pub(crate) fn is_function(cursor: &Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    visibility(&mut ahead);
    loop {
        match ahead.next() {
            Some(TokenTree::Ident(word)) => match word.to_string().as_str() {
                "fn" => return true,
                "const" | "async" | "unsafe" | "extern" => {}
                _ => return false,
            },
            Some(TokenTree::Literal(_)) => {}
            _ => return false,
        }
    }
}
