//! Types as the tokens that were typed: what a check asks about them, and how the expansion rewrites their lifetimes.

use std::borrow::Cow;

use super::cursor::{Cursor, flatten, is_ident, is_punct};
use crate::model::Tokens;
use crate::token::{Delimiter, Group, Ident, Named, Punct, Spacing, Span, TokenStream, TokenTree};

/// What a type is from the outside.
pub(crate) enum Shape<'a> {
    Reference { lifetime: Option<&'a Ident>, mutable: bool, inner: &'a [TokenTree] },
    Other,
}

pub(crate) fn shape(tokens: &[TokenTree]) -> Shape<'_> {
    let mut cursor = Cursor::new(tokens);
    if !cursor.punct('&') {
        return Shape::Other;
    }
    let lifetime = cursor.lifetime();
    let mutable = cursor.keyword("mut").is_some();
    Shape::Reference { lifetime, mutable, inner: cursor.rest() }
}

/// The last segment of a type that is a path, without its generic arguments.
pub(crate) fn last_segment(tokens: &[TokenTree]) -> Option<&Ident> {
    let mut cursor = Cursor::new(tokens);
    while cursor.punct(':') {}
    loop {
        let segment = cursor.any_ident()?;
        if cursor.is_empty() || cursor.rest().first().is_some_and(|token| is_punct(token, '<')) {
            return Some(segment);
        }
        if !(cursor.punct(':') && cursor.punct(':')) {
            return None;
        }
        if cursor.rest().first().is_some_and(|token| is_punct(token, '<')) {
            return Some(segment);
        }
    }
}

/// The `T` of a `Name<T>`.
pub(crate) fn generic(ty: &[TokenTree], name: &str) -> Option<String> {
    let open = ty.iter().position(|token| is_punct(token, '<'))?;
    let is = last_segment(ty).is(name) && is_punct(ty.last()?, '>');
    is.then(|| ty.get(open + 1..ty.len() - 1).map(written))?
}

pub(crate) fn is_str(tokens: &[TokenTree]) -> bool {
    last_segment(tokens).is("str")
}

/// `dyn Trait`, also in parentheses.
pub(crate) fn is_dyn(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            is_dyn(&flatten(group.stream()))
        }
        [first, ..] => is_ident(first, "dyn"),
        [] => false,
    }
}

/// `[T]`, but not the array `[T; 3]`.
pub(crate) fn is_slice(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Bracket => {
            !group.stream().into_iter().any(|token| is_punct(&token, ';'))
        }
        _ => false,
    }
}

/// What of a type threads cannot share, as far as its name says: `Rc` of `Arc<Rc<T>>`. What it has no name for, rustc finds.
pub(crate) fn unshared_by_threads(tokens: &[TokenTree]) -> Option<&Ident> {
    // `Cell` and `OnceCell` alone may be anybody's: those of other crates can be shared.
    const UNSHARED: &[&str] = &["Rc", "RefCell"];
    const OF_STD: &[&str] = &["Cell", "OnceCell", "LazyCell"];
    const AROUND: &[&str] = &["Arc", "Box", "Option", "Vec"];
    let name = last_segment(tokens)?;
    let open = tokens.iter().position(|token| is_punct(token, '<'))?;
    let of_std = mentions(&tokens[..open], "cell")
        && (mentions(&tokens[..open], "std") || mentions(&tokens[..open], "core"));
    if name.is_one_of(UNSHARED) || of_std && name.is_one_of(OF_STD) {
        return Some(name);
    }
    let inside = tokens.get(open + 1..tokens.len() - 1)?;
    name.is_one_of(AROUND).then(|| unshared_by_threads(inside))?
}

/// Whether a word stands anywhere in the type.
pub(crate) fn mentions(tokens: &[TokenTree], word: &str) -> bool {
    tokens.iter().any(|token| match token {
        TokenTree::Ident(ident) => ident.is(word),
        TokenTree::Group(group) => mentions(&group.stream().into_iter().collect::<Vec<_>>(), word),
        _ => false,
    })
}

/// Whether the type borrows something, as far as one can see: it has a `&` or a lifetime other than `'static`.
pub(crate) fn borrows(tokens: &[TokenTree]) -> bool {
    let mut cursor = Cursor::new(tokens);
    while !cursor.is_empty() {
        if let Some(lifetime) = cursor.lifetime() {
            if !lifetime.is("static") {
                return true;
            }
            continue;
        }
        if cursor.punct('&') {
            if cursor.lifetime().is_none_or(|lifetime| !lifetime.is("static")) {
                return true;
            }
            continue;
        }
        match cursor.next() {
            Some(TokenTree::Group(group)) if borrows(&group.stream().into_iter().collect::<Vec<_>>()) => {
                return true;
            }
            _ => {}
        }
    }
    false
}

