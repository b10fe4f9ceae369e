//! A handler: the user's function, and beside it the same-named item with its row.

use std::path::PathBuf;
use std::sync::OnceLock;

use cello_routing::Methods;

use super::{
    Surroundings, cfg_absent, config, guards, handler_stub, link, may_be_unused, placed, position, proof,
    shim, with,
};
use crate::check;
use crate::diagnostics::{Diagnostics, Fault};
use crate::model::{Attr, Broken, Checked, Handler, Place, Source, Stub, Tokens};
use crate::read::cursor::{flatten, is_ident, is_punct, plain_name};
use crate::read::types::{Lifetimes, borrows, last_segment, mentions};
use crate::token::{Delimiter, Group, HAS_COMPILER, Ident, Literal, Named, Span, TokenStream, TokenTree};
use crate::write::{Listed, cfg_attributes, put, tokens};

/// Checks and expands a handler. With an error, the function stays and its row does not.
pub(crate) fn handler(handler: &Handler, around: &Surroundings) -> Tokens {
    let mut errors = Diagnostics::new();
    let checked = check::handler::check(handler, &around.params, &mut errors);
    let failed = !errors.is_empty();
    let errors = errors.into_tokens(&handler.cfgs);
    let (Some(checked), false) = (checked, failed) else {
        // A method stands in an `impl`, where no item of another name can stand.
        let stub = handler
            .signature
            .receiver
            .is_none()
            .then(|| Box::new(stub(handler, Some(handler.own_parameters()))));
        return broken(Broken { item: sized(&handler.function()), errors, stub }, &handler.cfgs, around);
    };
    let mut out = Tokens(Vec::with_capacity(256));
    if for_clippy() {
        lints(handler, &checked, &mut out);
    }
    out.value(&handler.attrs);
    out.value(&handler.visibility);
    unsuggested(handler, &mut out);
    out.value(&handler.doubled);
    items(handler, &checked, around, &mut out);
    out
}

/// The function, with an empty list of generics (`fn list<>(..)`) if a type in its signature has arguments and it has no list itself. For a
/// name in the arguments of a type that does not exist, rustc suggests to make it a type parameter of the function, which no
/// handler can have. For a list that reaches over the types it does not; and what it then says of the function is what it says of
/// the items beside it, so that it says it once.
fn unsuggested(handler: &Handler, out: &mut Tokens) {
    let signature = &handler.signature;
    let (before, after) = handler.item.0.split_at(signature.generics_at);
    let types = || signature.args.iter().map(|arg| &arg.ty).chain(&signature.output);
    let has_arguments = types().any(|ty| ty.0.iter().any(|token| is_punct(token, '<')));
    let is_generic = !(signature.generics.lifetimes.is_empty() && signature.generics.others.is_empty());
    // There rustc may want a lifetime, and puts it into the list.
    let borrows = signature.output.as_ref().is_some_and(|output| borrows(&output.0));
    out.0.extend_from_slice(before);
    if let (Some(first), Some(last)) = (types().next(), types().last())
        && has_arguments
        && !is_generic
        && !borrows
        && matches!(after.first(), Some(TokenTree::Group(_)))
    {
        out.marks("<", first.ends().0);
        out.marks(">", last.ends().1);
    }
    out.0.extend_from_slice(after);
}

/// A handler that stands in an `impl`, where its items can't stand.
pub(crate) fn in_impl(handler: &Handler, around: &Surroundings) -> Tokens {
    let mut errors = Diagnostics::new();
    let name = &handler.signature.name;
    errors.push(name.span(), Fault::InImpl { handler: name.ident.to_string() });
    let errors = errors.into_tokens(&handler.cfgs);
    broken(Broken { item: handler.function(), errors, stub: None }, &handler.cfgs, around)
}

/// A handler whose name another one has, in line `first`. Its function stands apart, so that rustc has no more to say of the name.
pub(crate) fn second(handler: &Handler, first: usize) -> Tokens {
    let mut errors = Diagnostics::new();
    let name = &handler.signature.name;
    errors.push(name.span(), Fault::SecondHandler { name: name.text.clone(), first });
    let (errors, function) = (errors.into_tokens(&[]), handler.function());
    tokens!(Span::call_site() =>
        #errors
        const _: () = {
            #[allow(dead_code)]
            #function
        };
    )
}

