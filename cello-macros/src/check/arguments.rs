//! Where each argument of a handler comes from, decided from its name and the tokens of its type.

use super::foreign::{
    RESPONSES, header_by_text, is_by_another_name, is_foreign, is_known, other_extractor, other_state,
    owned_state,
};
use super::pattern::Names;
use crate::diagnostics::{Diagnostics, Fault, nearest};
use crate::model::{Argument, Handler, Part, PatternLiteral, Place, PrefixParam, Source, Tokens};
use crate::read::cursor::{is_punct, plain_name};
use crate::read::types::{
    Shape, borrows, generic, is_dyn, is_slice, is_str, last_segment, mentions, shape, unshared_by_threads,
    written,
};
use crate::token::{Ident, Named, TokenTree};

const MOST_EXTRACTORS: usize = 12;

/// Extractors that a person could try to borrow.
const OWNED: &[&str] = &["Json", "Form", "Query", "Header", "Request", "ClientAddr", "State"];

/// Those among them that hold something, which stands in angle brackets.
const HOLDING: &[&str] = &["Json", "Form", "Query", "Header", "State"];

/// And those that an application could call a type of its own by.
const OWNED_UNLESS_OWN: &[&str] = &["Preconditions", "Provided", "Readiness", "RequestId", "Upgrade"];

/// Extractors that read data with serde.
const DATA: &[&str] = &["Json", "Form", "Query"];

/// The names that an argument can have to be a parameter.
pub(crate) struct Known<'a> {
    /// The parameters of the prefixes around the handler.
    pub(crate) scope: &'a [PrefixParam],
    /// `params(...)`.
    pub(crate) params: &'a [Ident],
    pub(crate) own: &'a Names,
    pub(crate) pattern: &'a PatternLiteral,
}

/// The source of every argument; `None` for one that was reported. `no_body`: requests to the handler have none, as a rule.
pub(crate) fn sources(
    handler: &Handler,
    known: &Known<'_>,
    no_body: bool,
    errors: &mut Diagnostics,
) -> Vec<Option<Source>> {
    let args = &handler.signature.args;
    let sources: Vec<Option<Source>> = args.iter().map(|arg| source(arg, known, errors)).collect();
    let extractors =
        args.iter().zip(&sources).filter(|(_, source)| source.as_ref().is_some_and(Source::is_extractor));
    if extractors.clone().count() > MOST_EXTRACTORS {
        let fault = Fault::TooManyExtractors { count: extractors.clone().count() };
        errors.push(handler.signature.name.span(), fault);
    }
    whole_request(args, &sources, no_body, errors);
    if handler.arguments.blocking.is_some() && handler.signature.asyncness.is_none() {
        owned(args, &sources, errors);
    }
    sources
}

fn source(arg: &Argument, known: &Known<'_>, errors: &mut Diagnostics) -> Option<Source> {
    let ty = &arg.ty.0;
    if let [TokenTree::Ident(word)] = ty.as_slice()
        && word.is("str")
    {
        errors.push_between(arg.ty.ends(), Fault::Unsized { answer: false });
        return None;
    }
    if mentions(ty, "impl") {
        errors.push_between(arg.ty.ends(), Fault::ImplArgument { ty: written(ty) });
        return None;
    }
    match parameter(arg, known, errors) {
        Some(Parameter::Is(source)) => {
            if let Shape::Reference { mutable: true, .. } = shape(ty) {
                errors.push_between(arg.ty.ends(), Fault::MutReference { ty: written(ty), named: true });
                return None;
            }
            Some(source)
        }
        Some(Parameter::Reported) => None,
        None => borrowed_or_extracted(arg, known, errors),
    }
}

enum Parameter {
    Is(Source),
    Reported,
}

