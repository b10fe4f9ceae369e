//! What the readers find and the checks decide: plain data, every value beside the token it came from.

use crate::read::cursor::{ends, plain_name};
use crate::token::{Group, Ident, Literal, Named, Span, TokenStream, TokenTree};
use crate::token::{LibraryStream, to_library};

/// One attribute, `#[name(...)]`, taken apart as far as every reader needs it.
pub(crate) struct Attr {
    /// `#`, and `!` for an inner attribute.
    pub(crate) sigil: Vec<TokenTree>,
    pub(crate) bracket: Group,
    /// The segments of its path.
    pub(crate) path: Vec<Ident>,
    /// The last of them, as text: to compare words, not names, spares asking the compiler each time.
    pub(crate) word: String,
    /// What follows the path: a group, or `= value`.
    pub(crate) tail: Vec<TokenTree>,
}

impl Attr {
    pub(crate) fn name(&self) -> Option<&Ident> {
        self.path.last()
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.path.len() == 1 && self.word == name
    }

    pub(crate) fn is_one_of(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.is(name))
    }

    /// `#![...]`
    pub(crate) fn is_inner(&self) -> bool {
        self.sigil.len() > 1
    }

    /// The tokens between the attribute's parentheses; nothing if it has none.
    pub(crate) fn arguments(&self) -> TokenStream {
        match self.tail.first() {
            Some(TokenTree::Group(group)) => group.stream(),
            _ => TokenStream::new(),
        }
    }
}

/// Some tokens of the user's that stay as they are: a type, a path, an expression.
#[derive(Clone, Default)]
pub(crate) struct Tokens(pub(crate) Vec<TokenTree>);

impl Tokens {
    /// Where it starts and where it ends.
    pub(crate) fn ends(&self) -> (Span, Span) {
        ends(&self.0)
    }

    pub(crate) fn span(&self) -> Span {
        self.ends().0
    }

    /// This path, and one segment more.
    pub(crate) fn join(mut self, segment: Ident) -> Self {
        self.marks("::", Span::call_site());
        self.0.push(segment.into());
        self
    }

    /// An expression, and its type where that can be read from it: `Type`, `path::Type::new(..)`, `Type { .. }`, or `expression as
    /// Type`.
    pub(crate) fn typed(&self) -> (Self, Option<Self>) {
        let is_as = |token: &TokenTree| matches!(token, TokenTree::Ident(ident) if ident.is("as"));
        let Some(place) = self.0.iter().rposition(is_as) else { return (self.clone(), self.leading_type()) };
        let (expression, named) = (&self.0[..place], &self.0[place + 1..]);
        let inferred = matches!(named, [TokenTree::Ident(ident)] if ident.is("_"));
        let named = (!inferred && !named.is_empty()).then(|| Self(named.to_vec()));
        (Self(expression.to_vec()), named)
    }

    /// The type that a path begins with: all of it up to the first name that is written as types are, and its arguments.
    fn leading_type(&self) -> Option<Self> {
        let mut path = Vec::new();
        let mut rest = self.0.iter().peekable();
        while let Some(token) = rest.next() {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => path.push(token.clone()),
                TokenTree::Ident(ident) => {
                    path.push(token.clone());
                    let name = ident.to_string();
                    if !name.starts_with(char::is_uppercase) {
                        continue;
                    }
                    // A constant, or what wraps another and has that one for its argument.
                    let is_constant = name.len() > 1 && !name.contains(char::is_lowercase);
                    if is_constant || ["Some", "None", "Ok", "Err", "Arc", "Rc", "Box"].contains(&&*name) {
                        return None;
                    }
                    path.extend(turbofish(rest.cloned()));
                    return Some(Self(path));
                }
                _ => return None,
            }
        }
        None
    }
}

