//! Pass three: from checked models to tokens. A handler becomes one row, one thin shim and one link function; behaviour
//! lives in the library.

pub(crate) mod blueprint;
#[cfg(test)]
mod editor_tests;
pub(crate) mod handler;
pub(crate) mod link;
pub(crate) mod proof;
pub(crate) mod routes;
pub(crate) mod shim;
#[cfg(test)]
mod snapshot_tests;
#[cfg(test)]
mod tests;
pub(crate) mod write;

use cello_routing::Pattern;
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::model::{Arguments, PrefixParam, Stub, Tokens};
use crate::read::cursor::is_ident;
use write::Put;

/// What surrounds the item that is expanded.
pub(crate) struct Surroundings {
    /// The path of the cello crate.
    pub(crate) krate: Tokens,
    /// That of what is for generated code.
    private: Tokens,
    /// Whether these paths go through `$crate`.
    through_macro: bool,
    /// The parameters of all prefixes around it, outermost first.
    pub(crate) params: Vec<PrefixParam>,
    /// Whether it stands directly in a `#[blueprint]` module.
    pub(crate) in_blueprint: bool,
}

impl Surroundings {
    pub(crate) fn new(krate: Tokens, params: Vec<PrefixParam>, in_blueprint: bool) -> Self {
        let private = krate.clone().join(Ident::new("__private", Span::call_site()));
        let through_macro = krate.0.iter().any(|token| is_ident(token, "$crate"));
        Self { krate, private, through_macro, params, in_blueprint }
    }

    pub(crate) fn private(&self) -> &Tokens {
        &self.private
    }

    /// The path of what is for generated code, at a token of the user's.
    pub(crate) fn private_at(&self, at: Span) -> At<'_> {
        At { path: &self.private, at, through_macro: self.through_macro }
    }
}

/// The same tokens with the user's span, so that rustc shows an error about them there; `$crate` keeps what it means.
pub(crate) fn placed(tokens: &Tokens, at: Span) -> Tokens {
    let place = |token: &TokenTree| {
        let mut token = token.clone();
        let keeps = matches!(&token, TokenTree::Ident(ident) if ident == "$crate");
        token.set_span(if keeps { token.span().located_at(at) } else { at });
        token
    };
    Tokens(tokens.0.iter().map(place).collect())
}

/// What stands before an import that may be there for nothing. rustc does not speak of one that a macro of another crate has written, and a
/// crate that forbids the lint would refuse an attribute that allows it; only the library itself is no other crate.
pub(crate) fn may_be_unused() -> Option<TokenStream> {
    // Asked each time: a language server runs the macros of all crates in one process.
    let in_the_library =
        proc_macro::is_available() && std::env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == "cello");
    in_the_library.then(|| quote!(#[allow(unused_imports)]))
}

/// A path of the library's with the user's span: see [`placed`].
pub(crate) struct At<'a> {
    path: &'a Tokens,
    at: Span,
    through_macro: bool,
}

impl Put for At<'_> {
    fn put(&self, out: &mut Tokens) {
        if self.through_macro {
            return placed(self.path, self.at).put(out);
        }
        for token in &self.path.0 {
            let mut token = token.clone();
            token.set_span(self.at);
            out.0.push(token);
        }
    }
}

/// A word.
pub(crate) fn word(name: &str, at: Span) -> TokenTree {
    TokenTree::Ident(Ident::new(name, at))
}

/// A mark, as `<` is.
pub(crate) fn mark(mark: char, at: Span) -> TokenTree {
    let mut mark = Punct::new(mark, Spacing::Alone);
    mark.set_span(at);
    TokenTree::Punct(mark)
}

/// The path of a pattern or prefix as numbers, so that const evaluation need not read it. Nothing for one that is malformed,
/// which is reported elsewhere.
pub(crate) fn code(text: &str, prefix: bool) -> String {
    let pattern = if prefix { Pattern::parse_prefix(text) } else { Pattern::parse(text) };
    let Ok(pattern) = pattern else { return String::new() };
    let mut code = String::with_capacity(64);
    for word in pattern.code() {
        code.push_str(&word.to_string());
        code.push(',');
    }
    code
}

/// The line of a name, as the user sees it.
pub(crate) fn line(name: &Ident) -> usize {
    if proc_macro::is_available() { name.span().unwrap().line() } else { 1 }
}