fn parameter(arg: &Argument, known: &Known<'_>, errors: &mut Diagnostics) -> Option<Parameter> {
    let name = arg.name.as_ref().map(|name| name.text.clone());
    let path = name.as_deref().and_then(|name| path_place(name, known));
    if let Some(key) = &arg.query {
        if let (Some(_), Some(name)) = (path, name) {
            errors.push(key.span, Fault::QueryOnPath { name });
            return Some(Parameter::Reported);
        }
        return Some(Parameter::Is(Source::Query { key: key.text.clone() }));
    }
    let name = name?;
    if let Some(place) = path {
        // It is what everybody writes who comes from axum or actix; rustc would offer `std::path::Path`.
        if let Some(inner) = generic(&arg.ty.0, "Path").filter(|_| is_foreign(&arg.ty.0)) {
            let arguments = vec![format!("{name}: {inner}")];
            errors.push_between(arg.ty.ends(), Fault::ParametersAsOne { ty: written(&arg.ty.0), arguments });
            return Some(Parameter::Reported);
        }
        return Some(Parameter::Is(Source::Path { name, place }));
    }
    let query = known.own.query(&name)?;
    Some(Parameter::Is(if query.whole { Source::QueryStruct } else { Source::Query { key: name } }))
}

fn path_place(name: &str, known: &Known<'_>) -> Option<Place> {
    let own = known.own.path.len();
    if let Some(index) = known.own.path_index(name) {
        return Some(Place::counted(index, own, 0));
    }
    if let Some(index) = known.scope.iter().position(|param| param.name == name) {
        return Some(Place::counted(index, known.scope.len(), own));
    }
    known.params.iter().any(|param| plain_name(param) == name).then_some(Place::Inherited)
}

/// An argument that is no parameter: a reference is state or a part of the request, everything else an extractor.
fn borrowed_or_extracted(arg: &Argument, known: &Known<'_>, errors: &mut Diagnostics) -> Option<Source> {
    let Shape::Reference { lifetime, mutable, inner } = shape(&arg.ty.0) else {
        let name = last_segment(&arg.ty.0).map(ToString::to_string).unwrap_or_default();
        if let Some((at, fault)) = other_state(arg, &name) {
            errors.push_between(at, fault);
            return None;
        }
        if let Some(fault) = other_extractor(&arg.ty.0, &name) {
            errors.push_between(arg.ty.ends(), fault);
            return None;
        }
        if let Some(inner) = generic(&arg.ty.0, "Option").filter(|inner| inner.starts_with('&')) {
            let ty = written(&arg.ty.0);
            let held = optional(&arg.ty.0).map(shape);
            let is_extractor = held.is_some_and(|held| match held {
                Shape::Reference { inner, .. } => {
                    last_segment(inner).is_some_and(|name| is_owned(inner, &name.to_string()))
                }
                Shape::Other => false,
            });
            let fault = if is_extractor {
                Fault::BorrowedExtractor { ty }
            } else {
                Fault::OptionalState { ty, inner }
            };
            errors.push_between(arg.ty.ends(), fault);
            return None;
        }
        // Nobody can make an extractor of it, and everybody tries it for a body.
        if name == "Vec" && written(&arg.ty.0).ends_with("Vec<u8>") {
            errors.push_between(arg.ty.ends(), Fault::BytesAsVector);
            return None;
        }
        if name == "Header"
            && let Some(field) = header_by_text(&arg.ty.0)
        {
            errors.push_between(arg.ty.ends(), Fault::HeaderByText { ty: written(&arg.ty.0), field });
            return None;
        }
        // Data that is read owns its text.
        if DATA.contains(&name.as_str()) && arg.ty.0.iter().any(|token| is_punct(token, '&')) {
            errors.push_between(arg.ty.ends(), Fault::BorrowedData { ty: written(&arg.ty.0) });
            return None;
        }
        return Some(Source::Extractor);
    };
    let ty = written(&arg.ty.0);
    let name = last_segment(inner).map(ToString::to_string).unwrap_or_default();
    let is_response = RESPONSES.contains(&name.as_str()) && is_foreign(inner);
    let owned = is_owned(inner, &name);
    let fault = if mutable && is_response {
        Fault::ResponseArgument { ty }
    } else if let Some(fault) = other_extractor(inner, &name) {
        fault
    } else if let Some(field) = header_by_text(inner) {
        // By value it would be refused in its turn.
        Fault::HeaderByText { ty, field }
    } else if mutable && !owned {
        Fault::MutReference { ty, named: false }
    } else if is_str(inner) {
        str_fault(arg, known)
    } else if lifetime.is("static") {
        Fault::StaticReference { ty }
    } else if is_dyn(inner) {
        Fault::DynReference { ty }
    } else if is_slice(inner) {
        Fault::SliceReference { ty }
    } else if inner.first().is_some_and(|token: &TokenTree| is_punct(token, '&')) {
        Fault::NestedReference { ty }
    } else if let Some(of) = unshared_by_threads(inner) {
        Fault::Unshared { ty, of: of.to_string(), field: false }
    } else if owned {
        match generic(inner, "State") {
            Some(inner) => Fault::BorrowedState { ty, inner: owned_state(&inner) },
            None => Fault::BorrowedExtractor { ty },
        }
    } else {
        return Some(match part(&name) {
            Some(part) => Source::Part(part),
            None => Source::State { of: Tokens(inner.to_vec()) },
        });
    };
    errors.push_between(arg.ty.ends(), fault);
    None
}