/// The function with references where it has a `str` by value, which has been reported: rustc would do so again at every place where
/// the function needs to know its size. And with `State<&'static T>` for `State<&T>`, of which rustc would say that it does not live long enough.
/// Where a `Header<"user-agent">` stands, the body is left out as well: what it does with the header cannot be right before that is a type.
fn sized(function: &Tokens) -> Tokens {
    let here = Span::call_site();
    let mut sized = Tokens::default();
    let is_unknown = resized(&function.0, &mut sized);
    match sized.0.last_mut() {
        Some(TokenTree::Group(body)) if is_unknown && body.delimiter() == Delimiter::Brace => {
            let span = body.span();
            *body = Group::new(Delimiter::Brace, tokens!(here => loop {}).into_stream());
            body.set_span(span);
            tokens!(here => #[allow(unused_variables)] #sized)
        }
        _ => sized,
    }
}

/// Whether the type of an argument is not known.
fn resized(all: &[TokenTree], out: &mut Tokens) -> bool {
    let here = Span::call_site();
    let mut is_unknown = false;
    for (index, token) in all.iter().enumerate() {
        let after = |mark| index > 0 && is_punct(&all[index - 1], mark);
        let ends = match all.get(index + 1) {
            None | Some(TokenTree::Group(_)) => true,
            Some(next) => is_punct(next, ',') || is_ident(next, "where"),
        };
        match token {
            TokenTree::Ident(word) if word.is("str") && ends && after(':') => {
                put!(out, here => &str);
            }
            TokenTree::Ident(word) if word.is("str") && ends && after('>') => {
                put!(out, here => &'static str);
            }
            TokenTree::Punct(_)
                if is_punct(token, '&') && after('<') && index > 1 && is_ident(&all[index - 2], "State") =>
            {
                put!(out, here => #token 'static);
            }
            // A text: `Header<5>` is a type of the user's own.
            TokenTree::Literal(text)
                if after('<')
                    && index > 1
                    && is_ident(&all[index - 2], "Header")
                    && text.to_string().starts_with('"') =>
            {
                put!(out, here => ());
                is_unknown = true;
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                let inside = out.open();
                is_unknown |= resized(&flatten(group.stream()), out);
                out.close(inside, Delimiter::Parenthesis, group.span());
            }
            other => out.value(other),
        }
    }
    is_unknown
}

/// Whether it is clippy that compiles. rustc alone would read the names of its lints at each check, and search all that it knows for
/// each of them.
fn for_clippy() -> bool {
    static FOR_CLIPPY: OnceLock<bool> = OnceLock::new();
    *FOR_CLIPPY.get_or_init(|| {
        let program = std::env::args_os().next().map(PathBuf::from);
        let is_clippy =
            program.is_some_and(|program| program.file_stem().is_some_and(|name| name == "clippy-driver"));
        is_clippy || !HAS_COMPILER
    })
}

/// The lints about what is no choice of the handler's: whether it awaits and is `const`, what it takes by value and what by
/// reference, how many arguments that makes.
fn lints(handler: &Handler, checked: &Checked, out: &mut Tokens) {
    let args = &handler.signature.args;
    let mut lints = vec!["needless_pass_by_value", "unused_async"];
    let states = checked.sources.iter().filter_map(|source| match source {
        Source::State { of } => Some(of),
        _ => None,
    });
    for of in states {
        lints.push(match last_segment(&of.0).map(ToString::to_string).as_deref() {
            Some("String" | "Vec" | "PathBuf" | "OsString" | "CString") => "ptr_arg",
            Some("Box") => "borrowed_box",
            Some("Option") => "ref_option",
            Some("HashMap" | "HashSet") => "implicit_hasher",
            _ => "trivially_copy_pass_by_ref",
        });
        lints.push("trivially_copy_pass_by_ref");
    }
    if args.len() > 7 {
        lints.push("too_many_arguments");
    }
    if args.iter().filter(|arg| mentions(&arg.ty.0, "bool")).count() > 3 {
        lints.push("fn_params_excessive_bools");
    }
    if handler.signature.asyncness.is_none() {
        lints.extend(["missing_const_for_fn", "must_use_candidate"]);
    }
    lints.sort_unstable();
    lints.dedup();
    let here = Span::call_site();
    let lints = Listed(lints.into_iter().map(|lint| {
        let lint = Ident::new(lint, here);
        tokens!(here => clippy::#lint)
    }));
    put!(out, here => #[allow(#lints)]);
}

/// What is left of a handler with an error: the errors, the function, and the name that others may mention.
pub(crate) fn broken(broken: Broken, cfgs: &[TokenStream], around: &Surroundings) -> Tokens {
    let here = Span::call_site();
    let Broken { item, errors, stub } = broken;
    let cfg = cfg_attributes(cfgs);
    let stub = stub.map(|mut stub| {
        let present = handler_stub(&stub, cfg.as_ref(), around);
        stub.link = None;
        let absent = cfg_absent(cfgs).map(|cfg| handler_stub(&stub, Some(&cfg), around));
        tokens!(here => #present #absent)
    });
    // A function that nothing calls, for want of its route, is no news. `expect` would be: it may be called.
    tokens!(here => #errors #[allow(dead_code)] #item #stub)
}

fn stub(handler: &Handler, link: Option<usize>) -> Stub {
    Stub { name: handler.type_name().clone(), visibility: handler.visibility.clone(), link }
}

fn items(handler: &Handler, checked: &Checked, around: &Surroundings, out: &mut Tokens) {
    let here = Span::call_site();
    let attributes = attributes(handler);
    let name = handler.type_name();
    // At the handler's name, where rustc shows that it is private, and what a link needs.
    let (at, at_name) = (name.span(), handler.signature.name.span());
    let (private, visibility) = (around.private(), &handler.visibility);
    put!(out, here => #private::__handler!);
    let list = out.open();
    put!(out, here => #name);
    out.word("path", at_name);
    let more = more(handler, checked, around);
    facts(handler, checked, around, out);
    if attributes.is_some() {
        put!(out, here => beside [#attributes]);
    }
    if more.is_some() {
        put!(out, here => more [#more]);
    }
    describe(handler, checked, out);
    put!(out, here => shim);
    shim::shim(handler, checked, around, out);
    put!(out, here => link);
    link::link(handler, checked, around, out);
    put!(out, here => item);
    if for_clippy() && visibility.0.len() > 1 {
        put!(out, here => #[allow(clippy::redundant_pub_crate)]);
    }
    out.value(visibility);
    put!(out, at => struct #name {});
    out.close(list, Delimiter::Brace, here);
    proof::needs(handler, checked, attributes.as_ref(), around, out);
    for param in &handler.arguments.params {
        inherited(param, name, attributes.as_ref(), around, out);
    }
    let absent = cfg_absent(&handler.cfgs).map(|cfg| handler_stub(&stub(handler, None), Some(&cfg), around));
    out.value(&absent);
}

/// What all that stands beside a handler has of its attributes: when it is there, and what lints the user allows, who may name in it
/// what is deprecated.
fn attributes(handler: &Handler) -> Option<Tokens> {
    let mut attributes = cfg_attributes(&handler.cfgs).unwrap_or_default();
    for lints in handler.attrs.iter().filter(|attr| attr.is_one_of(&["allow", "expect"])).map(Attr::arguments)
    {
        put!(attributes, Span::call_site() => #[allow(#lints)]);
    }
    (!attributes.0.is_empty()).then_some(attributes)
}

/// Writes what of the row no error can be about.
fn facts(handler: &Handler, checked: &Checked, around: &Surroundings, out: &mut Tokens) {
    let here = Span::call_site();
    let pattern = handler.arguments.pattern.as_ref().map_or("", |pattern| pattern.text.as_str());
    let methods = if checked.any { "ANY".to_owned() } else { checked.methods.join(", ") };
    let doc =
        format!("The route `{methods} {pattern}`, for `routes![...]` and for links: [`path`](Self::path).");
    put!(out, here => doc #doc);
    if around.in_blueprint {
        put!(out, here => blueprint CELLO_MOUNTED);
    } else {
        let unused = may_be_unused();
        put!(out, here => use names #unused);
    }
    let code = Literal::byte_string(&checked.code);
    let set = Literal::u32_unsuffixed(method_set(checked));
    let (file, line, column) = position(handler.signature.name.span());
    let (name, docs) = (&handler.signature.name.text, &handler.docs);
    let told = format!("{file}\0{line}\0{column}\0{name}\0{docs}");
    put!(out, here => code #code methods #set told #told pattern);
    out.text(pattern);
    // What the link takes may be called so. A lint's name costs each check, so only such a link has it.
    let mut names = checked.link.iter().map(|param| param.name.text.as_str());
    if names.any(|name| name.contains(char::is_uppercase) || name.contains("__")) {
        put!(out, here => odd non_snake_case);
    }
    if extractors(handler, checked).next().is_some() {
        put!(out, here => row of_cello_extracting_handler CelloExtractsAndCalls);
    } else {
        put!(out, here => row of_cello_handler CelloCalls);
    }
}

/// Checks where the blueprint's chain is known, in const evaluation, that a name in `params(...)` stands in it.
fn inherited(
    param: &Ident,
    name: &Ident,
    attributes: Option<&Tokens>,
    around: &Surroundings,
    out: &mut Tokens,
) {
    let at = param.span();
    let private = placed(around.private(), at);
    let param = plain_name(param);
    put!(out, at =>
        #attributes
        const _: usize = {
            #private::inherited_from_end(#name::CELLO_BLUEPRINT, 0, #param)
        };
    );
}

/// What few handlers have.
fn more(handler: &Handler, checked: &Checked, around: &Surroundings) -> Option<Tokens> {
    let here = Span::call_site();
    let private = around.private();
    let arguments = &handler.arguments;
    let mut more = Tokens::default();
    let (standard, extension) = methods(checked);
    if standard.len() > 1 || !extension.is_empty() {
        let methods = Listed(standard.iter().chain(&extension).copied());
        put!(more, here => methods: &[#methods],);
    }
    if !extension.is_empty() {
        let extension = Listed(&extension);
        put!(more, here => extension_methods: &[#extension],);
    }
    if !arguments.params.is_empty() {
        let names = Listed(arguments.params.iter().map(plain_name));
        put!(more, here => inherited: &[#names],);
    }
    if let Some(config) = config(arguments, &around.krate) {
        put!(more, here => config: #config,);
    }
    if !arguments.guards.is_empty() {
        let guards = guards(arguments, private);
        put!(more, here => guards: #guards,);
    }
    if !arguments.with.is_empty() {
        let with = with(arguments, private);
        put!(more, here => with: #with,);
    }
    if more.0.is_empty() {
        return None;
    }
    Some(tokens!(here => {
        static _MORE: #private::More = #private::More { #more ..#private::More::NONE };
        &_MORE
    }))
}

/// The standard methods that it takes, as a number.
fn method_set(checked: &Checked) -> u32 {
    let none = if checked.any { Methods::ANY } else { Methods::NONE };
    let standard = checked.methods.iter().filter_map(|name| Methods::standard(name));
    standard.fold(none, Methods::with).bits()
}

/// The standard methods, and the others.
fn methods(checked: &Checked) -> (Vec<&String>, Vec<&String>) {
    checked.methods.iter().partition(|method| crate::diagnostics::METHODS.contains(&method.as_str()))
}

/// The types of the extractors, in order.
fn extractors<'a>(handler: &'a Handler, checked: &'a Checked) -> impl Iterator<Item = &'a Tokens> {
    let arguments = handler.signature.args.iter().zip(&checked.sources);
    arguments.filter(|(_, source)| source.is_extractor()).map(|(arg, _)| &arg.ty)
}

/// What the extractors say of themselves, in order, and what the return type says, if it can be named. (A list of functions
/// would cost each check much more than one of them.)
fn describe(handler: &Handler, checked: &Checked, out: &mut Tokens) {
    let here = Span::call_site();
    let lifetimes = Lifetimes::inferred();
    match extractors(handler, checked).collect::<Vec<_>>().as_slice() {
        [] => {}
        [only] => {
            let ty = lifetimes.rewrite(only);
            put!(out, here => one [#ty]);
        }
        several => {
            out.word("several", here);
            let list = out.open();
            for ty in several {
                let ty = lifetimes.rewrite(ty);
                put!(out, here => [#ty]);
            }
            out.close(list, Delimiter::Bracket, here);
        }
    }
    match handler.signature.output.as_ref().filter(|output| !mentions(&output.0, "impl")) {
        Some(output) => {
            let ty = lifetimes.rewrite(output);
            put!(out, here => responds [#ty]);
        }
        None => {
            put!(out, here => silent nothing);
        }
    }
}

impl Place {
    /// The second argument of `param`.
    pub(crate) fn expression(
        self,
        handler: &Handler,
        own_count: usize,
        name: &str,
        around: &Surroundings,
        out: &mut Tokens,
    ) {
        match self {
            Self::FromEnd(from_end) => out.number(from_end),
            Self::Inherited => {
                let private = around.private();
                let handler = handler.type_name();
                put!(out, Span::call_site() => const {
                    #private::inherited_from_end(#handler::CELLO_BLUEPRINT, #own_count, #name)
                });
            }
        }
    }
}