/// File, line and column, as the user sees them. (`line!()` would be the attribute's line.)
pub(crate) fn position(at: Span) -> (String, Literal, Literal) {
    let (file, line, column) = if proc_macro::is_available() {
        let span = at.unwrap();
        (span.file(), span.line(), span.column())
    } else {
        ("src/lib.rs".to_owned(), 1, 1)
    };
    (file, Literal::usize_unsuffixed(line), Literal::usize_unsuffixed(column))
}

/// The value of `config`, if there is anything to say.
pub(crate) fn config(arguments: &Arguments, krate: &Tokens) -> Option<TokenStream> {
    let mut config = TokenStream::new();
    if let Some(limit) = &arguments.body_limit {
        config.extend(quote!(.body_limit(#limit)));
    }
    if let Some(timeout) = &arguments.timeout {
        config.extend(quote!(.timeout(#timeout)));
    }
    if arguments.blocking.is_some() {
        config.extend(quote!(.blocking()));
    }
    if !arguments.tags.is_empty() {
        let tags = &arguments.tags;
        config.extend(quote!(.tags(&[#(#tags),*])));
    }
    (!config.is_empty()).then(|| quote!(#krate::RouteConfig::new() #config))
}

/// The value of `guards`.
pub(crate) fn guards(arguments: &Arguments, private: &Tokens) -> TokenStream {
    let guards = &arguments.guards;
    let guards = guards.iter().map(|guard| quote!(<#guard as #private::GuardExtractor>::GUARD));
    quote!(&[#(#guards),*])
}

/// The value of `with`.
pub(crate) fn with(arguments: &Arguments, private: &Tokens) -> TokenStream {
    if arguments.with.is_empty() {
        return quote!(::core::option::Option::None);
    }
    // All of the call stands where the middleware stands: there rustc shows what is none.
    let members = arguments.with.iter().map(Tokens::typed).map(|(middleware, named)| {
        let (start, end) = middleware.ends();
        let mut argument = Group::new(Delimiter::Parenthesis, quote!(#middleware));
        argument.set_span(end);
        let named = named.map_or_else(|| quote_spanned!(start=> ()), |named| quote!(#named));
        let method = quote_spanned!(start=> .with::<#named, _, _, _>);
        quote!(#method #argument)
    });
    quote!(::core::option::Option::Some(|| #private::Scope::new() #(#members)* .made()))
}

/// The members of `with(...)` whose types stand there, as one type; none if there are none.
pub(crate) fn members(arguments: &Arguments, private: &Tokens) -> Option<TokenStream> {
    let named: Vec<Tokens> = arguments.with.iter().filter_map(|member| member.typed().1).collect();
    if named.is_empty() {
        return None;
    }
    Some(named.iter().rev().fold(quote!(()), |inner, named| {
        let allowed = may_be_unused();
        let import = placed(private, Span::call_site());
        let private = placed(private, named.span());
        let is = quote_spanned! {named.span()=>
            { #allowed use #import::NoNeeds as _; #private::Whether::<(#named,)>::IS }
        };
        quote!((#private::Member<#named, #is>, #inner))
    }))
}

/// `#[cfg(...)]` for each.
pub(crate) fn cfg_attributes(cfgs: &[TokenStream]) -> Option<TokenStream> {
    (!cfgs.is_empty()).then(|| quote!(#(#[cfg(#cfgs)])*))
}

/// `#[cfg(...)]` for where the item is not.
pub(crate) fn cfg_absent(cfgs: &[TokenStream]) -> Option<TokenStream> {
    match cfgs {
        [] => None,
        [only] => Some(quote!(#[cfg(not(#only))])),
        _ => Some(quote!(#[cfg(not(all(#(#cfgs),*)))])),
    }
}

/// The name of a handler that has no row, so that what mentions it has no second error to report.
pub(crate) fn handler_stub(stub: &Stub, cfg: Option<&TokenStream>, around: &Surroundings) -> TokenStream {
    let Stub { name, visibility, link } = stub;
    let private = around.private();
    let link = link.map(|own| {
        let krate = &around.krate;
        let parameters = (0..around.params.len() + own).map(|_| quote!(_: impl ::core::fmt::Display));
        quote! {
            pub fn path(#(#parameters),*) -> #krate::Link {
                #private::link(#private::None, "/", ())
            }
        }
    });
    quote! {
        #cfg
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #visibility struct #name {}
        #cfg
        #[allow(dead_code)]
        impl #name {
            #[doc(hidden)]
            pub const fn cello_routes() -> #private::Node<Self> {
                #private::Node::nothing()
            }
            #link
        }
        #cfg
        impl<CelloS> #private::Needs<CelloS> for #name {}
    }
}