/// The tokens of the `T` of an `Option<T>`.
fn optional(ty: &[TokenTree]) -> Option<&[TokenTree]> {
    let open = ty.iter().position(|token| is_punct(token, '<'))?;
    ty.get(open + 1..ty.len() - 1)
}

/// Whether a type that is called so is an extractor of the library's, which nobody borrows.
fn is_owned(ty: &[TokenTree], name: &str) -> bool {
    let is = |names: &[&str]| names.contains(&name);
    // A `State` that holds nothing is none of the library's, so that it may come from a glob import too.
    let may_be_own = is(HOLDING) && !ty.iter().any(|token| is_punct(token, '<'));
    (is(OWNED) && if may_be_own { is_by_another_name(ty) } else { is_known(ty) })
        || (is(OWNED_UNLESS_OWN) && is_by_another_name(ty))
}

fn str_fault(arg: &Argument, known: &Known<'_>) -> Fault {
    let name = arg.name.as_ref().map(|name| name.text.clone());
    let candidates = known.own.all().map(|name| name.text.as_str());
    let candidates = candidates.chain(known.scope.iter().map(|param| param.name.as_str()));
    let near = name.as_deref().and_then(|name| nearest(name, candidates)).map(str::to_owned);
    Fault::StrReference { name, pattern: known.pattern.text.clone(), near }
}

fn part(name: &str) -> Option<Part> {
    match name {
        "HeaderMap" => Some(Part::Headers),
        "Method" => Some(Part::Method),
        "Uri" => Some(Part::Uri),
        "Extensions" => Some(Part::Extensions),
        _ => None,
    }
}

/// The whole request by value leaves nothing to borrow from, and where there is no body only parts of it can be meant. (Of other
/// types const evaluation knows whether they take the body.)
fn whole_request(args: &[Argument], sources: &[Option<Source>], no_body: bool, errors: &mut Diagnostics) {
    let whole = args.iter().zip(sources).find(|(arg, source)| {
        source.as_ref().is_some_and(Source::is_extractor) && last_segment(&arg.ty.0).is("Request")
    });
    let Some((whole, _)) = whole else { return };
    let borrowed = args.iter().zip(sources).find(|(arg, source)| match source {
        Some(Source::Part(_)) => true,
        Some(Source::Path { .. } | Source::Query { .. }) => borrows(&arg.ty.0),
        _ => false,
    });
    if let Some((arg, _)) = borrowed {
        let borrowed = format!("{}: {}", written(&arg.pattern.0), written(&arg.ty.0));
        errors.push_between(whole.ty.ends(), Fault::RequestBesideBorrow { borrowed });
    } else if no_body {
        errors.push_between(whole.ty.ends(), Fault::RequestOnGet);
    }
}

/// A handler on the blocking pool owns what it takes; state it gets as a handle.
fn owned(args: &[Argument], sources: &[Option<Source>], errors: &mut Diagnostics) {
    for (arg, source) in args.iter().zip(sources) {
        let fault = match source {
            Some(Source::Path { .. } | Source::Query { .. } | Source::QueryStruct) if borrows(&arg.ty.0) => {
                Fault::BlockingBorrow { name: written(&arg.pattern.0), ty: written(&arg.ty.0) }
            }
            Some(Source::Part(_)) => Fault::BlockingPart { ty: written(&arg.ty.0) },
            _ => continue,
        };
        errors.push_between(arg.ty.ends(), fault);
    }
}
