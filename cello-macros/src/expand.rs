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

use crate::model::{Arguments, PrefixParam, Stub, Tokens};
use crate::read::cursor::is_ident;
use crate::token::{
    Delimiter, HAS_COMPILER, Ident, Named, Span, TokenStream, TokenTree, file, line_and_column,
};
use crate::write::{Listed, Put, put, tokens};

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
        let keeps = matches!(&token, TokenTree::Ident(ident) if ident.is("$crate"));
        token.set_span(if keeps { token.span().located_at(at) } else { at });
        token
    };
    Tokens(tokens.0.iter().map(place).collect())
}

/// What stands before an import that may be there for nothing. rustc does not speak of one that a macro of another crate has written, and a
/// crate that forbids the lint would refuse an attribute that allows it; only the library itself is no other crate.
pub(crate) fn may_be_unused() -> Option<Tokens> {
    // Asked each time: a language server runs the macros of all crates in one process.
    let in_the_library =
        HAS_COMPILER && std::env::var_os("CARGO_PKG_NAME").is_some_and(|name| name == "cello");
    in_the_library.then(|| tokens!(Span::call_site() => #[allow(unused_imports)]))
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

/// The line of a name, as the user sees it.
pub(crate) fn line(name: &Ident) -> usize {
    line_and_column(name.span()).0
}

/// File, line and column, as the user sees them. (`line!()` would be the attribute's line.)
pub(crate) fn position(at: Span) -> (String, usize, usize) {
    let (line, column) = line_and_column(at);
    (file(at), line, column)
}

/// The value of `config`, if there is anything to say.
pub(crate) fn config(arguments: &Arguments, krate: &Tokens) -> Option<Tokens> {
    let here = Span::call_site();
    let mut config = Tokens::default();
    if let Some(limit) = &arguments.body_limit {
        put!(config, here => .body_limit(#limit));
    }
    if let Some(timeout) = &arguments.timeout {
        put!(config, here => .timeout(#timeout));
    }
    if arguments.blocking.is_some() {
        put!(config, here => .blocking());
    }
    if !arguments.tags.is_empty() {
        let tags = Listed(&arguments.tags);
        put!(config, here => .tags(&[#tags]));
    }
    (!config.0.is_empty()).then(|| tokens!(here => #krate::RouteConfig::new() #config))
}

/// The value of `guards`.
pub(crate) fn guards(arguments: &Arguments, private: &Tokens) -> Tokens {
    let here = Span::call_site();
    let guard = |guard| tokens!(here => <#guard as #private::GuardExtractor>::GUARD);
    let guards = Listed(arguments.guards.iter().map(guard));
    tokens!(here => &[#guards])
}

/// The value of `with`.
pub(crate) fn with(arguments: &Arguments, private: &Tokens) -> Tokens {
    let here = Span::call_site();
    if arguments.with.is_empty() {
        return tokens!(here => ::core::option::Option::None);
    }
    // All of the call stands where the middleware stands: there rustc shows what is none.
    let mut members = Tokens::default();
    for (middleware, named) in arguments.with.iter().map(Tokens::typed) {
        let (start, end) = middleware.ends();
        let named = named.unwrap_or_else(|| tokens!(start => ()));
        put!(members, start => .with::<#named, _, _, _>);
        let argument = members.open();
        members.value(&middleware);
        members.close(argument, Delimiter::Parenthesis, end);
    }
    tokens!(here => ::core::option::Option::Some(|| #private::Scope::new() #members .made()))
}

/// The members of `with(...)` whose types stand there, as one type; none if there are none.
pub(crate) fn members(arguments: &Arguments, private: &Tokens) -> Option<Tokens> {
    let here = Span::call_site();
    let named: Vec<Tokens> = arguments.with.iter().filter_map(|member| member.typed().1).collect();
    if named.is_empty() {
        return None;
    }
    Some(named.iter().rev().fold(tokens!(here => ()), |inner, named| {
        let allowed = may_be_unused();
        let import = placed(private, here);
        let at = named.span();
        let of_named = placed(private, at);
        let is = tokens!(at => { #allowed use #import::NoNeeds as _; #of_named::Whether::<(#named,)>::IS });
        tokens!(here => (#private::Member<#named, #is>, #inner))
    }))
}

/// `#[cfg(...)]` for where the item is not.
pub(crate) fn cfg_absent(cfgs: &[TokenStream]) -> Option<Tokens> {
    let here = Span::call_site();
    match cfgs {
        [] => None,
        [only] => Some(tokens!(here => #[cfg(not(#only))])),
        _ => {
            let all = Listed(cfgs);
            Some(tokens!(here => #[cfg(not(all(#all)))]))
        }
    }
}

/// The name of a handler that has no row, so that what mentions it has no second error to report.
pub(crate) fn handler_stub(stub: &Stub, cfg: Option<&Tokens>, around: &Surroundings) -> Tokens {
    let here = Span::call_site();
    let Stub { name, visibility, link } = stub;
    let private = around.private();
    let link = link.map(|own| {
        let krate = &around.krate;
        let parameters = vec![tokens!(here => _: impl ::core::fmt::Display); around.params.len() + own];
        let parameters = Listed(&parameters);
        tokens!(here =>
            pub fn path(#parameters) -> #krate::Link {
                #private::link(#private::Blueprint::NOTHING, "/", ())
            }
        )
    });
    tokens!(here =>
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
    )
}
