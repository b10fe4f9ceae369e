//! A blueprint's module, scanned token by token: a run of attributes with one of ours in it starts something of ours,
//! everything else passes through unread. Nothing looks into a function's body.

use super::arguments::arguments;
use super::attributes::{Ours, attributes, cfgs, docs, hidden_route, is_ours, item_word, ours, visibility};
use super::cursor::{Cursor, flatten, is_ident, is_punct};
use super::handler::{RouteAttribute, handler};
use crate::diagnostics::{Diagnostics, Fault};
use crate::model::{Attr, Broken, Item, MacroKind, Module, Tokens};
use crate::token::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use crate::write::{put, tokens};

const CALLED: &str = "`#[blueprint]`";

/// Reads the module that the attribute macro stands on.
pub(crate) fn blueprint_module(
    arguments_of: TokenStream,
    at: Span,
    item: &[TokenTree],
    crate_names: &[String],
) -> Result<Module, Broken> {
    let mut cursor = Cursor::new(item);
    let attrs = attributes(&mut cursor);
    let module = module(arguments_of, at, attrs, &mut cursor, crate_names);
    module.map_err(|mut broken| {
        broken.item.0.extend(cursor.rest().iter().map(|token| without_ours(token, crate_names)));
        broken
    })
}

/// Reads the module at the cursor, and leaves the cursor behind it.
fn module(
    arguments_of: TokenStream,
    at: Span,
    attrs: Vec<Attr>,
    cursor: &mut Cursor<'_>,
    crate_names: &[String],
) -> Result<Module, Broken> {
    let mut errors = Diagnostics::new();
    let cfgs = cfgs(&attrs);
    let (attrs, second): (Vec<_>, Vec<_>) =
        attrs.into_iter().partition(|attr| ours(attr, crate_names).is_none());
    for other in &second {
        let name = other.name().map_or_else(|| Ident::new("blueprint", at), Clone::clone);
        let fault = match ours(other, crate_names) {
            Some(Ours::Route(_)) => Fault::RouteAndBlueprint { on: format!("`#[{name}]`") },
            _ => Fault::DuplicateArgument { on: "this module".into(), name: "#[blueprint]".into() },
        };
        errors.push(name.span(), fault);
    }

    let start = *cursor;
    let seen = Tokens(visibility(cursor).to_vec());
    let keyword = cursor.keyword("mod");
    let (Some(keyword), Some(name)) = (keyword, cursor.any_ident().cloned()) else {
        errors.push(at, Fault::NotAModule { found: item_word(&start) });
        *cursor = start;
        let item = tokens!(Span::call_site() => #attrs);
        return Err(Broken { item, errors: errors.into_tokens(&cfgs), stub: None });
    };
    let arguments = arguments(MacroKind::BlueprintAttribute, CALLED, at, arguments_of, &mut errors);
    let Some(body) = cursor.group(Delimiter::Brace) else {
        errors.push(at, Fault::ModuleWithoutBody { name: name.to_string() });
        *cursor = start;
        let item = tokens!(Span::call_site() => #attrs);
        return Err(Broken { item, errors: errors.into_tokens(&cfgs), stub: None });
    };

    let items = items(body.stream(), crate_names);
    let docs = docs(&attrs);
    let broken = !errors.is_empty();
    let errors = errors.into_tokens(&cfgs);
    let brace = body.span();
    Ok(Module { arguments, attrs, cfgs, docs, visibility: seen, keyword, name, brace, items, broken, errors })
}

/// What a module consists of.
pub(crate) fn items(body: TokenStream, crate_names: &[String]) -> Vec<Item> {
    let tokens = flatten(body);
    let mut cursor = Cursor::new(&tokens);
    let mut items = Vec::new();
    let mut passed = Tokens::default();
    while !cursor.is_empty() {
        let mut run = attributes(&mut cursor);
        let inner = run.iter().take_while(|attr| attr.is_inner()).count();
        passed.value(&run.drain(..inner).collect::<Vec<_>>());
        if run.is_empty() {
            pass(&mut cursor, &mut passed);
            continue;
        }
        let found = match ours_in_run(run, crate_names) {
            Ok(found) => found,
            Err(run) => {
                passed.value(&run);
                continue;
            }
        };
        if !passed.0.is_empty() {
            items.push(Item::Other(std::mem::take(&mut passed)));
        }
        items.push(match found {
            Found::Handler(route, attrs) => match handler(route, attrs, &mut cursor, crate_names) {
                Ok(handler) => Item::Handler(Box::new(handler)),
                Err(broken) => Item::Broken(broken),
            },
            Found::Module(arguments, at, attrs) => {
                match module(arguments, at, attrs, &mut cursor, crate_names) {
                    Ok(module) => Item::Module(Box::new(module)),
                    Err(broken) => Item::Broken(broken),
                }
            }
            Found::Hidden(broken) => Item::Broken(broken),
        });
    }
    if !passed.0.is_empty() {
        items.push(Item::Other(passed));
    }
    items
}

/// Passes one token on. In front of a `use` that may be there for our attributes alone, which this macro expands so
/// that rustc never sees them used, `unused_imports` is silenced.
fn pass(cursor: &mut Cursor<'_>, passed: &mut Tokens) {
    let public = match passed.0.as_slice() {
        [.., token] if is_ident(token, "pub") => true,
        [.., token, TokenTree::Group(_)] => is_ident(token, "pub"),
        _ => false,
    };
    if cursor.peek().is_some_and(|token| is_ident(token, "use")) && !public {
        let import = cursor.rest().iter().take_while(|token| !is_punct(token, ';'));
        if import.clone().any(|token| is_punct(token, '*') || names_ours(token)) {
            put!(passed, Span::call_site() => #[allow(unused_imports)]);
        }
    }
    passed.0.extend(cursor.next().cloned());
}

/// The body of what is no module, without attributes of ours: each would report that it can't stand there either.
fn without_ours(token: &TokenTree, crate_names: &[String]) -> TokenTree {
    let TokenTree::Group(group) = token else { return token.clone() };
    let tokens = flatten(group.stream());
    let mut cursor = Cursor::new(&tokens);
    let mut kept = Tokens::default();
    while !cursor.is_empty() {
        let run = attributes(&mut cursor);
        for attr in run.iter().filter(|attr| ours(attr, crate_names).is_none()) {
            kept.value(attr);
        }
        kept.0.extend(cursor.next().cloned());
    }
    let mut body = Group::new(group.delimiter(), kept.into_stream());
    body.set_span(group.span());
    TokenTree::Group(body)
}

fn names_ours(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(ident) => is_ours(ident),
        TokenTree::Group(group) => {
            group.stream().into_iter().any(|token| is_punct(&token, '*') || names_ours(&token))
        }
        _ => false,
    }
}

enum Found {
    Handler(RouteAttribute, Vec<Attr>),
    /// The attribute's arguments, its place, the other attributes.
    Module(TokenStream, Span, Vec<Attr>),
    /// A route attribute inside `#[cfg_attr(...)]`.
    Hidden(Broken),
}

/// What of ours a run of attributes starts; the run itself if nothing.
fn ours_in_run(mut run: Vec<Attr>, crate_names: &[String]) -> Result<Found, Vec<Attr>> {
    // The last one: what is half typed above a handler is the mistake, and the handler is whole.
    let found = run
        .iter()
        .enumerate()
        .rev()
        .find_map(|(at, attr)| Some((at, ours(attr, crate_names)?, attr.name()?.clone())));
    if let Some((at, which, name)) = found {
        let arguments = run.remove(at).arguments();
        return Ok(match which {
            Ours::Route(kind) => Found::Handler(RouteAttribute { name, kind, arguments, is_last: true }, run),
            Ours::Blueprint => Found::Module(arguments, name.span(), run),
        });
    }
    let hidden = run.iter().enumerate().find_map(|(at, attr)| Some((at, hidden_route(attr)?)));
    let Some((at, route)) = hidden else { return Err(run) };
    let mut errors = Diagnostics::new();
    errors.push(route.span(), Fault::CfgAttrRoute { route: route.to_string() });
    run.remove(at);
    let errors = errors.into_tokens(&cfgs(&run));
    Ok(Found::Hidden(Broken { item: tokens!(Span::call_site() => #run), errors, stub: None }))
}
