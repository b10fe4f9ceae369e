//! A handler against its pattern: every name of the pattern has an argument, and every argument a source.

use super::arguments::{Known, sources};
use super::foreign::{is_by_another_name, is_foreign};
use super::pattern::{Names, pattern};
use crate::diagnostics::{Diagnostics, Fault, METHODS, Untaken, nearest};
use crate::model::{
    Argument, Checked, Handler, LinkParam, MacroKind, Name, Place, PrefixParam, Signature, Source, Tokens,
};
use crate::read::cursor::{flatten, is_punct, plain_name, split_commas};
use crate::read::types::{Shape, borrows, is_slice, is_str, last_segment, shape, written};
use crate::token::{Delimiter, Ident, Named, Span, TokenTree};

/// Checks a handler below prefixes whose parameters are `scope`; `None` after a report.
pub(crate) fn check(handler: &Handler, scope: &[PrefixParam], errors: &mut Diagnostics) -> Option<Checked> {
    restrictions(&handler.signature, errors);
    if let Some(output) = &handler.signature.output {
        answer(&handler.signature, output, errors);
    }
    let methods = methods(handler, errors);
    let literal = handler.arguments.pattern.as_ref();
    let names = literal.and_then(|literal| pattern(literal, errors));
    let (Some(literal), Some(names)) = (literal, names) else {
        // What the arguments mean depends on the pattern: one mistake, one message.
        return None;
    };
    inherited(handler, scope, &names, errors);
    for name in names.all() {
        if scope.iter().any(|known| known.name == name.text) {
            let text = literal.text.clone();
            errors.push(
                literal.span,
                Fault::NameTwice { text, at: name.at, name: name.text.clone(), prefix: true },
            );
        }
    }

    let known = Known { scope, params: &handler.arguments.params, own: &names, pattern: literal };
    let any = handler.attribute.is("any");
    let reads = !any && methods.iter().all(|method| matches!(method.as_str(), "GET" | "HEAD"));
    let no_body = reads && handler.arguments.body.is_none();
    let sources = sources(handler, &known, no_body, errors);
    untaken(handler, &known, &sources, errors);
    if handler.arguments.blocking.is_some() && handler.signature.asyncness.is_some() {
        let at = handler.arguments.blocking.unwrap_or_else(Span::call_site);
        errors.push(at, Fault::BlockingAsync { handler: handler.signature.name.ident.to_string() });
    }
    if !errors.is_empty() {
        return None;
    }
    let link = link(handler, scope, &names, &sources);
    Some(Checked {
        own_count: names.path.len(),
        code: names.code,
        link,
        sources: sources.into_iter().collect::<Option<_>>()?,
        any,
        methods,
        no_body,
    })
}

/// What no handler can be, in words of our own; rustc's would speak of generated code.
fn restrictions(signature: &Signature, errors: &mut Diagnostics) {
    let handler = || signature.name.ident.to_string();
    if let Some(at) = signature.receiver {
        errors.push(at, Fault::Receiver { handler: handler() });
    }
    if let [first, ..] = signature.generics.others.as_slice() {
        let names = signature.generics.others.iter().map(ToString::to_string).collect();
        errors.push(first.span(), Fault::Generic { handler: handler(), names });
    }
    if let Some(at) = signature.unsafety {
        errors.push(at, Fault::Unsafe { handler: handler() });
    }
    if let Some(at) = signature.abi {
        errors.push(at, Fault::Extern { handler: handler() });
    }
    if let Some(at) = signature.constness {
        errors.push(at, Fault::Const { handler: handler() });
    }
    if let Some(at) = signature.variadic {
        errors.push(at, Fault::Variadic { handler: handler() });
    }
}

/// What no handler answers.
fn answer(signature: &Signature, output: &Tokens, errors: &mut Diagnostics) {
    let ty = output.0.as_slice();
    let name = last_segment(ty).map(ToString::to_string).unwrap_or_default();
    // Where all is well: what an `Option` or a `Result` holds, or else the type itself.
    let answered = match name.as_str() {
        "Option" | "Result" => held(ty).first().copied().unwrap_or_default(),
        _ => ty,
    };
    if !foreign_answer(output, errors)
        && !borrowed_answer(signature, output, answered, errors)
        && !head_behind_body(answered, errors)
        && name == "Result"
    {
        plain_error(output, errors);
    }
}

