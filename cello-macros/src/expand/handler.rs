//! A handler: the user's function, and beside it the same-named item with its row.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use super::{
    Surroundings, cfg_absent, cfg_attributes, code, config, group, guards, handler_stub, link, mark, placed,
    position, proof, shim, with, word,
};
use crate::check;
use crate::diagnostics::{Diagnostics, Fault};
use crate::model::{Broken, Checked, Handler, Place, Source, Stub, Tokens};
use crate::read::cursor::{is_ident, is_punct, plain_name};
use crate::read::types::{Lifetimes, borrows, last_segment, mentions};

/// Checks and expands a handler. With an error, the function stays and its row does not.
pub(crate) fn handler(handler: &Handler, around: &Surroundings) -> TokenStream {
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
        return broken(Broken { item: sized(handler.function()), errors, stub }, &handler.cfgs, around);
    };
    let lints = lints(handler, &checked);
    let item = unsuggested(handler);
    let Handler { attrs, visibility, doubled, .. } = handler;
    let mut all = quote!(#(#lints)* #(#attrs)* #visibility #item #doubled);
    all.extend(items(handler, &checked, around));
    all
}

/// The function, with an empty list of generics (`fn list<>(..)`) if a type in its signature has arguments and it has no list itself. For a
/// name in the arguments of a type that does not exist, rustc suggests to make it a type parameter of the function, which no
/// handler can have. For a list that reaches over the types it does not; and what it then says of the function is what it says of
/// the items beside it, so that it says it once.
fn unsuggested(handler: &Handler) -> Tokens {
    let signature = &handler.signature;
    let mut item = handler.item.clone();
    let types = || signature.args.iter().map(|arg| &arg.ty).chain(&signature.output);
    let has_arguments = types().any(|ty| ty.0.iter().any(|token| is_punct(token, '<')));
    let is_generic = !(signature.generics.lifetimes.is_empty() && signature.generics.others.is_empty());
    // There rustc may want a lifetime, and puts it into the list.
    let borrows = signature.output.as_ref().is_some_and(|output| borrows(&output.0));
    let (Some(first), Some(last)) = (types().next(), types().last()) else { return item };
    if !has_arguments || is_generic || borrows {
        return item;
    }
    let list = [mark('<', first.ends().0), mark('>', last.ends().1)];
    let name = signature.name.to_string();
    let word = item.0.windows(2).position(|pair| is_ident(&pair[0], "fn") && is_ident(&pair[1], &name));
    if let Some(word) = word
        && item.0.get(word + 2).is_some_and(|token| matches!(token, TokenTree::Group(_)))
    {
        item.0.splice(word + 2..word + 2, list);
    }
    item
}

/// A handler that stands in an `impl`, where its items can't stand.
pub(crate) fn in_impl(handler: &Handler, around: &Surroundings) -> TokenStream {
    let mut errors = Diagnostics::new();
    let name = &handler.signature.name;
    errors.push(name.span(), Fault::InImpl { handler: name.to_string() });
    let errors = errors.into_tokens(&handler.cfgs);
    broken(Broken { item: handler.function(), errors, stub: None }, &handler.cfgs, around)
}

/// A handler whose name another one has, in line `first`. Its function stands apart, so that rustc has no more to say of the name.
pub(crate) fn second(handler: &Handler, first: usize) -> TokenStream {
    let mut errors = Diagnostics::new();
    let name = &handler.signature.name;
    errors.push(name.span(), Fault::SecondHandler { name: plain_name(name), first });
    let (errors, function) = (errors.into_tokens(&[]), handler.function());
    quote! {
        #errors
        const _: () = {
            #[allow(dead_code)]
            #function
        };
    }
}

