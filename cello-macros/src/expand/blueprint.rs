//! A blueprint: its module with everything in it, its record, and the promise about state that covers what it mounts.

use super::{
    Surroundings, cfg_absent, config, guards, handler, line, may_be_unused, members, placed, position, proof,
    routes::tuples, with,
};
use crate::check::pattern;
use crate::diagnostics::{Diagnostics, Fault};
use crate::model::{Arguments, Broken, Entry, Handler, Item, Module, PrefixParam, Tokens};
use crate::read::cursor::plain_name;
use crate::token::{Delimiter, Ident, Literal, Named, Span, TokenStream, TokenTree};
use crate::write::{Listed, cfg_attributes, put, tokens};

/// What `cello_routes` and the promise about state are made of.
struct Child {
    cfgs: Vec<TokenStream>,
    /// Where its `cello_routes` is: a module, or `<Type>`.
    owner: Tokens,
    at: Span,
    /// The type that makes the promise.
    proof: Tokens,
    /// `false` for what always exists, be it as a stub: its mount needs the `cfg`, its promise does not.
    cfg_on_proof: bool,
    is_blueprint: bool,
}

/// Expands a module with `#[blueprint]`.
pub(crate) fn module(module: Module, around: &Surroundings, lexical_parent: bool) -> Tokens {
    let krate = module.arguments.krate.as_ref().unwrap_or(&around.krate).clone();
    let mut errors = Diagnostics::new();
    let (params, code) = params(&module.arguments, &around.params, lexical_parent, &mut errors);
    let broken = module.broken || !errors.is_empty();
    let errors = errors.into_tokens(&module.cfgs);
    let inside = Surroundings::new(krate, params, true);

    let here = Span::call_site();
    let mut children = Vec::new();
    let mut content = Tokens::default();
    let mut names: Vec<Ident> = Vec::new();
    for item in module.items {
        match item {
            Item::Other(tokens) => content.value(&tokens),
            Item::Handler(found) => {
                if let Some(first) = named_before(&found, &names) {
                    content.value(&handler::second(&found, line(first)));
                    continue;
                }
                let name = found.type_name();
                if found.cfgs.is_empty() {
                    names.push(name.clone());
                }
                let handler = Tokens(vec![name.clone().into()]);
                children.push(Child {
                    cfgs: found.cfgs.clone(),
                    owner: owner(&handler, Span::call_site()),
                    at: name.span(),
                    proof: handler,
                    cfg_on_proof: false,
                    is_blueprint: false,
                });
                content.0.extend(handler::handler(&found, &inside).0);
            }
            Item::Module(found) => {
                let name = &found.name;
                let owner = Tokens(vec![name.clone().into()]);
                let proof = owner.clone().join(Ident::new("CelloBlueprint", Span::call_site()));
                children.push(Child {
                    cfgs: found.cfgs.clone(),
                    owner,
                    at: name.span(),
                    proof,
                    cfg_on_proof: false,
                    is_blueprint: true,
                });
                content.0.extend(self::module(*found, &inside, true).0);
            }
            Item::Broken(broken) => content.value(&handler::broken(broken, &[], &inside)),
        }
    }

    let parent = match &module.arguments.parent {
        Some(path) => Some(path.clone()),
        None => lexical_parent.then(|| tokens!(here => super)),
    };
    let record = Record {
        docs: &module.docs,
        arguments: &module.arguments,
        code,
        parent,
        children: if broken { Vec::new() } else { children },
        lexical_parent,
    };
    let own_errors = &module.errors;
    let (attrs, visibility, name) = (&module.attrs, &module.visibility, &module.name);
    let keyword = Ident::new("mod", module.keyword);
    let mut out = tokens!(here => #own_errors #errors #attrs #visibility #keyword #name);
    let body = out.open();
    out.0.extend(content.0);
    record.expand(&inside, &mut out);
    out.close(body, Delimiter::Brace, module.brace);
    if let Some(cfg) = cfg_absent(&module.cfgs) {
        stub_module(&cfg, visibility, name, inside.private(), &mut out);
    }
    out
}

/// The other handler of its name.
fn named_before<'a>(handler: &Handler, names: &'a [Ident]) -> Option<&'a Ident> {
    let called = handler.type_name().to_string();
    names.iter().find(|name| handler.cfgs.is_empty() && name.is(&called))
}

