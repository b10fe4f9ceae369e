//! `#[derive(HttpError)]`: an error type is a responder.

mod expand;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Fields, Lit, Member, Meta};

pub(crate) use expand::expand;

use super::detail::Detail;
use super::{arguments_of, typed};
use crate::diagnostics::{Diagnostics, Fault};
use crate::model::Tokens;
use crate::read::attributes::string_value;
use crate::read::cursor::{ends, split_commas};
use crate::read::manifest::Krate;
use crate::read::types::written;
use crate::token::{Literal, Named, Placed, TokenTree, library_span};

/// A derived error type.
struct ErrorType<'a> {
    input: &'a DeriveInput,
    krate: Tokens,
    /// `#[http_error(render = path)]`
    render: Option<Tokens>,
    cases: Vec<Case<'a>>,
}

/// A variant, or the whole of a struct.
struct Case<'a> {
    /// `Self::NotFound`, or `Self`.
    path: TokenStream,
    fields: &'a Fields,
    /// Of one that was reported it is 500.
    status: u16,
    title: Option<Tokens>,
    problem_type: Option<Tokens>,
    detail: Option<Detail>,
    /// The field from which `?` makes it.
    from: Option<(Member, &'a syn::Type)>,
    source: Option<Member>,
}

/// Reads and checks; reports what is wrong.
fn read<'a>(input: &'a DeriveInput, errors: &mut Diagnostics) -> ErrorType<'a> {
    let mut error = ErrorType { input, krate: Tokens::default(), render: None, cases: Vec::new() };
    let krate = container(&mut error, errors);
    error.krate = Krate::from_manifest().or_given(krate.as_ref());
    let cases: Vec<Case<'_>> = match &input.data {
        Data::Union(data) => {
            errors.push(data.union_token.span, Fault::ErrorUnion);
            Vec::new()
        }
        Data::Struct(data) => vec![case(quote!(Self), &input.ident, &input.attrs, &data.fields, errors)],
        Data::Enum(data) => {
            if let Some(attr) = input.attrs.iter().find(|attr| attr.path().is_ident("status")) {
                errors.push_between(ends(&typed(attr).0), Fault::StatusOfEnum);
                return error;
            }
            let case = |variant: &'a syn::Variant| {
                let name = &variant.ident;
                case(quote!(Self::#name), name, &variant.attrs, &variant.fields, errors)
            };
            data.variants.iter().map(case).collect()
        }
    };
    error.cases = cases;
    conversions(&mut error.cases, errors);
    error
}

/// `#[http_error(render = path, crate = path)]`; gives the crate.
fn container(error: &mut ErrorType<'_>, errors: &mut Diagnostics) -> Option<Tokens> {
    let mut krate = None;
    for attr in &error.input.attrs {
        let Some(arguments) = arguments_of(attr, "http_error") else { continue };
        for part in split_commas(&arguments) {
            match part {
                [TokenTree::Ident(word), TokenTree::Punct(equals), path @ ..]
                    if word.is_one_of(&["render", "crate"])
                        && equals.as_char() == '='
                        && !path.is_empty() =>
                {
                    let place = if word.is("render") { &mut error.render } else { &mut krate };
                    *place = Some(Tokens(path.to_vec()));
                }
                [TokenTree::Ident(word), ..] if word.is_one_of(&["render", "crate"]) => {
                    let expected = "#[http_error(render = path::of::a_function)]";
                    errors.push(word.span(), Fault::AttributeShape { name: "http_error", expected });
                }
                _ => {
                    let at = part.first().map_or_else(|| attr.span().place(), TokenTree::span);
                    let given = part.first().map(ToString::to_string).unwrap_or_default();
                    errors.push(at, Fault::HttpErrorOption { given });
                }
            }
        }
    }
    krate
}

