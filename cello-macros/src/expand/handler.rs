//! A handler: the user's function, and beside it the same-named item with its row.

use cello_routing::Pattern;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{
    Surroundings, cfg_absent, cfg_attributes, config, guards, handler_stub, link, parts, placed, position,
    proof, shim, with,
};
use crate::check;
use crate::diagnostics::Diagnostics;
use crate::model::{Broken, Checked, Handler, Place, Source, Stub};
use crate::read::cursor::plain_name;
use crate::read::types::{Lifetimes, last_segment, mentions, written};

/// Checks and expands a handler. With an error, the function stays and its row does not.
pub(crate) fn handler(handler: &Handler, around: &Surroundings) -> TokenStream {
    let mut errors = Diagnostics::new();
    let checked = check::handler::check(handler, &around.params, &mut errors);
    let failed = !errors.is_empty();
    let errors = errors.into_tokens(&handler.cfgs);
    let function = handler.function();
    let (Some(checked), false) = (checked, failed) else {
        // A method stands in an `impl`, where no item of another name can stand.
        let stub = handler
            .signature
            .receiver
            .is_none()
            .then(|| Box::new(stub(handler, Some(handler.own_parameters()))));
        return broken(Broken { item: function, errors, stub }, &handler.cfgs, around);
    };
    let beside = items(handler, &checked, around);
    let lints = lints(handler, &checked);
    quote! {
        #lints
        #function
        #beside
    }
}