/// The function with references where it has a `str` by value, which has been reported: rustc would do so again at every place where
/// the function needs to know its size.
fn sized(function: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = Vec::new();
    let all: Vec<TokenTree> = function.into_iter().collect();
    for (index, token) in all.iter().enumerate() {
        let after = |mark| index > 0 && is_punct(&all[index - 1], mark);
        let ends = match all.get(index + 1) {
            None | Some(TokenTree::Group(_)) => true,
            Some(next) => is_punct(next, ',') || is_ident(next, "where"),
        };
        match token {
            TokenTree::Ident(word) if word == "str" && ends && after(':') => tokens.extend(quote!(&str)),
            TokenTree::Ident(word) if word == "str" && ends && after('>') => {
                tokens.extend(quote!(&'static str));
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                let mut inside = Group::new(Delimiter::Parenthesis, sized(group.stream()));
                inside.set_span(group.span());
                tokens.push(TokenTree::Group(inside));
            }
            other => tokens.push(other.clone()),
        }
    }
    tokens.into_iter().collect()
}

/// The lints about what is no choice of the handler's: whether it awaits and is `const`, what it takes by value and what by
/// reference, how many arguments that makes. Only for clippy: rustc alone searches all that it knows for each such name.
fn lints(handler: &Handler, checked: &Checked) -> [TokenTree; 2] {
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
    let lints = lints.into_iter().map(|lint| word(lint, Span::call_site()));
    [
        mark('#', Span::call_site()),
        group(Delimiter::Bracket, quote!(cfg_attr(clippy, allow(#(clippy::#lints),*)))),
    ]
}

/// What is left of a handler with an error: the errors, the function, and the name that others may mention.
pub(crate) fn broken(broken: Broken, cfgs: &[TokenStream], around: &Surroundings) -> TokenStream {
    let Broken { item, errors, stub } = broken;
    let cfg = cfg_attributes(cfgs);
    let stub = stub.map(|mut stub| {
        let present = handler_stub(&stub, cfg.as_ref(), around);
        stub.link = None;
        let absent = cfg_absent(cfgs).map(|cfg| handler_stub(&stub, Some(&cfg), around));
        quote!(#present #absent)
    });
    // A function that nothing calls, for want of its route, is no news. `expect` would be: it may be called.
    quote!(#errors #[allow(dead_code)] #item #stub)
}

fn stub(handler: &Handler, link: Option<usize>) -> Stub {
    Stub { name: handler.type_name().clone(), visibility: handler.visibility.clone(), link }
}

fn items(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let (private, here) = (around.private(), Span::call_site());
    let cfg = cfg_attributes(&handler.cfgs);
    let visibility = &handler.visibility;
    let name = handler.type_name();
    let doc = format!(
        "The route {}, for `routes![...]` and for links: [`path`](Self::path).",
        called(handler, checked)
    );
    let blueprint = match around.in_blueprint {
        true => [mark('=', here), word("CELLO_MOUNTED", here)],
        false => [word("use", here), word("NoBlueprint", here)],
    };
    let path = plain_name(&handler.signature.name);
    let (file, line, column) = position(handler.signature.name.span());
    let pattern = handler.arguments.pattern.as_ref().map_or("", |pattern| pattern.text.as_str());
    let code = code(pattern, false);
    let methods = method_set(checked);
    let docs = &handler.docs;
    let more = group(Delimiter::Bracket, more(handler, checked, around));
    let (extracts, responds) = describe(handler, checked, around);
    let extracts = group(Delimiter::Bracket, extracts);
    let responds = group(Delimiter::Parenthesis, responds);
    let shim = group(Delimiter::Parenthesis, shim::shim(handler, checked, around));
    let link = link::link(handler, checked, around);
    // At the handler's name, where rustc shows what a link needs.
    let path_at_name = Ident::new("path", handler.signature.name.span());
    let needs = proof::needs(handler, checked, around);
    let inherited = handler.arguments.params.iter().map(|param| inherited(param, name, cfg.as_ref(), around));
    // At the handler's name, where rustc shows that it is private.
    let keyword = Ident::new("struct", name.span());
    let mut fields = group(Delimiter::Brace, TokenStream::new());
    fields.set_span(name.span());
    let absent = cfg_absent(&handler.cfgs).map(|cfg| handler_stub(&stub(handler, None), Some(&cfg), around));
    quote! {
        #private::__handler! {
            #name #path_at_name [#visibility #keyword #name #fields] [#cfg]
            doc #doc
            blueprint [#(#blueprint)*]
            code #code
            methods [#(#methods)*]
            path #path
            docs #docs
            at #file #line #column
            pattern #pattern
            more #more
            extracts #extracts
            responds #responds
            shim #shim
            link #(#link)*
        }
        #needs
        #(#inherited)*
        #absent
    }
}

/// Checks where the blueprint's chain is known, in const evaluation, that a name in `params(...)` stands in it.
fn inherited(param: &Ident, name: &Ident, cfg: Option<&TokenStream>, around: &Surroundings) -> TokenStream {
    let at = param.span();
    let private = placed(around.private(), at);
    let param = plain_name(param);
    quote_spanned! {at=>
        #cfg
        const _: usize = {
            #[allow(unused_imports)]
            use #private::NoBlueprint as _;
            #private::inherited_from_end(#name::BLUEPRINT, 0, #param)
        };
    }
}

/// `GET /users/<id>`, in backquotes.
fn called(handler: &Handler, checked: &Checked) -> String {
    let methods = if checked.any { "ANY".to_owned() } else { checked.methods.join(", ") };
    let pattern = handler.arguments.pattern.as_ref().map_or("", |pattern| pattern.text.as_str());
    format!("`{methods} {pattern}`")
}

/// What few handlers have.
fn more(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let private = around.private();
    let arguments = &handler.arguments;
    let mut more = TokenStream::new();
    let (standard, extension) = methods(checked);
    if standard.len() > 1 || !extension.is_empty() {
        more.extend(quote!(methods: &[#(#standard,)* #(#extension),*],));
    }
    if !extension.is_empty() {
        more.extend(quote!(extension_methods: &[#(#extension),*],));
    }
    if !arguments.params.is_empty() {
        let names = arguments.params.iter().map(plain_name);
        more.extend(quote!(inherited: &[#(#names),*],));
    }
    if let Some(config) = config(arguments, &around.krate) {
        more.extend(quote!(config: #config,));
    }
    if !arguments.guards.is_empty() {
        let guards = guards(arguments, private);
        more.extend(quote!(guards: #guards,));
    }
    if !arguments.with.is_empty() {
        let with = with(arguments, private);
        more.extend(quote!(with: #with,));
    }
    if more.is_empty() {
        return word("None", Span::call_site()).into();
    }
    quote!(Some({
        static _MORE: #private::More = #private::More { #more ..#private::More::NONE };
        &_MORE
    }))
}

/// The standard methods that it takes, by their names.
fn method_set(checked: &Checked) -> Vec<TokenTree> {
    let (standard, _) = methods(checked);
    let names = standard.iter().map(|name| name.as_str()).chain(checked.any.then_some("ANY"));
    let set: Vec<TokenTree> = names.map(|name| word(name, Span::call_site())).collect();
    if set.is_empty() { vec![word("NONE", Span::call_site())] } else { set }
}

/// The standard methods, and the others.
fn methods(checked: &Checked) -> (Vec<&String>, Vec<&String>) {
    checked.methods.iter().partition(|method| crate::diagnostics::METHODS.contains(&method.as_str()))
}

/// What the extractors say of themselves, in order, and what the return type says, if it can be named. (A list of functions
/// would cost each check much more than one of them.)
fn describe(handler: &Handler, checked: &Checked, around: &Surroundings) -> (TokenStream, TokenStream) {
    let krate = &around.krate;
    let private = around.private();
    let declared = &handler.signature.generics.lifetimes;
    let arguments = handler.signature.args.iter().zip(&checked.sources);
    let extractors = arguments.filter(|(_, source)| matches!(source, Source::Extractor)).map(|(arg, _)| {
        let ty = Lifetimes::inferred(declared).rewrite(&arg.ty);
        let at = arg.ty.span();
        let krate = placed(krate, at);
        quote_spanned!(at=> <#ty as #krate::FromRequest>::describe)
    });
    let extracts = match &*extractors.collect::<Vec<_>>() {
        [] => word("Nothing", Span::call_site()).into(),
        [only] => quote!(One { describe: #only }),
        several => quote!(Several { describe: &[#(#several),*] }),
    };
    let output = handler.signature.output.as_ref().filter(|output| !mentions(&output.0, "impl"));
    let responds = output.map_or_else(
        || quote!(#private::nothing),
        |output| {
            let ty = Lifetimes::inferred(declared).rewrite(output);
            let at = output.span();
            let krate = placed(krate, at);
            quote_spanned!(at=> <#ty as #krate::IntoResponse>::describe)
        },
    );
    (extracts, responds)
}

impl Place {
    /// The second argument of `param`.
    pub(crate) fn expression(
        self,
        handler: &Handler,
        own_count: usize,
        name: &str,
        around: &Surroundings,
    ) -> TokenStream {
        match self {
            Self::FromEnd(from_end) => {
                let from_end = Literal::usize_unsuffixed(from_end);
                quote!(#from_end)
            }
            Self::Inherited => {
                let private = around.private();
                let blueprint = link::blueprint(handler.type_name(), around);
                let own_count = Literal::usize_unsuffixed(own_count);
                quote!(const { #private::inherited_from_end(#blueprint, #own_count, #name) })
            }
        }
    }
}