/// What to write for the lifetimes of a type.
#[derive(Clone, Copy)]
pub(crate) struct Lifetimes<'a> {
    /// What named ones become, but `'static`. One that the handler does not declare is for rustc to speak of, at the handler alone.
    pub(crate) named: &'a str,
    /// What elided ones become; `None` leaves them alone.
    pub(crate) elided: Option<&'a str>,
}

impl<'a> Lifetimes<'a> {
    /// For a function's body and for argument types, where rustc fills in what is elided.
    pub(crate) fn inferred() -> Self {
        Self { named: "_", elided: None }
    }

    /// For places where every lifetime must be written.
    pub(crate) fn written(lifetime: &'a str) -> Self {
        Self { named: lifetime, elided: Some(lifetime) }
    }

    pub(crate) fn rewrite(self, tokens: &Tokens) -> Cow<'_, Tokens> {
        if !tokens.0.iter().any(|token| match token {
            TokenTree::Punct(punct) => matches!(punct.as_char(), '&' | '\''),
            TokenTree::Group(_) => true,
            _ => false,
        }) {
            return Cow::Borrowed(tokens);
        }
        Cow::Owned(Tokens(self.rewrite_tokens(&tokens.0)))
    }

    fn rewrite_tokens(self, tokens: &[TokenTree]) -> Vec<TokenTree> {
        // `fn(&T)`, `Fn(&T)` and `for<'a>` have lifetimes of their own.
        let own = |token: &TokenTree| match token {
            TokenTree::Ident(word) => {
                matches!(word.to_string().as_str(), "fn" | "for" | "Fn" | "FnMut" | "FnOnce")
            }
            _ => false,
        };
        if tokens.iter().any(own) {
            return tokens.to_vec();
        }
        let mut rewritten = Vec::with_capacity(tokens.len() + 2);
        let mut cursor = Cursor::new(tokens);
        while let Some(token) = cursor.next() {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                    let Some(name) = cursor.any_ident() else { continue };
                    let becomes =
                        if name.is("_") { self.elided } else { (!name.is("static")).then_some(self.named) };
                    let name = becomes.map_or_else(|| name.clone(), |word| Ident::new(word, name.span()));
                    rewritten.extend([token.clone(), TokenTree::Ident(name)]);
                }
                TokenTree::Punct(punct) if punct.as_char() == '&' => {
                    rewritten.push(token.clone());
                    if let Some(word) = self.elided
                        && !cursor.peek().is_some_and(|next| is_punct(next, '\''))
                    {
                        rewritten.extend(lifetime(word, punct.span()));
                    }
                }
                TokenTree::Group(group) => {
                    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                    let stream: TokenStream = self.rewrite_tokens(&inside).into_iter().collect();
                    let mut changed = Group::new(group.delimiter(), stream);
                    changed.set_span(group.span());
                    rewritten.push(TokenTree::Group(changed));
                }
                other => rewritten.push(other.clone()),
            }
        }
        rewritten
    }
}

fn lifetime(word: &str, span: Span) -> [TokenTree; 2] {
    let mut quote = Punct::new('\'', Spacing::Joint);
    quote.set_span(span);
    [TokenTree::Punct(quote), TokenTree::Ident(Ident::new(word, span))]
}

/// A type or path as a person writes it: `Option<&'a str>`, `[u8; 3]`, `dyn Repo + Send`.
pub(crate) fn written(tokens: &[TokenTree]) -> String {
    let mut text = String::new();
    let mut quote = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                let inside: Vec<TokenTree> = group.stream().into_iter().collect();
                text.push_str(open);
                text.push_str(&written(&inside));
                text.push_str(close);
            }
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                let word = token.to_string();
                let separate = text.ends_with(|c: char| c.is_alphanumeric() || c == '_') && !quote;
                // `'a str`, but not `'a` itself.
                if separate {
                    text.push(' ');
                }
                text.push_str(&word);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                mark @ (',' | ';') => text.extend([mark, ' ']),
                mark @ ('+' | '=') => text.extend([' ', mark, ' ']),
                '-' if punct.spacing() == Spacing::Joint => text.push_str(" -"),
                '>' if text.ends_with('-') => text.push_str("> "),
                mark => text.push(mark),
            },
        }
        quote = matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\'');
    }
    text
}