/// `-> str`, and `-> impl Responder` of other frameworks.
fn foreign_answer(output: &Tokens, errors: &mut Diagnostics) -> bool {
    let fault = match output.0.as_slice() {
        [TokenTree::Ident(word)] if word.is("str") => Fault::Unsized { answer: true },
        [TokenTree::Ident(word), TokenTree::Ident(name)]
            if word.is("impl")
                && name.is_one_of(&["Responder", "Response", "Reply"])
                && is_foreign(std::slice::from_ref(&output.0[1])) =>
        {
            Fault::ForeignResponse { ty: written(&output.0) }
        }
        _ => return false,
    };
    errors.push_between(output.ends(), fault);
    true
}

/// `-> &str`, alone or as what an `Option` or `Result` holds: rustc would say that an argument of generated code escapes.
fn borrowed_answer(
    signature: &Signature,
    output: &Tokens,
    ty: &[TokenTree],
    errors: &mut Diagnostics,
) -> bool {
    let Shape::Reference { lifetime, mutable: false, inner } = shape(ty) else { return false };
    let text = is_str(inner) || (is_slice(inner) && written(inner) == "[u8]");
    // Without an argument to borrow from it does not compile, and rustc says why.
    let borrowed = signature.args.iter().any(|arg| borrows(&arg.ty.0));
    let found = text && borrowed && lifetime.is_none_or(|lifetime| !lifetime.is("static"));
    if found {
        errors.push_between(output.ends(), Fault::BorrowedAnswer { ty: written(ty) });
    }
    found
}

/// `-> (String, ETag)`, of which rustc would say both: that the one is no head, and the other no body.
fn head_behind_body(ty: &[TokenTree], errors: &mut Diagnostics) -> bool {
    let Some(all) = elements(ty) else { return false };
    let types = split_commas(&all);
    let Some((last, before)) = types.split_last() else { return false };
    if !is_head(last) {
        return false;
    }
    // If none of the others can be the body, or several, rustc says what is wrong with each.
    let (bodies, heads): (Vec<_>, Vec<_>) = before.iter().partition(|ty| !is_head(ty) && !is_status(ty));
    let [body] = bodies[..] else { return false };
    let types: Vec<String> = heads.into_iter().chain([last, body]).map(|ty| written(ty)).collect();
    let instead = format!("({})", types.join(", "));
    errors.push_between(Tokens(ty.to_vec()).ends(), Fault::HeadBehindBody { instead });
    true
}

/// `[(name, value); N]`, `HeaderMap`, or what the library has for some fields.
fn is_head(ty: &[TokenTree]) -> bool {
    match ty {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Bracket => {
            let inside = flatten(group.stream());
            matches!(inside.first(), Some(TokenTree::Group(pair)) if pair.delimiter() == Delimiter::Parenthesis)
                && inside.iter().any(|token| is_punct(token, ';'))
        }
        _ => last_segment(ty).is_one_of(&["HeaderMap", "ETag", "Validators"]) && is_by_another_name(ty),
    }
}

fn is_status(ty: &[TokenTree]) -> bool {
    last_segment(ty).is("StatusCode")
}

/// `-> Result<T, String>`: what is a response, but says nothing of having failed.
fn plain_error(output: &Tokens, errors: &mut Diagnostics) {
    let [_, error] = held(&output.0)[..] else { return };
    let plain = match shape(error) {
        Shape::Reference { inner, .. } => is_str(inner),
        Shape::Other => {
            let named = last_segment(error).map(ToString::to_string);
            written(error) == "()" || named.is_some_and(|name| PLAIN.contains(&name.as_str()))
        }
    };
    if plain {
        errors.push_between(output.ends(), Fault::PlainError { ty: written(error) });
    }
}

/// Responders whose status is 200.
const PLAIN: &[&str] = &["String", "Json", "Html", "Bytes", "Body"];

