//! A handler: a run of attributes with a route attribute in it, and the function behind it.

use cello_routing::Pattern;

use super::arguments::arguments;
use super::attributes::{Ours, attributes, cfgs, docs, is_function, item_word, ours, visibility};
use super::cursor::Cursor;
use super::signature::function;
use crate::diagnostics::{Diagnostics, Fault};
use crate::model::{Attr, Broken, Handler, MacroKind, Stub, Tokens};
use crate::token::{Ident, Span, TokenStream, TokenTree};
use crate::write::{put, tokens};

/// The route attribute that makes a function a handler.
pub(crate) struct RouteAttribute {
    pub(crate) name: Ident,
    pub(crate) kind: MacroKind,
    pub(crate) arguments: TokenStream,
    /// Whether it stands behind all others of the function, and not before them.
    pub(crate) is_last: bool,
}

impl RouteAttribute {
    pub(crate) fn called(&self) -> String {
        format!("`#[{}]`", self.name)
    }
}

/// Reads a free function for the attribute macro that stands on it.
pub(crate) fn free_handler(
    route: RouteAttribute,
    item: &[TokenTree],
    crate_names: &[String],
) -> Result<Handler, Broken> {
    let mut cursor = Cursor::new(item);
    let attrs = attributes(&mut cursor);
    handler(route, attrs, &mut cursor, crate_names).map_err(|mut broken| {
        broken.item.value(cursor.rest());
        broken
    })
}

/// Reads the function at the cursor, and leaves the cursor behind it.
pub(crate) fn handler(
    route: RouteAttribute,
    attrs: Vec<Attr>,
    cursor: &mut Cursor<'_>,
    crate_names: &[String],
) -> Result<Handler, Broken> {
    let mut errors = Diagnostics::new();
    let cfgs = cfgs(&attrs);
    // A second route attribute would expand to a second item of the same name: it is taken off and reported, and the
    // handler is what the other one says.
    let (attrs, second) = without_ours(attrs, crate_names);
    let mut doubled = Diagnostics::new();
    for other in &second {
        let fault = match ours(other, crate_names) {
            Some(Ours::Blueprint) => Fault::RouteAndBlueprint { on: route.called() },
            _ if route.is_last => {
                Fault::TwoRoutes { first: other_name(other), second: route.name.to_string() }
            }
            _ => Fault::TwoRoutes { first: route.name.to_string(), second: other_name(other) },
        };
        doubled.push(other.name().map_or_else(Span::call_site, Ident::span), fault);
    }

    if !is_function(cursor) {
        if doubled.is_empty() {
            let fault = Fault::NotAFunction { on: route.called(), found: item_word(cursor) };
            errors.push(route.name.span(), fault);
        }
        let mut errors = errors.into_tokens(&cfgs);
        errors.value(&doubled.into_tokens(&cfgs));
        let item = tokens!(Span::call_site() => #attrs);
        return Err(Broken { item, errors, stub: None });
    }
    let is_doubled = !doubled.is_empty();
    let doubled = Some(doubled.into_tokens(&cfgs)).filter(|_| is_doubled);
    let start = cursor.rest();
    let visibility = Tokens(visibility(cursor).to_vec());
    let arguments = arguments(route.kind, &route.called(), route.name.span(), route.arguments, &mut errors);
    let Some(function) = function(&attrs, cursor, &mut errors) else {
        // rustc reports a function without a name; the tokens go back to it as they came.
        *cursor = Cursor::new(start);
        let word = cursor.take(1);
        let item = tokens!(Span::call_site() => #attrs #word);
        let mut errors = errors.into_tokens(&cfgs);
        errors.value(&doubled);
        return Err(Broken { item, errors, stub: None });
    };

    let stub_name = arguments.name.clone().unwrap_or_else(|| function.signature.name.ident.clone());
    let handler = Handler {
        attribute: route.name,
        kind: route.kind,
        arguments,
        docs: docs(&attrs),
        attrs,
        cfgs,
        visibility,
        signature: function.signature,
        item: Tokens(function.item),
        doubled,
    };
    if errors.is_empty() && function.complete {
        errors.into_tokens(&[]);
        return Ok(handler);
    }
    let mut item = handler.function();
    if !function.complete {
        unfinished(&handler.signature.name.ident, &mut item);
    }
    let link = Some(handler.own_parameters());
    let stub = Some(Box::new(Stub { name: stub_name, visibility: handler.visibility, link }));
    Err(Broken { item, errors: errors.into_tokens(&handler.cfgs), stub })
}

/// A lint, to which rustc comes only if it has found no error: so no handler is left out in silence, should this crate ever take a
/// whole function for one that is still being typed.
fn unfinished(handler: &Ident, out: &mut Tokens) {
    let reason = format!("the signature of `{handler}` could not be read, so it has no route");
    put!(out, handler.span() =>
        #[deny(unused_must_use)]
        const _: () = {
            #[must_use = #reason]
            const fn unfinished() -> bool {
                true
            }
            unfinished();
        };
    );
}

impl Handler {
    /// The user's function, as it was typed except for our own attributes; and the error for what of those is too much.
    pub(crate) fn function(&self) -> Tokens {
        let Self { attrs, visibility, item, doubled, .. } = self;
        tokens!(Span::call_site() => #attrs #visibility #item #doubled)
    }

    /// How many parameters a link to it takes beside those of the prefixes around it, as far as a broken handler can tell.
    pub(crate) fn own_parameters(&self) -> usize {
        let text = self.arguments.pattern.as_ref().map_or("", |pattern| pattern.text.as_str());
        let own = match Pattern::parse(text) {
            Ok(pattern) => pattern.segments().filter(|segment| segment.name().is_some()).count(),
            Err(_) => self.named_in(text),
        };
        own + self.arguments.params.len()
    }

    /// How many of its arguments a malformed pattern mentions.
    fn named_in(&self, pattern: &str) -> usize {
        let path = pattern.split('?').next().unwrap_or_default();
        let words: Vec<&str> = path.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        let names =
            self.signature.args.iter().filter_map(|arg| arg.name.as_ref().map(|name| name.text.as_str()));
        names.filter(|name| words.contains(name)).count()
    }

    /// The name of the same-named item in the type namespace.
    pub(crate) fn type_name(&self) -> &Ident {
        self.arguments.name.as_ref().unwrap_or(&self.signature.name.ident)
    }
}

fn without_ours(attrs: Vec<Attr>, crate_names: &[String]) -> (Vec<Attr>, Vec<Attr>) {
    attrs.into_iter().partition(|attr| ours(attr, crate_names).is_none())
}

fn other_name(attr: &Attr) -> String {
    attr.name().map(ToString::to_string).unwrap_or_default()
}
