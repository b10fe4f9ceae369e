//! The wording: one sentence per fault, and the drawing of a pattern.

use super::{Fault, Untaken};

impl Fault {
    /// The whole text: the sentence, the drawing, the help.
    pub(crate) fn message(&self) -> String {
        if let Self::Pattern { message } = self {
            return message.clone();
        }
        let mut text = self.sentence();
        if let Some(drawing) = self.drawing() {
            text.push('\n');
            text.push_str(&drawing);
        }
        text.push_str("\nhelp: ");
        text.push_str(&self.help());
        text
    }

    /// The pattern, and a caret line under the fault. (Stable Rust cannot underline a part of a string literal.)
    fn drawing(&self) -> Option<String> {
        let (text, at, len) = match self {
            Self::Untaken(Untaken { text, at, len, .. }) => (text, *at, *len),
            Self::NameTwice { text, at, name, .. } => (text, *at, name.len()),
            _ => return None,
        };
        let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let before = text.get(..at).unwrap_or(text).chars().count();
        let under = text.get(at..(at + len).min(text.len())).map_or(1, |part| part.chars().count().max(1));
        Some(format!("    {shown}\n    {}{}", " ".repeat(before), "^".repeat(under)))
    }

    fn sentence(&self) -> String {
        match self {
            Self::UnknownArgument { on, given, .. } => format!("{on} has no argument `{given}`"),
            Self::MethodsOnVerb { on } => {
                format!("{on} already names its method, so it takes no `methods(...)`")
            }
            Self::DuplicateArgument { on, name } => format!("`{name}` is given twice in {on}"),
            Self::ArgumentShape { name, .. } => format!("`{name}` is not written like this"),
            Self::UnknownLayer { name } => {
                format!("`{name}` is not imported, and a layer of tower is no middleware by itself")
            }
            Self::MiddlewareType { name, .. } => {
                format!("`{name}` is the type of a middleware, not a middleware")
            }
            Self::StrayTokens { on } => format!("{on} can't read this argument"),
            Self::MissingPattern { on } => format!("{on} needs a path pattern"),
            Self::PatternNotText { on, given } => {
                format!("the first argument of {on} is its path pattern, a string literal, not `{given}`")
            }
            Self::MissingComma { on } => format!("after the path pattern {on} expects a comma"),
            Self::MissingMethods => "`#[route]` needs the methods that it answers".into(),
            Self::MethodsAlone { methods, .. } => {
                format!(
                    "`{}` stands by itself: `#[route]` has a list of methods behind its pattern",
                    methods.join("`, `")
                )
            }
            Self::ConnectMethod => "no handler is asked for `CONNECT`".into(),
            Self::UnknownMethod { given } => format!("`{given}` is no HTTP method"),
            Self::DuplicateMethod { given } => format!("the method `{given}` is listed twice"),
            Self::MissingEntries { .. } => "`blueprint!` needs the list of its handlers".into(),
            Self::NotAPath { given } => {
                format!("expected the path of a handler or blueprint, found `{given}`")
            }
            Self::ModuleInList { name } => format!("`{name}` is a module, but `blueprint!` lists handlers"),
            Self::DuplicateEntry { path } => format!("`{path}` is listed twice"),

            Self::NotAFunction { on, found } => {
                format!("{on} stands on {found}, but only a function can be a handler")
            }
            Self::MainAttribute => "`main` needs no attribute: `run` starts the runtime that it needs".into(),
            Self::InImpl { handler } => {
                format!("the handler `{handler}` stands in an `impl`, but a route belongs to no type")
            }
            Self::SecondHandler { name, first } => {
                format!("this module has a handler `{name}` already, in line {first}")
            }
            Self::SecondBlueprint { first } => {
                format!("this module is a blueprint already, by the `blueprint!` in line {first}")
            }
            Self::NotAModule { found } => {
                format!("`#[blueprint]` stands on {found}, but a blueprint is a module")
            }
            Self::ModuleWithoutBody { name } => {
                format!("`#[blueprint]` can't look into another file, so it can't stand on `mod {name};`")
            }
            Self::TwoRoutes { first, second } => {
                format!("this handler has two route attributes, `#[{first}]` and `#[{second}]`")
            }
            Self::RouteAndBlueprint { on } => format!("{on} can't stand beside `#[blueprint]`"),
            Self::CfgAttrRoute { route } => {
                format!("`#[{route}]` inside `#[cfg_attr(...)]` is not seen by the blueprint around it")
            }

            Self::Pattern { message } => message.clone(),
            Self::NameTwice { name, prefix: true, .. } => {
                format!("the parameter `{name}` already stands in the prefix of the blueprint around this")
            }
            Self::NameTwice { name, prefix: false, .. } => {
                format!("the parameter `{name}` stands in this pattern twice")
            }
            Self::InheritedIsOwn { name } => {
                format!("`params({name})` names a parameter that already stands in this pattern")
            }
            Self::Untaken(Untaken { name, query: false, handler, .. }) => {
                format!("the path parameter `{name}` has no argument in `{handler}`")
            }
            Self::Untaken(Untaken { name, query: true, handler, .. }) => {
                format!("the query parameter `{name}` has no argument in `{handler}`")
            }
            Self::ParamsWithoutParent { name } => {
                format!("`params({name})` names an inherited parameter, but this blueprint has no `parent`")
            }
            Self::ParamsAlreadyVisible { name } => {
                format!(
                    "`{name}` needs no `params(...)`: it stands in the prefix of a blueprint around this one"
                )
            }

            Self::Receiver { handler } => {
                format!("the handler `{handler}` takes `self`, but nothing can call it with one")
            }
            Self::Generic { handler, names } => {
                format!(
                    "the handler `{handler}` is generic over {}, but a route needs one concrete function",
                    listed(names)
                )
            }
            Self::Unsafe { handler } => {
                format!("the handler `{handler}` is `unsafe`, but requests come from anyone")
            }
            Self::Extern { handler } => {
                format!("the handler `{handler}` is `extern`, but a handler is a Rust function")
            }
            Self::Const { handler } => {
                format!("the handler `{handler}` is `const`, but it runs once per request")
            }
            Self::Variadic { handler } => {
                format!("the handler `{handler}` takes a variable number of arguments")
            }
            Self::MutReference { ty, named: true } => {
                format!("`{ty}` borrows a parameter mutably, but a parameter can only be read")
            }
            Self::MutReference { ty, named: false } => {
                format!("`{ty}` asks for state that can be changed, but all requests share the state at once")
            }
            Self::StaticReference { ty } => {
                format!("`{ty}` lives forever, but state is borrowed for one request only")
            }
            Self::DynReference { ty } => {
                format!("`{ty}` can't be found in the state, which is looked up by concrete type")
            }
            Self::SliceReference { ty } => {
                format!("`{ty}` can't be found in the state, which is looked up by concrete type")
            }
            Self::StrReference { name: Some(name), .. } => {
                format!("`{name}` is a `&str`, but no parameter has that name")
            }
            Self::StrReference { name: None, .. } => {
                "this `&str` has no name, so it can't be a parameter".into()
            }
            Self::OptionalState { ty, inner } if inner.ends_with("str") => {
                format!("`{ty}` is no parameter: no name in the pattern is that of this argument")
            }
            Self::OptionalState { ty, .. } => {
                format!("`{ty}` asks for state that may be absent, but an application always has its state")
            }
            Self::BorrowedExtractor { ty } => {
                format!("`{ty}` asks for shared state, but this is made anew for each request")
            }
            Self::HeadBehindBody { .. } => {
                "the last of a tuple is the body; header fields stand before it".into()
            }
            Self::HeaderByText { ty, .. } => {
                format!(
                    "`{ty}` names a header field by its text, but a `Header` is told by a type which it is"
                )
            }
            Self::StateOfReference { ty, .. } => {
                format!("`{ty}` would be a handle of a reference, but a reference is shared state by itself")
            }
            Self::BorrowedState { ty, .. } => {
                format!("`{ty}` borrows a handle of state, but a reference is shared state by itself")
            }
            Self::Unshared { ty, field: true, .. } => {
                format!(
                    "`{ty}` can't be in the state: no two threads can share it, and all of them use the state"
                )
            }
            Self::Unshared { ty, field: false, .. } => {
                format!("`{ty}` asks for state that no two threads can share, but all of them use the state")
            }
            Self::SharedByValue { ty, .. } => {
                format!("`{ty}` can't be taken from a request, and shared state is borrowed")
            }
            Self::StatePattern { .. } => {
                "`State` can't be taken apart: shared state is borrowed, and a `State` is a handle of it"
                    .into()
            }
            Self::ForeignState { ty, .. } => {
                format!("Cello has no `{ty}`: a reference is shared state by itself")
            }
            Self::ForeignRequest { ty } => format!("Cello has no `{ty}`: a request is a `Request`"),
            Self::ForeignExtractor { ty, means, .. } => format!("Cello has no `{}`: {means}", name_of(ty)),
            Self::Injected { ty, .. } => {
                format!("Cello has no `{}`: the type of an argument says where it comes from", name_of(ty))
            }
            Self::ResponseArgument { ty } => {
                format!("`{ty}` is no argument: a handler is given no response, it returns one")
            }
            Self::RequestOnGet => {
                "a `Request` takes the body, but requests with `GET` or `HEAD` have none as a rule".into()
            }
            Self::TupleArgument { ty, .. } => {
                format!("`{ty}` is several arguments in one, but each stands by itself")
            }
            Self::Unsized { answer: false } => "an argument can't be a `str`, only a reference to one".into(),
            Self::Unsized { answer: true } => {
                "a handler can't answer with a `str`, only with text that it owns".into()
            }
            Self::ForeignResponse { ty } => {
                format!(
                    "Cello has no `{}`: what a handler can answer with is an `IntoResponse`",
                    ty.trim_start_matches("impl ")
                )
            }
            Self::NestedReference { ty } => format!("`{ty}` is a reference to a reference"),
            Self::BorrowedData { ty } => {
                format!("`{ty}` would borrow its text, but what is read from a request owns it")
            }
            Self::BorrowedAnswer { ty } => {
                format!(
                    "`{ty}` borrows from the request or the state, but the answer is sent after the handler is done"
                )
            }
            Self::PlainError { ty } => {
                format!("an error of type `{ty}` would be answered with the status 200, like a success")
            }
            Self::BytesAsVector => "`Vec<u8>` can't be taken from a request".into(),
            Self::ParametersAsOne { ty, .. } => {
                format!("`{ty}` takes no path parameters: each of them is an argument with its name")
            }
            Self::ImplArgument { ty } => {
                format!("`{ty}` makes the handler generic, but a route needs one concrete function")
            }
            Self::DestructuredParameter { name } => {
                format!("the parameter `{name}` must be taken by its name")
            }
            Self::QueryAttribute => "`#[query]` is not written like this".into(),
            Self::QueryKey { key } => format!("`{key}` can't be a query key"),
            Self::QueryTwice => "this argument has two `#[query]` attributes".into(),
            Self::QueryOnPath { name } => {
                format!("`{name}` is a parameter of the path, so it has no query key")
            }
            Self::CfgArgument => "an argument of a handler can't be configured away".into(),
            Self::ArgumentAttribute { name } => {
                format!(
                    "an argument has no attribute `#[{name}]`: its name and its type say where it comes from"
                )
            }
            Self::RequestBesideBorrow { borrowed } => {
                format!("a handler can't take the whole `Request` and borrow `{borrowed}` from it too")
            }
            Self::TooManyExtractors { count } => {
                format!("a handler takes at most 12 extractors, this one takes {count}")
            }
            Self::BlockingAsync { handler } => {
                format!("the handler `{handler}` is `async`, so it can't be `blocking` too")
            }
            Self::BlockingBorrow { name, ty } => {
                format!(
                    "`{name}: {ty}` borrows from the request, but a `blocking` handler runs on another thread"
                )
            }
            Self::BlockingPart { ty } => {
                format!("`{ty}` borrows from the request, but a `blocking` handler runs on another thread")
            }

            Self::StateNotStruct { found } => {
                format!("`AppState` can be derived for a struct, not for {found}")
            }
            Self::StateTwice { ty, first, second } => {
                format!(
                    "the fields `{first}` and `{second}` both have the type `{ty}`, so `&{ty}` could mean either"
                )
            }
            Self::StateOption { given, .. } => format!("`#[state]` has no argument `{given}`"),
            Self::StateFlattenTwice { first, second } => {
                format!(
                    "the fields `{first}` and `{second}` are both flattened whole, so their types could overlap"
                )
            }
            Self::StateBorrow { lifetime } => {
                format!("state can't borrow for `'{lifetime}`: it lives as long as the server")
            }

            Self::ErrorUnion => "`HttpError` can be derived for an enum or a struct, not for a union".into(),
            Self::StatusOfEnum => "each variant of an enum has a status of its own".into(),
            Self::StatusMissing { variant } => format!("`{variant}` has no status"),
            Self::StatusRange { given } => format!("`{given}` is no status of an error"),
            Self::StatusTwice { variant } => format!("`{variant}` has two statuses"),
            Self::AttributeShape { name, .. } => format!("`#[{name}]` is not written like this"),
            Self::DetailField { given, .. } => format!("`{{{given}}}` names no field"),
            Self::DetailText { what } => (*what).into(),
            Self::FromNotAlone { variant, fields } => {
                format!("`#[from]` needs to know the whole of `{variant}`, but it has {fields} fields")
            }
            Self::FromTwice { ty } => format!("two variants are made `#[from]` a `{ty}`"),
            Self::SourceTwice { variant } => format!("`{variant}` has two sources"),
            Self::HttpErrorOption { given } => format!("`#[http_error]` has no argument `{given}`"),
        }
    }
}

/// `Depends` of `Depends<Db>`.
fn name_of(ty: &str) -> &str {
    ty.split('<').next().unwrap_or(ty)
}

fn listed(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [front @ .., last] if !front.is_empty() => format!("{} and {last}", front.join(", ")),
        _ => quoted.concat(),
    }
}