fn case<'a>(
    path: TokenStream,
    name: &Ident,
    attrs: &[Attribute],
    fields: &'a Fields,
    errors: &mut Diagnostics,
) -> Case<'a> {
    let status = status(name, attrs, errors);
    let known: Vec<String> = fields.members().map(|member| member.to_token_stream().to_string()).collect();
    let one = |literal: Literal| Tokens(vec![literal.into()]);
    let title = text(attrs, "title", "#[title(\"Out of stock\")]", errors).map(one);
    let problem_type =
        text(attrs, "problem_type", "#[problem_type(\"https://example.com/problems/stock\")]", errors)
            .map(one);
    let detail = match text(attrs, "detail", "#[detail(\"user {id} not found\")]", errors) {
        Some(literal) => {
            let text = string_value(&literal).unwrap_or_default();
            Detail::read(&text, library_span(literal.span()), &known, errors)
        }
        // What a developer writes of a failure of the server is not for the client.
        None if status.is_some_and(|status| status >= 500) => None,
        None => documentation(attrs).map(|text| Detail::plain(&text, name.span())),
    };
    let (mut from, mut source) = (None, None);
    for (field, member) in fields.iter().zip(fields.members()) {
        let marked = |name: &str| field.attrs.iter().find(|attr| attr.path().is_ident(name));
        let (is_from, is_source) = (marked("from"), marked("source"));
        if let Some(attr) = is_from {
            if fields.len() != 1 {
                let fault = Fault::FromNotAlone { variant: name.to_string(), fields: fields.len() };
                errors.push(attr.span(), fault);
                continue;
            }
            from = Some((member.clone(), &field.ty));
        }
        let Some(attr) = is_from.or(is_source) else { continue };
        if source.is_some() {
            errors.push(attr.span(), Fault::SourceTwice { variant: name.to_string() });
        }
        source = Some(member);
    }
    Case { path, fields, status: status.unwrap_or(500), title, problem_type, detail, from, source }
}

fn status(name: &Ident, attrs: &[Attribute], errors: &mut Diagnostics) -> Option<u16> {
    let mut given = attrs.iter().filter_map(|attr| Some((attr, arguments_of(attr, "status")?)));
    let Some((attr, arguments)) = given.next() else {
        // As Rocket has it.
        match attrs.iter().find(|attr| attr.path().is_ident("response")) {
            Some(attr) => {
                let fault = Fault::AttributeShape { name: "response", expected: "#[status(404)]" };
                errors.push_between(ends(&typed(attr).0), fault);
            }
            None => errors.push(name.span(), Fault::StatusMissing { variant: name.to_string() }),
        }
        return None;
    };
    if let Some((second, _)) = given.next() {
        errors.push(second.span(), Fault::StatusTwice { variant: name.to_string() });
    }
    let [TokenTree::Literal(literal)] = arguments.as_slice() else {
        let fault = Fault::AttributeShape { name: "status", expected: "#[status(404)]" };
        errors.push_between(ends(&typed(attr).0), fault);
        return None;
    };
    let number = literal.to_string().parse::<u16>().ok().filter(|status| (400..=599).contains(status));
    if number.is_none() {
        errors.push(literal.span(), Fault::StatusRange { given: literal.to_string() });
    }
    number
}

/// The string in `#[name("...")]`.
fn text(
    attrs: &[Attribute],
    name: &'static str,
    expected: &'static str,
    errors: &mut Diagnostics,
) -> Option<Literal> {
    let (attr, arguments) = attrs.iter().find_map(|attr| Some((attr, arguments_of(attr, name)?)))?;
    match arguments.as_slice() {
        [TokenTree::Literal(literal)] if string_value(literal).is_some() => Some(literal.clone()),
        arguments => {
            // As thiserror has it.
            let transparent = matches!(arguments, [TokenTree::Ident(word)] if word.is("transparent"));
            let expected = if transparent && name == "detail" { "#[detail(\"{0}\")]" } else { expected };
            errors.push_between(ends(&typed(attr).0), Fault::AttributeShape { name, expected });
            None
        }
    }
}

/// The first paragraph of the doc comment, as one line.
fn documentation(attrs: &[Attribute]) -> Option<String> {
    let mut lines: Vec<String> = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        let Meta::NameValue(value) = &attr.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &value.value else { continue };
        let text = text.value();
        lines.extend(text.split('\n').map(|line| line.trim().to_owned()));
    }
    let paragraph = lines.iter().skip_while(|line| line.is_empty()).take_while(|line| !line.is_empty());
    let text = paragraph.map(String::as_str).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// `?` must know which variant is meant.
fn conversions(cases: &mut [Case<'_>], errors: &mut Diagnostics) {
    let mut seen: Vec<String> = Vec::new();
    for from in cases.iter_mut().map(|case| &mut case.from) {
        let Some((_, ty)) = from else { continue };
        let name = written(&typed(ty).0);
        if seen.contains(&name) {
            errors.push(ty.span(), Fault::FromTwice { ty: name });
            *from = None;
        } else {
            seen.push(name);
        }
    }
}