/// Expands what `blueprint!` stands for; `in_module` names the file's module.
pub(crate) fn in_file(mut arguments: Arguments, krate: Tokens, mut errors: Diagnostics) -> Tokens {
    let (params, code) = params(&arguments, &[], false, &mut errors);
    let broken = !errors.is_empty();
    let errors = errors.into_tokens(&[]);
    let around = Surroundings::new(krate, params, true);
    let private = around.private();
    let entries = std::mem::take(&mut arguments.entries);
    let mut children = Vec::new();
    let mut mounted = Tokens::default();
    // The macro's own name, not one at the entry: it is no mistake of the user's if it is never used.
    let mounted_by = Ident::new("CELLO_BLUEPRINT", Span::call_site());
    for Entry { cfgs, path } in entries {
        let cfg = cfg_attributes(&cfgs);
        let at = path.span();
        // At the entry, where rustc shows that the handler stands in another list too.
        put!(mounted, at => #cfg impl #path {
            pub(crate) const #mounted_by: CelloMounted = CELLO_MOUNTED;
        });
        if !around.params.is_empty() {
            let path = placed(&path, at);
            let (allowed, import) = (may_be_unused(), placed(private, Span::call_site()));
            put!(mounted, at => #cfg const _: () = {
                #allowed use #import::NoRoute as _;
                CELLO_BLUEPRINT.check_named(&<#path>::cello_routes())
            };);
        }
        children.push(Child {
            cfgs,
            owner: owner(&path, at),
            at,
            proof: path,
            cfg_on_proof: true,
            is_blueprint: false,
        });
    }
    let record = Record {
        docs: "",
        arguments: &arguments,
        code,
        parent: arguments.parent.clone(),
        children: if broken { Vec::new() } else { children },
        lexical_parent: false,
    };
    let mut out = errors;
    record.expand(&around, &mut out);
    out.0.extend(mounted.0);
    out
}

/// `<Handler>`
fn owner(handler: &Tokens, at: Span) -> Tokens {
    tokens!(at => <#handler>)
}

/// The parameters that everything in the blueprint has before its own, and its prefix as the bytes of numbers.
fn params(
    arguments: &Arguments,
    around: &[PrefixParam],
    lexical_parent: bool,
    errors: &mut Diagnostics,
) -> (Vec<PrefixParam>, Vec<u8>) {
    let mut params = around.to_vec();
    for param in &arguments.params {
        let name = plain_name(param);
        if params.iter().any(|known| known.name == name) {
            errors.push(param.span(), Fault::ParamsAlreadyVisible { name });
        } else if arguments.parent.is_none() && !lexical_parent {
            errors.push(param.span(), Fault::ParamsWithoutParent { name });
        } else {
            params.push(PrefixParam { name, span: param.span() });
        }
    }
    let Some(literal) = &arguments.pattern else { return (params, Vec::new()) };
    let names = pattern::prefix(literal, errors).unwrap_or_default();
    for name in names.path {
        if params.iter().any(|known| known.name == name.text) {
            let (text, at) = (literal.text.clone(), name.at);
            errors.push(literal.span, Fault::NameTwice { text, at, name: name.text, prefix: true });
        } else {
            params.push(PrefixParam { name: name.text, span: literal.span });
        }
    }
    (params, names.code)
}

struct Record<'a> {
    docs: &'a str,
    arguments: &'a Arguments,
    /// The prefix as the bytes of numbers; nothing for one that is malformed, which is reported elsewhere.
    code: Vec<u8>,
    /// The path of the parent's module.
    parent: Option<Tokens>,
    children: Vec<Child>,
    lexical_parent: bool,
}