/// What stands in the angle brackets of a type.
fn held(ty: &[TokenTree]) -> Vec<&[TokenTree]> {
    let open = ty.iter().position(|token| is_punct(token, '<'));
    open.and_then(|open| ty.get(open + 1..ty.len() - 1)).map(split_commas).unwrap_or_default()
}

fn methods(handler: &Handler, errors: &mut Diagnostics) -> Vec<String> {
    if handler.kind == MacroKind::Verb {
        let verb = handler.attribute.to_string().to_uppercase();
        return if verb == "ANY" { Vec::new() } else { vec![verb] };
    }
    let mut methods: Vec<String> = Vec::new();
    for ident in handler.arguments.methods.iter().flatten() {
        let given = ident.to_string();
        // An extension method (`PURGE`) is in capitals too, and not one letter away from a standard one.
        let extension = given.chars().all(|c| c.is_ascii_uppercase() || c == '_')
            && nearest(&given, METHODS.iter().copied()).is_none();
        if given == "CONNECT" {
            errors.push(ident.span(), Fault::ConnectMethod);
        } else if !METHODS.contains(&given.as_str()) && !extension {
            errors.push(ident.span(), Fault::UnknownMethod { given });
        } else if methods.contains(&given) {
            errors.push(ident.span(), Fault::DuplicateMethod { given });
        } else {
            methods.push(given);
        }
    }
    methods
}

fn inherited(handler: &Handler, scope: &[PrefixParam], names: &Names, errors: &mut Diagnostics) {
    for param in &handler.arguments.params {
        let name = plain_name(param);
        if names.all().any(|own| own.text == name) {
            errors.push(param.span(), Fault::InheritedIsOwn { name });
        } else if scope.iter().any(|known| known.name == name) {
            errors.push(param.span(), Fault::ParamsAlreadyVisible { name });
        }
    }
}

/// Every name of the handler's own pattern needs an argument.
fn untaken(handler: &Handler, known: &Known<'_>, sources: &[Option<Source>], errors: &mut Diagnostics) {
    let args = &handler.signature.args;
    let taken = |name: &str| args.iter().any(|arg| arg.name.as_ref().is_some_and(|known| known.text == name));
    let missing: Vec<&str> =
        known.own.path.iter().map(|name| name.text.as_str()).filter(|name| !taken(name)).collect();
    let together = together(args, &missing).map(|(arg, fault)| errors.push_between(arg.ty.ends(), fault));
    if missing.is_empty() {
        let extracted =
            args.iter().zip(sources).filter(|(_, source)| source.as_ref().is_some_and(Source::is_extractor));
        for (arg, fault) in extracted.filter_map(|(arg, _)| Some((arg, tuple(arg)?))) {
            errors.push_between(arg.ty.ends(), fault);
        }
    }
    for name in known.own.all() {
        if taken(&name.text) || (together.is_some() && missing.contains(&name.text.as_str())) {
            continue;
        }
        let destructured = args
            .iter()
            .find(|arg| arg.name.is_none() && crate::read::types::mentions(&arg.pattern.0, &name.text));
        if let Some(arg) = destructured {
            errors.push_between(arg.pattern.ends(), Fault::DestructuredParameter { name: name.text.clone() });
            continue;
        }
        let query = known.own.query(&name.text).is_some();
        // Arguments that are no parameter yet could be the one that was meant.
        let free = args.iter().zip(sources).filter(|(_, source)| {
            !matches!(source, Some(Source::Path { .. } | Source::Query { .. } | Source::QueryStruct))
        });
        let free = free.filter_map(|(arg, _)| arg.name.as_ref().map(|name| name.text.as_str()));
        let rename = nearest(&name.text, free).map(str::to_owned);
        let told = |(arg, source): (&Argument, &Option<Source>)| {
            source.is_none() && is_text(arg) && arg.name.as_ref().map(|name| &name.text) == rename.as_ref()
        };
        if args.iter().zip(sources).any(told) {
            // A `&str` that is no parameter was reported with this parameter as the one that was meant.
            continue;
        }
        let fault = Untaken {
            text: known.pattern.text.clone(),
            at: name.at - 1,
            len: name.text.len() + if name.whole { 4 } else { 2 },
            name: name.text.clone(),
            query,
            handler: handler.signature.name.ident.to_string(),
            rename,
        };
        errors.push(known.pattern.span, Fault::Untaken(fault));
    }
}