/// `::<...>`, if that is what comes.
fn turbofish(tokens: impl Iterator<Item = TokenTree>) -> Vec<TokenTree> {
    let (mut taken, mut depth) = (Vec::new(), 0usize);
    for token in tokens {
        let punct = match &token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match (taken.len(), punct) {
            (0 | 1, ':') => {}
            (2, '<') => depth = 1,
            (0..=2, _) => return Vec::new(),
            (_, '<') => depth += 1,
            (_, '>') => depth -= 1,
            _ => {}
        }
        taken.push(token);
        if taken.len() > 2 && depth == 0 {
            return taken;
        }
    }
    Vec::new()
}

/// For the derives.
impl quote::ToTokens for Tokens {
    fn to_tokens(&self, tokens: &mut LibraryStream) {
        tokens.extend(to_library(self.0.iter().cloned().collect()));
    }
}

/// Which macro an argument list belongs to; decides which arguments it may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MacroKind {
    /// `#[get]` and the others that name one method, or `#[any]`.
    Verb,
    /// `#[route("/x", methods(GET, POST))]`
    Route,
    /// `#[blueprint("/x")] mod x { ... }`
    BlueprintAttribute,
    /// `blueprint!("/x", [a, b])`
    BlueprintMacro,
}

/// A pattern or a prefix, as written.
#[derive(Clone)]
pub(crate) struct PatternLiteral {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// The arguments of a route or blueprint attribute.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) pattern: Option<PatternLiteral>,
    /// The list of `blueprint!`.
    pub(crate) entries: Vec<Entry>,
    pub(crate) methods: Option<Vec<Ident>>,
    pub(crate) params: Vec<Ident>,
    pub(crate) guards: Vec<Tokens>,
    pub(crate) with: Vec<Tokens>,
    pub(crate) tags: Vec<Literal>,
    pub(crate) body: Option<Span>,
    pub(crate) blocking: Option<Span>,
    pub(crate) body_limit: Option<Tokens>,
    pub(crate) timeout: Option<Tokens>,
    pub(crate) name: Option<Ident>,
    pub(crate) parent: Option<Tokens>,
    pub(crate) krate: Option<Tokens>,
}

/// One element of `routes![...]` or of the list of `blueprint!`.
pub(crate) struct Entry {
    pub(crate) cfgs: Vec<TokenStream>,
    pub(crate) path: Tokens,
}

/// A function with a route attribute.
pub(crate) struct Handler {
    /// The route attribute's name, as typed.
    pub(crate) attribute: Ident,
    pub(crate) kind: MacroKind,
    pub(crate) arguments: Arguments,
    /// The function's other attributes, all kept.
    pub(crate) attrs: Vec<Attr>,
    /// What stands in its `#[cfg(...)]`s.
    pub(crate) cfgs: Vec<TokenStream>,
    pub(crate) docs: String,
    pub(crate) visibility: Tokens,
    pub(crate) signature: Signature,
    /// The function without attributes and without our own attributes on its arguments.
    pub(crate) item: Tokens,
    /// The errors that say that it has more than one route attribute.
    pub(crate) doubled: Option<Tokens>,
}

/// A name and its text without `r#`: to ask the compiler for the text costs as much as all else that is done with a name.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) ident: Ident,
    pub(crate) text: String,
}

impl Name {
    pub(crate) fn of(ident: &Ident) -> Self {
        Self { ident: ident.clone(), text: plain_name(ident) }
    }

    pub(crate) fn span(&self) -> Span {
        self.ident.span()
    }
}

/// What stands between `fn` and the body.
pub(crate) struct Signature {
    pub(crate) name: Name,
    pub(crate) constness: Option<Span>,
    pub(crate) asyncness: Option<Span>,
    pub(crate) unsafety: Option<Span>,
    pub(crate) abi: Option<Span>,
    /// Where the list of generics stands, or could stand, among the tokens of the function.
    pub(crate) generics_at: usize,
    pub(crate) generics: Generics,
    pub(crate) args: Vec<Argument>,
    pub(crate) receiver: Option<Span>,
    pub(crate) variadic: Option<Span>,
    pub(crate) output: Option<Tokens>,
}