/// The lints about what is no choice of the handler's: whether it awaits and is `const`, what it takes by value and what by
/// reference, how many arguments that makes.
fn lints(handler: &Handler, checked: &Checked) -> TokenStream {
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
    let args = &handler.signature.args;
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
    let lints: Vec<Ident> = lints.into_iter().map(|lint| Ident::new(lint, Span::call_site())).collect();
    lints.chunks(2).map(|few| quote!(#[allow(#(clippy::#few),*)])).collect()
}

/// What is left of a handler with an error: the errors, the function, and the name that others may mention.
pub(crate) fn broken(broken: Broken, cfgs: &[TokenStream], around: &Surroundings) -> TokenStream {
    let Broken { item, errors, stub } = broken;
    let cfg = cfg_attributes(cfgs);
    let stub = stub.map(|mut stub| {
        let present = handler_stub(&stub, &cfg, around);
        stub.link = None;
        let absent = (!cfgs.is_empty()).then(|| handler_stub(&stub, &cfg_absent(cfgs), around));
        quote!(#present #absent)
    });
    // A function that nothing calls, for want of its route, is no news. `expect` would be: it may be called.
    quote!(#errors #[allow(dead_code)] #item #stub)
}

fn stub(handler: &Handler, link: Option<usize>) -> Stub {
    Stub { name: handler.type_name().clone(), visibility: handler.visibility.clone(), link }
}

fn items(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let private = around.private();
    let cfg = cfg_attributes(&handler.cfgs);
    let visibility = &handler.visibility;
    let name = handler.type_name();
    let doc = format!(
        "The route {}, for `routes![...]` and for links: [`path`](Self::path).",
        called(handler, checked)
    );
    let blueprint = around.in_blueprint.then(|| {
        quote! {
            #[doc(hidden)]
            #[allow(dead_code)]
            pub const BLUEPRINT: #private::Mounted = CELLO_MOUNTED;
        }
    });
    let row = row(handler, checked, around);
    let path = link::function(handler, checked, around);
    let needs = proof::needs(handler, checked, around);
    let inherited = handler.arguments.params.iter().map(|param| inherited(param, name, &cfg, around));
    // At the handler's name, where rustc shows that it is private.
    let item = quote_spanned!(name.span()=> struct #name {});
    let absent = (!handler.cfgs.is_empty())
        .then(|| handler_stub(&stub(handler, None), &cfg_absent(&handler.cfgs), around));
    quote! {
        #cfg
        #[doc = #doc]
        #[allow(non_camel_case_types, unreachable_pub, clippy::redundant_pub_crate)]
        #[allow(missing_debug_implementations, missing_copy_implementations)]
        #visibility #item
        #cfg
        impl #name {
            #[doc(hidden)]
            pub const fn cello_routes() -> #private::Node<Self> {
                // A leading underscore: what rustc says of a handler that nothing mounts, it says of its name alone.
                static _ROW: #private::Row = #row;
                #private::Node::handler(&_ROW)
            }
            #blueprint
            #path
        }
        #needs
        #(#inherited)*
        #absent
    }
}

/// Checks where the blueprint's chain is known, in const evaluation, that a name in `params(...)` stands in it.
fn inherited(param: &Ident, name: &Ident, cfg: &TokenStream, around: &Surroundings) -> TokenStream {
    let at = param.span();
    let private = placed(&around.private(), at);
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

/// The row. What few handlers have stands in it only if they have it.
fn row(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let private = around.private();
    let name = plain_name(&handler.signature.name);
    let position = position(handler.signature.name.span());
    let (standard, extension) = methods(checked);
    let pattern = handler.arguments.pattern.as_ref().map_or("", |pattern| pattern.text.as_str());
    let entry = entry(pattern, checked, &private);
    let names = match (standard.as_slice(), extension.as_slice()) {
        ([only], []) => {
            let only = Ident::new(only, Span::call_site());
            quote!(#private::one_method::#only)
        }
        _ => quote!(&[#(#standard,)* #(#extension),*]),
    };
    let blueprint = link::blueprint(handler.type_name(), around);
    let arguments = &handler.arguments;
    let docs = (!handler.docs.is_empty()).then(|| {
        let docs = &handler.docs;
        quote!(docs: #docs,)
    });
    let inherited = (!arguments.params.is_empty()).then(|| {
        let names = arguments.params.iter().map(plain_name);
        quote!(inherited: &[#(#names),*],)
    });
    let params = params(handler, checked, around);
    let params = (!params.is_empty()).then(|| quote!(params: &[#params],));
    let config = config(arguments, &around.krate).map(|config| quote!(config: #config,));
    let guards = (!arguments.guards.is_empty()).then(|| {
        let guards = guards(arguments, &private);
        quote!(guards: #guards,)
    });
    let with = (!arguments.with.is_empty()).then(|| {
        let with = with(arguments, &private);
        quote!(with: #with,)
    });
    let describe = describe(handler, checked, around);
    let shim = shim::shim(handler, checked, around);
    // `describe` stands next to `shim`: then rustc reports what is no extractor for both at once, and only once.
    quote! {
        #private::Row {
            entry: #entry,
            name: #name,
            module: ::core::module_path!(),
            path: ::core::concat!(::core::module_path!(), "::", #name),
            blueprint: #blueprint,
            #docs
            #position,
            methods: #names,
            pattern: #pattern,
            #inherited
            #params
            #config
            #guards
            #with
            describe: &[#describe],
            shim: #shim,
            ..#private::Row::NONE
        }
    }
}

/// What const evaluation reads of the row, in the form in which it costs least.
fn entry(pattern: &str, checked: &Checked, private: &TokenStream) -> TokenStream {
    let parts = parts(pattern, false, private);
    let query = Pattern::parse(pattern).into_iter().flat_map(|pattern| pattern.query());
    let query: Vec<&str> = query.map(|param| param.name()).collect();
    let (standard, extension) = methods(checked);
    let standard = standard.iter().map(|name| Ident::new(name, Span::call_site()));
    let any = checked.any.then(|| Ident::new("ANY", Span::call_site()));
    let sets = standard.chain(any).map(|name| quote!(#private::routing::Methods::#name));
    let sets = sets.reduce(|all, one| quote!(#all.with(#one)));
    let sets = sets.unwrap_or_else(|| quote!(#private::routing::Methods::NONE));
    if query.is_empty() && extension.is_empty() {
        return quote!(#private::Row::plain(&[#parts], #sets));
    }
    quote! {
        #private::routing::Entry {
            parts: &[#parts],
            query: &[#(#query),*],
            methods: #sets,
            extension_methods: &[#(#extension),*],
        }
    }
}

/// The standard methods, and the others.
fn methods(checked: &Checked) -> (Vec<&String>, Vec<&String>) {
    checked.methods.iter().partition(|method| crate::diagnostics::METHODS.contains(&method.as_str()))
}

fn params(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let krate = &around.krate;
    let private = around.private();
    let declared = &handler.signature.generics.lifetimes;
    let mut params = TokenStream::new();
    for (arg, source) in handler.signature.args.iter().zip(&checked.sources) {
        let ty = Lifetimes::inferred(declared).rewrite(&arg.ty);
        let at = arg.ty.span();
        let type_name = written(&arg.ty.0);
        match source {
            Source::Path { name, .. } => {
                let krate = placed(krate, at);
                let expected = quote_spanned!(at=> <#ty as #krate::FromPath>::EXPECTED);
                params.extend(quote!(#private::ParamMeta::path(#name, #type_name, #expected),));
            }
            Source::Query { key } => {
                let krate = placed(krate, at);
                let expected = quote_spanned!(at=> <#ty as #krate::FromQuery>::EXPECTED);
                params.extend(quote!(#private::ParamMeta::query(#key, #type_name, #expected),));
            }
            Source::QueryStruct => {
                let name = arg.name.as_ref().map(plain_name).unwrap_or_default();
                params.extend(quote!(#private::ParamMeta::query_struct(#name, #type_name),));
            }
            _ => {}
        }
    }
    params
}

/// The `describe` functions of the extractors, in order, and of the return type if it can be named.
fn describe(handler: &Handler, checked: &Checked, around: &Surroundings) -> TokenStream {
    let krate = &around.krate;
    let declared = &handler.signature.generics.lifetimes;
    let mut functions = TokenStream::new();
    for (arg, source) in handler.signature.args.iter().zip(&checked.sources) {
        if matches!(source, Source::Extractor) {
            let ty = Lifetimes::inferred(declared).rewrite(&arg.ty);
            let at = arg.ty.span();
            let krate = placed(krate, at);
            functions.extend(quote_spanned!(at=> <#ty as #krate::FromRequest>::describe,));
        }
    }
    if let Some(output) = &handler.signature.output
        && !mentions(&output.0, "impl")
    {
        let ty = Lifetimes::inferred(declared).rewrite(output);
        let at = output.span();
        let krate = placed(krate, at);
        functions.extend(quote_spanned!(at=> <#ty as #krate::IntoResponse>::describe,));
    }
    functions
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