/// An argument that was meant to take all the path parameters at once, as other frameworks do it.
fn together<'a>(args: &'a [Argument], missing: &[&str]) -> Option<(&'a Argument, Fault)> {
    if missing.is_empty() {
        return None;
    }
    let (arg, inside) = args.iter().find_map(|arg| {
        let ty = arg.ty.0.as_slice();
        if last_segment(ty).is("Path") {
            let open = ty.iter().position(|token| is_punct(token, '<'))?;
            return Some((arg, ty.get(open + 1..ty.len() - 1)?.to_vec()));
        }
        elements(ty).is_some().then(|| (arg, ty.to_vec()))
    })?;
    let elements = elements(&inside).unwrap_or(inside);
    let types = split_commas(&elements);
    let argument = |(index, name): (usize, &&str)| match types.get(index) {
        Some(ty) if types.len() == missing.len() => format!("{name}: {}", written(ty)),
        _ => format!("{name}: String"),
    };
    let arguments = missing.iter().enumerate().map(argument).collect();
    Some((arg, Fault::ParametersAsOne { ty: written(&arg.ty.0), arguments }))
}

/// Several extractors in one tuple, of which nobody can make an extractor.
fn tuple(arg: &Argument) -> Option<Fault> {
    let (types, names) = (elements(&arg.ty.0)?, elements(&arg.pattern.0).unwrap_or_default());
    let (types, names) = (split_commas(&types), split_commas(&names));
    if types.len() < 2 {
        return None;
    }
    let argument = |(index, ty): (usize, &&[TokenTree])| match names.get(index) {
        Some([TokenTree::Ident(name)]) => format!("{name}: {}", written(ty)),
        _ => format!("name: {}", written(ty)),
    };
    let arguments = types.iter().enumerate().map(argument).collect();
    Some(Fault::TupleArgument { ty: written(&arg.ty.0), arguments })
}

/// What stands in the parentheses of a tuple, be it a type or a pattern.
fn elements(tokens: &[TokenTree]) -> Option<Vec<TokenTree>> {
    match tokens {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            Some(flatten(group.stream()))
        }
        _ => None,
    }
}

/// Whether an argument is a `&str`, which can only be a parameter.
fn is_text(arg: &Argument) -> bool {
    matches!(shape(&arg.ty.0), Shape::Reference { inner, .. } if is_str(inner))
}

/// What the link asks for: the parameters of all prefixes that can be seen, then the handler's own.
fn link(
    handler: &Handler,
    scope: &[PrefixParam],
    names: &Names,
    sources: &[Option<Source>],
) -> Vec<LinkParam> {
    let args = &handler.signature.args;
    let prefixes = scope.iter().map(|param| (param.name.as_str(), param.span));
    let params =
        handler.arguments.params.iter().map(|param| (plain_name(param), param.span())).collect::<Vec<_>>();
    let params = params.iter().map(|(name, span)| (name.as_str(), *span));
    let at = handler.signature.name.span();
    let own = names.path.iter().map(|name| (name.text.as_str(), at));
    let all = prefixes.chain(params).chain(own);
    all.map(|(name, span)| {
        let argument = sources
            .iter()
            .position(|source| matches!(source, Some(Source::Path { name: taken, .. }) if taken == name));
        let typed = argument.and_then(|index| args[index].name.clone());
        // Where no argument has the name it is one of ours: a constant of the module's may be called like the parameter, and a pattern of
        // that name would be that constant.
        let name = typed.unwrap_or_else(|| Name::of(&Ident::new(&format!("of_cello_{name}"), span)));
        LinkParam { name, argument }
    })
    .collect()
}

impl Place {
    /// The place of a parameter: `index` of `count` in its own part of the path, with `behind` parameters after that part.
    pub(crate) fn counted(index: usize, count: usize, behind: usize) -> Self {
        Self::FromEnd(count - index + behind)
    }
}