#[derive(Default)]
pub(crate) struct Generics {
    /// Names without the quote.
    pub(crate) lifetimes: Vec<Ident>,
    /// Type and const parameters.
    pub(crate) others: Vec<Ident>,
}

/// One argument of a handler.
pub(crate) struct Argument {
    /// The name, if its pattern is one (`x` or `mut x`).
    pub(crate) name: Option<Name>,
    pub(crate) pattern: Tokens,
    pub(crate) ty: Tokens,
    /// `#[query("page-size")]`
    pub(crate) query: Option<PatternLiteral>,
}

/// A module with `#[blueprint]`.
pub(crate) struct Module {
    pub(crate) arguments: Arguments,
    pub(crate) attrs: Vec<Attr>,
    pub(crate) cfgs: Vec<TokenStream>,
    pub(crate) docs: String,
    pub(crate) visibility: Tokens,
    pub(crate) keyword: Span,
    pub(crate) name: Ident,
    pub(crate) brace: Span,
    pub(crate) items: Vec<Item>,
    /// Whether its own attribute has errors, and what reports them.
    pub(crate) broken: bool,
    pub(crate) errors: Tokens,
}

/// A piece of a blueprint's module.
pub(crate) enum Item {
    /// Not ours.
    Other(Tokens),
    Handler(Box<Handler>),
    Module(Box<Module>),
    /// Something of ours that could not be read; what the user wrote, and the errors that say why.
    Broken(Broken),
}

/// The remains of a handler or blueprint that could not be read.
pub(crate) struct Broken {
    pub(crate) item: Tokens,
    pub(crate) errors: Tokens,
    /// The name in the type namespace that others may mention, and its visibility.
    pub(crate) stub: Option<Box<Stub>>,
}

/// A name that other generated code may mention although its item is broken.
pub(crate) struct Stub {
    pub(crate) name: Ident,
    pub(crate) visibility: Tokens,
    /// How many parameters a link to it takes beside those of the prefixes around it; none has no link.
    pub(crate) link: Option<usize>,
}

/// Where the value of an argument comes from.
pub(crate) enum Source {
    /// A parameter of the path: its number counted from the end of the full pattern, or inherited by name.
    Path {
        name: String,
        place: Place,
    },
    Query {
        key: String,
    },
    QueryStruct,
    State {
        of: Tokens,
    },
    Part(Part),
    Extractor,
}

impl Source {
    /// Whether it is extracted, for which the handler has to wait.
    pub(crate) fn is_extractor(&self) -> bool {
        matches!(self, Self::Extractor)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    /// 1 is the last parameter of the full pattern.
    FromEnd(usize),
    /// Declared with `params(...)`: const evaluation finds it in the blueprint's chain.
    Inherited,
}

/// A part of the request that a handler may borrow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    Headers,
    Method,
    Uri,
    Extensions,
}

/// A handler that passed its checks.
pub(crate) struct Checked {
    /// One per argument, in order.
    pub(crate) sources: Vec<Source>,
    /// How many parameters the handler's own pattern has.
    pub(crate) own_count: usize,
    /// What `path()` asks for, in order.
    pub(crate) link: Vec<LinkParam>,
    /// The path of its own pattern as the bytes of numbers.
    pub(crate) code: Vec<u8>,
    pub(crate) methods: Vec<String>,
    pub(crate) any: bool,
    /// Whether requests to it have no body, as a rule.
    pub(crate) no_body: bool,
}

/// A parameter of the link function.
pub(crate) struct LinkParam {
    pub(crate) name: Name,
    /// The index of the handler's argument whose type it has; none if the handler leaves it untaken.
    pub(crate) argument: Option<usize>,
}

/// A prefix parameter that a blueprint hands down to what it contains.
#[derive(Clone)]
pub(crate) struct PrefixParam {
    pub(crate) name: String,
    pub(crate) span: Span,
}
