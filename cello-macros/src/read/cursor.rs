//! Token trees, read from left to right.
//!
//! The hot path of the crate (every handler of every blueprint, at every check) reads tokens with this instead of
//! parsing into a syntax tree: a function's body stays one opaque token, a type stays the tokens that were typed.

use crate::token::{Delimiter, Group, Ident, Named, Spacing, Span, TokenStream, TokenTree};

/// A place in a list of token trees. Copying it is how a reader looks ahead.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [TokenTree],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(tokens: &'a [TokenTree]) -> Self {
        Self { rest: tokens }
    }

    pub(crate) fn rest(&self) -> &'a [TokenTree] {
        self.rest
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn peek(&self) -> Option<&'a TokenTree> {
        self.rest.first()
    }

    pub(crate) fn next(&mut self) -> Option<&'a TokenTree> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// Takes the next `count` tokens, or all that are left.
    pub(crate) fn take(&mut self, count: usize) -> &'a [TokenTree] {
        let (taken, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        taken
    }

    pub(crate) fn punct(&mut self, wanted: char) -> bool {
        let found = matches!(self.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    pub(crate) fn any_ident(&mut self) -> Option<&'a Ident> {
        let Some(TokenTree::Ident(ident)) = self.peek() else { return None };
        self.rest = &self.rest[1..];
        Some(ident)
    }

    pub(crate) fn keyword(&mut self, wanted: &str) -> Option<Span> {
        let Some(TokenTree::Ident(ident)) = self.peek() else { return None };
        if !ident.is(wanted) {
            return None;
        }
        self.rest = &self.rest[1..];
        Some(ident.span())
    }

    pub(crate) fn group(&mut self, delimiter: Delimiter) -> Option<&'a Group> {
        let Some(TokenTree::Group(group)) = self.peek() else { return None };
        if group.delimiter() != delimiter {
            return None;
        }
        self.rest = &self.rest[1..];
        Some(group)
    }

    /// `'a`, which is two tokens.
    pub(crate) fn lifetime(&mut self) -> Option<&'a Ident> {
        let [TokenTree::Punct(quote), TokenTree::Ident(name), rest @ ..] = self.rest else { return None };
        if quote.as_char() != '\'' {
            return None;
        }
        self.rest = rest;
        Some(name)
    }

    /// Everything up to a comma that stands outside all angle brackets; the comma itself is dropped.
    pub(crate) fn until_comma(&mut self) -> &'a [TokenTree] {
        let end = find_outside_angles(self.rest, |token, _| is_punct(token, ',')).unwrap_or(self.rest.len());
        let taken = self.take(end);
        self.punct(',');
        taken
    }
}

/// The position of the first token outside all angle brackets of which `stop(token, the tokens after it)` holds.
pub(crate) fn find_outside_angles(
    tokens: &[TokenTree],
    stop: impl Fn(&TokenTree, &[TokenTree]) -> bool,
) -> Option<usize> {
    let mut angles = Angles::default();
    for (index, token) in tokens.iter().enumerate() {
        if angles.depth == 0 && stop(token, &tokens[index + 1..]) {
            return Some(index);
        }
        angles.pass(token);
    }
    None
}

/// Whether every `<` has its `>`.
pub(crate) fn closes_angles(tokens: &[TokenTree]) -> bool {
    let mut angles = Angles::default();
    tokens.iter().for_each(|token| angles.pass(token));
    angles.depth == 0
}

/// How many angle brackets are open.
#[derive(Default)]
struct Angles {
    depth: usize,
    /// After the `-` of `->` or the `=` of `=>`: the next `>` closes nothing.
    arrow: bool,
}

impl Angles {
    fn pass(&mut self, token: &TokenTree) {
        let TokenTree::Punct(punct) = token else {
            self.arrow = false;
            return;
        };
        match punct.as_char() {
            '<' => self.depth += 1,
            '>' if !self.arrow => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.arrow = matches!(punct.as_char(), '-' | '=') && punct.spacing() == Spacing::Joint;
    }
}

/// The parts between commas that stand outside all angle brackets; empty parts (a trailing comma) are dropped.
pub(crate) fn split_commas(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let mut cursor = Cursor::new(tokens);
    let mut parts = Vec::new();
    while !cursor.is_empty() {
        let part = cursor.until_comma();
        if !part.is_empty() {
            parts.push(part);
        }
    }
    parts
}

pub(crate) fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

pub(crate) fn is_ident(token: &TokenTree, wanted: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident.is(wanted))
}

/// The tokens of a stream without the invisible groups that a `macro_rules!` puts around `$ty:ty`, `$path:literal`
/// and the like.
pub(crate) fn flatten(stream: TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    if tokens.iter().any(is_invisible) { splice(tokens) } else { tokens }
}

fn splice(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let mut flat = Vec::with_capacity(tokens.len());
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                flat.extend(flatten(group.stream()));
            }
            other => flat.push(other),
        }
    }
    flat
}

fn is_invisible(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::None)
}

/// The name of an identifier without `r#`.
pub(crate) fn plain_name(ident: &Ident) -> String {
    let name = ident.to_string();
    match name.strip_prefix("r#") {
        Some(plain) => plain.to_owned(),
        None => name,
    }
}

/// The span of the first and of the last token.
pub(crate) fn ends(tokens: &[TokenTree]) -> (Span, Span) {
    let first = tokens.first().map_or_else(Span::call_site, first_span);
    let last = tokens.last().map_or_else(Span::call_site, last_span);
    (first, last)
}

fn first_span(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.span_open(),
        other => other.span(),
    }
}

fn last_span(token: &TokenTree) -> Span {
    match token {
        TokenTree::Group(group) => group.span_close(),
        other => other.span(),
    }
}