impl Record<'_> {
    fn expand(&self, around: &Surroundings, out: &mut Tokens) {
        let here = Span::call_site();
        let private = around.private();
        let Self { docs, arguments, parent, children, .. } = self;
        let pattern = arguments.pattern.as_ref();
        let (file, line, column) = position(self.place());
        let prefix = pattern.map_or("", |pattern| pattern.text.as_str());
        let code = Literal::byte_string(&self.code);
        let (parent_record, outer) = match parent.as_ref().map(parent_type) {
            Some(parent) => (
                tokens!(here => ::core::option::Option::Some(<#parent>::RECORD)),
                tokens!(here => ::core::option::Option::Some(&<#parent>::RECORD.prefix)),
            ),
            None => {
                (tokens!(here => ::core::option::Option::None), tokens!(here => ::core::option::Option::None))
            }
        };
        let more = self.more(around);
        let told = format!("{file}\0{line}\0{column}\0{docs}");
        let mut items = Tokens::default();
        for Child { cfgs, owner, at, .. } in children {
            let (at, cfg) = (*at, cfg_attributes(cfgs));
            put!(items, at => #cfg #owner::cello_routes().item,);
        }
        // An array, not a slice: what a static holds, const evaluation of whoever refers to it need not check again.
        let count = count(children);
        // At the prefix, where rustc shows what asks for state.
        let item = tokens!(self.place() => struct CelloBlueprint {});
        let (allowed, import) = (may_be_unused(), placed(private, here));
        put!(out, here =>
            #allowed
            use #import::names::*;
            #[doc(hidden)]
            #[derive(Debug)]
            pub #item
            impl CelloBlueprint {
                /// What children name, by the same path as the type: one error for a parent that is no blueprint.
                #[doc(hidden)]
                #[allow(dead_code)]
                pub const RECORD: &'static #private::Blueprint = &CELLO_BLUEPRINT;
            }
            #[doc(hidden)]
            pub static CELLO_BLUEPRINT: #private::Blueprint = #private::Blueprint {
                module: ::core::module_path!(),
                prefix: #private::routing::Prefix { text: #prefix, outer: #outer },
                code: #code,
                parent: #parent_record,
                told: #told,
                more: #more,
            };
            #[doc(hidden)]
            #[allow(dead_code)]
            const CELLO_MOUNTED: #private::Mounted = &CELLO_BLUEPRINT;
            #[doc(hidden)]
            pub const fn cello_routes() -> #private::Node<CelloBlueprint> {
                #allowed
                use #import::NoRoute as _;
                static _ITEMS: [#private::Item; #count] = [#items];
                static _MOUNTS: #private::Mounts<#count> = #private::mounts(&_ITEMS);
                #private::Node::blueprint(&CELLO_BLUEPRINT, &_MOUNTS)
            }
        );
        self.proofs(private, out);
        self.scope(around, out);
        self.inherited(out);
    }

    /// What few blueprints have.
    fn more(&self, around: &Surroundings) -> Tokens {
        let here = Span::call_site();
        let private = around.private();
        let Arguments { guards: own, with: members, .. } = self.arguments;
        let config = config(self.arguments, &around.krate);
        if config.is_none() && own.is_empty() && members.is_empty() {
            return tokens!(here => ::core::option::Option::None);
        }
        let (guards, with) = (guards(self.arguments, private), with(self.arguments, private));
        let config = config.unwrap_or_else(|| {
            let krate = &around.krate;
            tokens!(here => #krate::RouteConfig::new())
        });
        tokens!(here => ::core::option::Option::Some({
            static _MORE: #private::MoreOfBlueprint =
                #private::MoreOfBlueprint { config: #config, guards: #guards, with: #with };
            &_MORE
        }))
    }

    /// Where it stands, for messages.
    fn place(&self) -> Span {
        self.arguments.pattern.as_ref().map_or_else(Span::call_site, |pattern| pattern.span)
    }

    /// State is there for everything that is mounted.
    fn proofs(&self, private: &Tokens, out: &mut Tokens) {
        let here = Span::call_site();
        // One alias for all: what is no handler is named the same way everywhere, so that rustc reports it once.
        let plain = self.children.iter().filter(|child| !child.cfg_on_proof || child.cfgs.is_empty());
        let (nested, handlers): (Vec<&Child>, Vec<&Child>) =
            plain.partition(|child| child.is_blueprint && self.has_scope());
        let all_of = |children: Vec<&Child>| {
            tuples(&children.into_iter().map(|child| child.proof.clone()).collect::<Vec<_>>())
        };
        let nested = (!nested.is_empty()).then(|| all_of(nested));
        let plain = all_of(handlers);
        let at = self.place();
        let placed = placed(private, at);
        let needs = tokens!(at => impl<CelloS> #placed::Needs<CelloS> for CelloBlueprint);
        // Nested blueprints go through the scopes of their parents themselves, since each may be mounted by itself.
        let nested = nested.map(|nested| tokens!(here => #nested: #private::Needs<CelloS>,));
        let inside = match self.has_scope() {
            true => tokens!(here => <CelloBlueprint as #private::ScopeNeeds<CelloS>>::Inside),
            false => tokens!(here => CelloS),
        };
        // `cfg` cannot stand in a `where` clause: what has one is asked for through a type of its own.
        let (mut parts, mut of_parts) = (Tokens::default(), Tokens::default());
        let conditional = self.children.iter().filter(|child| child.cfg_on_proof && !child.cfgs.is_empty());
        for (index, Child { cfgs, proof, .. }) in conditional.enumerate() {
            let holder = Ident::new(&format!("CelloPart{index}"), here);
            let (present, absent) = (cfg_attributes(cfgs), cfg_absent(cfgs));
            put!(of_parts, here => #holder: #private::Needs<#inside>,);
            put!(parts, here =>
                #[doc(hidden)]
                #[derive(Debug)]
                pub struct #holder {}
                #present
                impl<CelloS> #private::Needs<CelloS> for #holder where #proof: #private::Needs<CelloS> {}
                #absent
                impl<CelloS> #private::Needs<CelloS> for #holder {}
            );
        }
        put!(out, here =>
            #[doc(hidden)]
            type CelloChildren = #plain;
            #needs
            where
                CelloBlueprint: #private::ScopeNeeds<CelloS>,
                CelloChildren: #private::Needs<#inside>,
                #nested
                #of_parts
            {}
            #parts
        );
    }

    /// Whether middleware may stand between the application and its handlers.
    fn has_scope(&self) -> bool {
        self.parent.is_some() || self.arguments.with.iter().any(|member| member.typed().1.is_some())
    }

    /// State is there for the guards and the middleware of this blueprint and of its parents.
    fn scope(&self, around: &Surroundings, out: &mut Tokens) {
        let here = Span::call_site();
        let private = around.private();
        let blueprint = Ident::new("CelloBlueprint", Span::mixed_site());
        let parent = self.parent.as_ref().map(parent_type);
        let outside = parent.as_ref().map_or_else(
            || tokens!(here => CelloS),
            |parent| tokens!(here => <#parent as #private::ScopeNeeds<CelloS>>::Inside),
        );
        let parent = parent.map(|parent| tokens!(here => #parent: #private::ScopeNeeds<CelloS>,));
        let (members, mut bounds) = (members(self.arguments, private), Tokens::default());
        let mut inside = proof::inside(&outside, members.as_ref(), &blueprint, &mut bounds, around);
        let mut more = None;
        if let Some(members) = members {
            // A parameter, not the type itself: the types of members may be private, and an associated type may not name them.
            put!(bounds, here => #outside: #private::Enter<#members, Inside = CelloInside>,);
            (inside, more) = (tokens!(here => CelloInside), Some(tokens!(here => , CelloInside)));
        }
        let mut guards = Tokens::default();
        proof::guards(&self.arguments.guards, &blueprint, &inside, &mut guards);
        let at = self.place();
        let placed = placed(private, at);
        let generics =
            proof::generics(&self.arguments.guards.iter().collect::<Vec<_>>(), here, more.as_ref());
        put!(out, at =>
            impl #generics #placed::ScopeNeeds<CelloS> for CelloBlueprint where #guards #parent #bounds {
                type Inside = #inside;
            }
        );
    }

    /// Across files, the macro cannot see the parent's prefix: const evaluation compares.
    fn inherited(&self, out: &mut Tokens) {
        let Some(parent) = self.arguments.parent.as_ref().filter(|_| !self.lexical_parent) else { return };
        let names = Listed(self.arguments.params.iter().map(plain_name));
        let at = self.arguments.params.first().map_or_else(|| parent.span(), Ident::span);
        put!(out, at => const _: () = CELLO_BLUEPRINT.check_inherited(&[#names]););
    }
}

/// How many of the children there are, as an expression: `cfg` decides after the macro.
fn count(children: &[Child]) -> Tokens {
    let here = Span::call_site();
    if children.iter().all(|child| child.cfgs.is_empty()) {
        let count = children.len();
        return tokens!(here => #count);
    }
    let unit = |child: &Child| {
        let cfg = cfg_attributes(&child.cfgs);
        tokens!(here => #cfg ())
    };
    let units = Listed(children.iter().map(unit));
    tokens!(here => {
        const _ALL: &[()] = &[#units];
        _ALL.len()
    })
}

/// The type of a parent's blueprint, all of it at the end of the path that the user wrote.
fn parent_type(module: &Tokens) -> Tokens {
    let at = module.0.last().map_or_else(Span::call_site, TokenTree::span);
    tokens!(at => #module::CelloBlueprint)
}

/// A module with the names that its parent mentions and nothing in it, for where a `cfg` takes the real one away.
fn stub_module(cfg: &Tokens, visibility: &Tokens, name: &Ident, private: &Tokens, out: &mut Tokens) {
    put!(out, Span::call_site() =>
        #cfg
        #[doc(hidden)]
        #visibility mod #name {
            #[derive(Debug)]
            pub struct CelloBlueprint {}
            #[allow(dead_code)]
            impl CelloBlueprint {
                pub const RECORD: &'static #private::Blueprint = #private::Blueprint::NOTHING;
            }
            #[allow(dead_code)]
            pub const fn cello_routes() -> #private::Node<CelloBlueprint> {
                #private::Node::nothing()
            }
            impl<CelloS> #private::Needs<CelloS> for CelloBlueprint {}
            impl<CelloS> #private::ScopeNeeds<CelloS> for CelloBlueprint {
                type Inside = CelloS;
            }
        }
    );
}

/// What is left of a blueprint that could not be read.
pub(crate) fn broken(broken: Broken) -> Tokens {
    let mut out = broken.errors;
    out.0.extend(broken.item.0);
    out
}
