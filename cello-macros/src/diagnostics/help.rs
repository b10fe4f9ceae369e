//! The help lines: what to write instead.

use super::{Fault, Untaken, nearest};
use crate::read::arguments::PATTERN_NAMES;

impl Fault {
    pub(super) fn help(&self) -> String {
        match self {
            Self::UnknownArgument { on, given, .. } if PATTERN_NAMES.contains(&given.as_str()) => {
                format!("the pattern comes first and has no name: `{}`", with_pattern(on))
            }
            Self::UnknownArgument { given, known, .. } => match habit(given) {
                Some(instead) => instead.into(),
                None => suggestion(given, known, "it takes"),
            },
            Self::MethodsOnVerb { .. } => {
                "for several methods write `#[route(\"/path\", methods(GET, POST))]`".into()
            }
            Self::DuplicateArgument { .. } => "remove one of the two".into(),
            Self::ArgumentShape { expected, .. } => format!("write {expected}"),
            Self::UnknownLayer { name } => format!(
                "import it, turn on the feature `tower` of cello, and write `with(Tower::new({name}...))`, with `use cello::middleware::Tower;`"
            ),
            Self::MiddlewareType { made, .. } => format!("write `with({made})`"),
            Self::StrayTokens { .. } => {
                "the path pattern comes first, then arguments such as `with(...)`, separated by commas".into()
            }
            Self::MissingPattern { on } if on.contains("blueprint!") => format!("write `{}`", with_pattern(on)),
            Self::MissingPattern { on } => {
                format!("write `{}`, with `<name>` for a part that varies", with_pattern(on))
            }
            Self::PatternNotText { given, .. } if given.starts_with('[') => {
                "write one path; for another write a second function that calls this one".into()
            }
            Self::PatternNotText { .. } => "write it in quotes, such as `\"/users/<id>\"`".into(),
            Self::MissingComma { on } if on.contains("blueprint!") => {
                format!("put one between the prefix and the list: `{}`", with_pattern(on))
            }
            Self::MissingComma { .. } => "separate the arguments: `(\"/path\", blocking)`".into(),
            Self::MethodsAlone { methods, pattern } => {
                format!("write `#[route(\"{pattern}\", methods({}))]`", methods.join(", "))
            }
            Self::MissingMethods => "add them after the pattern, such as `methods(GET, POST)`".into(),
            Self::ConnectMethod => {
                "remove it: `CONNECT` makes a tunnel through a proxy, and the server refuses it with 501"
                    .into()
            }
            Self::UnknownMethod { given } => {
                let upper = given.to_uppercase();
                match nearest(&upper, METHODS.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the methods are {}", METHODS.join(", ")),
                }
            }
            Self::DuplicateMethod { .. } | Self::DuplicateEntry { .. } => "remove one of the two".into(),
            Self::MissingEntries { prefix, names } if !names.is_empty() => {
                format!("list them in brackets: `blueprint!(\"{prefix}\", [{}])`", names.join(", "))
            }
            Self::MissingEntries { .. } => {
                "list them in brackets: `blueprint!(\"/prefix\", [handler, other_handler])`".into()
            }
            Self::NotAPath { given } if given.contains('|') => {
                "give the function a name and an attribute such as `#[get(\"/path\")]`, and write the name".into()
            }
            Self::ModuleInList { name } => format!(
                "leave it out here; in `{name}` write `blueprint!(\"/prefix\", [...], parent = super)`, and name `{name}` in `routes![...]` too"
            ),
            Self::NotAPath { .. } => "write it like `users::list_users`".into(),

            Self::NotAFunction { .. } => "put it directly above a `fn`, or remove it".into(),
            Self::MainAttribute => "remove it, and write `fn main() -> cello::Result<()>`, without `async`".into(),
            Self::NotAModule { .. } => "put it directly above a `mod name { ... }`, or remove it".into(),
            Self::ModuleWithoutBody { name } => format!(
                "remove it here, and write `blueprint!(\"/prefix\", [handler, other_handler]);` in the file of `{name}`"
            ),
            Self::TwoRoutes { .. } => {
                "for several methods write `#[route(\"/path\", methods(GET, POST))]`; for another \
                                       path write a second function that calls this one"
                    .into()
            }
            Self::RouteAndBlueprint { .. } => {
                "a handler is a function and a blueprint is a module: remove one".into()
            }
            Self::CfgAttrRoute { route } => {
                format!(
                    "write `#[{route}(...)]` by itself and `#[cfg(...)]` above it; the route vanishes with its function"
                )
            }

            Self::Pattern { .. } => String::new(),
            Self::NameTwice { prefix: true, name, .. } => {
                format!(
                    "the handler can take `{name}` without naming it again; rename this one if it is another"
                )
            }
            Self::NameTwice { prefix: false, .. } => "give one of them another name".into(),
            Self::InheritedIsOwn { .. } => {
                "name only parameters of the blueprint's prefix in `params(...)`".into()
            }
            Self::Untaken(Untaken { name, rename: Some(argument), .. }) => {
                format!("did you mean the argument `{argument}`? Its name and `{name}` must be the same")
            }
            Self::Untaken(Untaken { name, query, .. }) => {
                let remove = if *query {
                    format!("remove `{name}`")
                } else {
                    format!("write a literal for `<{name}>`")
                };
                format!(
                    "add an argument such as `{name}: {}`, or {remove}",
                    if *query { "Option<String>" } else { "String" }
                )
            }
            Self::ParamsWithoutParent { .. } => {
                "add `parent = crate::path::of::the_blueprint`, or remove it".into()
            }
            Self::ParamsAlreadyVisible { name } => format!("remove `{name}` from `params(...)`"),

            Self::SecondHandler { .. } => "give one of the two another name".into(),
            Self::SecondBlueprint { .. } => {
                "list all handlers in one of them, or put those of another prefix into a module of their own".into()
            }
            Self::Receiver { .. } | Self::InImpl { .. } => {
                "make it a function outside any `impl`, and take what it needs as shared state, `&T`".into()
            }
            Self::Generic { .. } => {
                "write a concrete type instead; state behind a trait is taken as `&Arc<dyn Trait>`".into()
            }
            Self::Unsafe { .. } => {
                "remove `unsafe` here, and write an `unsafe` block in the body where it is needed".into()
            }
            Self::Extern { .. } => "remove `extern`".into(),
            Self::Const { .. } => "remove `const`".into(),
            Self::Variadic { .. } => "a repeated query parameter is taken as `Vec<T>`".into(),
            Self::MutReference { named: true, .. } => {
                "take it as `&str` or by value: `mut name: String`".into()
            }
            Self::MutReference { ty, named: false } => format!(
                "take `{}`, and keep what changes in it behind a `Mutex`, an `RwLock` or an atomic",
                ty.replacen("&mut ", "&", 1).replacen("& mut ", "&", 1)
            ),
            Self::StaticReference { .. } => "remove the lifetime: `&T` is shared state".into(),
            Self::DynReference { ty } => {
                let inner = ty.trim_start_matches('&').trim();
                format!("keep an `Arc<{inner}>` in the state and take `&Arc<{inner}>`")
            }
            Self::SliceReference { ty } => {
                let inner = ty.trim_start_matches(['&', '[', ' ']).trim_end_matches(']');
                format!(
                    "take `&Vec<{inner}>`, or a type of your own around it; a request's body is taken as `Bytes`"
                )
            }
            Self::StrReference { near: Some(near), .. } => format!("did you mean the parameter `{near}`?"),
            Self::StrReference { name: Some(name), pattern, .. } => {
                format!(
                    "name it in the pattern, such as `{}`; if it stands in the prefix of a file module's blueprint, add \
                     `params({name})`; or take the request's body as `String`",
                    with_query(pattern, name)
                )
            }
            Self::StrReference { name: None, .. } => "give it the name of a parameter in the pattern".into(),
            Self::OptionalState { inner, .. } if inner.ends_with("str") => {
                "name it in the pattern, such as `?<name>`".into()
            }
            Self::OptionalState { inner, .. } => format!("write `{inner}`"),
            Self::BorrowedExtractor { ty } => {
                format!("take it by value: `{}`", ty.replacen('&', "", 1).trim().trim_start_matches("mut "))
            }
            Self::HeadBehindBody { instead } => format!("write `{instead}`"),
            Self::HeaderByText { field, .. } => {
                let known = match field.as_str() {
                    "user-agent" => "`Header<UserAgent>`, with `cello::extract::UserAgent`",
                    "authorization" => "`Header<Authorization<Bearer>>`, with both from `cello::extract`",
                    _ => "`Header<T>` with a `T` of your own that implements `FromHeader`",
                };
                format!("write {known}, or take `&HeaderMap` and read its field `{field}`")
            }
            Self::BorrowedState { inner, .. } | Self::StateOfReference { inner, .. } => {
                format!("write `&{inner}`, or `State<{inner}>` for a handle that outlives the request")
            }
            Self::Unshared { ty, of, .. } => match of.as_str() {
                "Rc" => format!("write `{}`, in the state and where a handler takes it", ty.replacen("Rc<", "Arc<", 1)),
                "RefCell" => format!(
                    "write `{}` with `std::sync::Mutex`, or the same with `RwLock`, in the state and where a handler takes it",
                    ty.replacen("RefCell<", "Mutex<", 1)
                ),
                "Cell" => "write an atomic such as `AtomicU64`, or a `Mutex`, in the state and where a handler takes it".into(),
                of => format!(
                    "write `{}` with `std::sync::{1}`, in the state and where a handler takes it",
                    ty.replacen(&format!("{of}<"), &format!("{}<", of.replace("Cell", "Lock")), 1),
                    of.replace("Cell", "Lock")
                ),
            },
            Self::SharedByValue { ty, inner } if inner.starts_with("dyn ") => {
                format!("write `&{ty}` for a field of that type")
            }
            Self::SharedByValue { ty, inner } => format!(
                "write `&{ty}` for a field of that type, or `&{inner}` for one without the `Arc`, which most state needs not"
            ),
            Self::StatePattern { name, inner } => format!("write `{name}: &{inner}`"),
            Self::ForeignState { inner, of_request: true, .. } => format!(
                "take shared state as `&{inner}`; what a middleware provides takes an extractor with `type State = FromMiddleware<{inner}>`"
            ),
            Self::ForeignState { inner, of_request: false, .. } => {
                format!("write `&{inner}`, and give the application a state with a field of that type")
            }
            Self::ForeignRequest { .. } => {
                "take the whole of it as `Request`, or a part of it: `&HeaderMap`, `&Method`, `&Uri`".into()
            }
            Self::ForeignExtractor { instead, .. } => instead.clone(),
            Self::Injected { inner, .. } => format!(
                "write `&{inner}` for shared state; what is made of each request implements `cello::FromRequest`, and is taken as it is"
            ),
            Self::ResponseArgument { .. } => {
                "remove it, and return what is to be sent: a text, `Json(...)`, `(StatusCode, ...)` or a `Response`".into()
            }
            Self::RequestOnGet => {
                "take what is needed of it, `&HeaderMap`, `&Method` or `&Uri`; if the body is meant, write `body` in the attribute".into()
            }
            Self::TupleArgument { arguments, .. } => format!("write `{}`", arguments.join(", ")),
            Self::Unsized { answer: false } => "write `&str`, or `String`".into(),
            Self::Unsized { answer: true } => "write `String`, or `&'static str` if the text is known".into(),
            Self::ForeignResponse { .. } => "write `impl IntoResponse`, or the type itself".into(),
            Self::NestedReference { .. } => "take `&T` for shared state of type `T`".into(),
            Self::BorrowedData { .. } => "write `String` for `&str` in it, `Vec<T>` for `&[T]`".into(),
            Self::BorrowedAnswer { ty } if ty.contains("str") => "answer with a `String`, or with a `&'static str` if the text is known".into(),
            Self::BorrowedAnswer { .. } => "answer with `Bytes`, or with a `Vec<u8>`".into(),
            Self::PlainError { ty } if ty == "()" => {
                "write a `StatusCode`, a `Problem`, or an error of your own that derives `cello::HttpError`".into()
            }
            Self::PlainError { ty } => format!(
                "write `(StatusCode, {ty})`, a `Problem`, or an error of your own that derives `cello::HttpError`"
            ),
            Self::BytesAsVector => {
                "take the body as `Bytes`, or as `Body` if it comes in pieces; a list of numbers is `Json<Vec<u8>>`".into()
            }
            Self::ParametersAsOne { arguments, .. } => format!("write `{}` instead", arguments.join(", ")),
            Self::ImplArgument { .. } => {
                "write a concrete type; state behind a trait is taken as `&Arc<dyn Trait>`".into()
            }
            Self::DestructuredParameter { name } => {
                format!("write `{name}: Type`, and take it apart in the body")
            }
            Self::QueryAttribute => "write the key as `#[query(\"page-size\")]`".into(),
            Self::QueryKey { .. } => {
                "a key is not empty and has no `&`, `=`, `#` or control character".into()
            }
            Self::QueryTwice => "keep the one with the right key".into(),
            Self::QueryOnPath { .. } => "remove `#[query]`, or rename the argument".into(),
            Self::CfgArgument => "write two handlers, each with a `#[cfg]` of its own".into(),
            Self::ArgumentAttribute { name } => match name.as_str() {
                "path" | "param" => "remove it: an argument whose name stands in the pattern is a parameter",
                "header" => "remove it, and write `Header<T>` with a `T` that implements `FromHeader`, or take `&HeaderMap`",
                "cookie" => "remove it, take `&HeaderMap`, and read its field `cookie`",
                "state" | "extension" | "inject" => "remove it, and write `&T` for shared state of type `T`",
                _ => "remove it, and write `Json<T>` or `Form<T>` for data in the body, `String` or `Bytes` for what it is",
            }
            .into(),
            Self::RequestBesideBorrow { .. } => "take only the `Request`, and read the rest from it".into(),
            Self::TooManyExtractors { .. } => {
                "put some of them into a type of your own that implements `FromRequest`".into()
            }
            Self::BlockingAsync { .. } => {
                "remove `blocking`, or remove `async` if the function waits without `.await`".into()
            }
            Self::BlockingBorrow { name, .. } => format!("take it by value: `{name}: String`"),
            Self::BlockingPart { ty } => match ty.trim_start_matches('&').trim() {
                owned @ ("HeaderMap" | "Method" | "Uri") => format!("take it by value: `{owned}`"),
                _ => "take what you need from it with an extractor".into(),
            },

            Self::StateNotStruct { .. } => "put the pieces of state into a struct, a field for each".into(),
            Self::StateTwice { .. } => {
                "give one of them a type of its own, `struct Name(T);`, or mark it `#[state(skip)]`".into()
            }
            Self::StateOption { given, known } => suggestion(given, known, "it knows"),
            Self::StateFlattenTwice { .. } => {
                "say which types each of them gives: `#[state(flatten(Users, Products))]`".into()
            }
            Self::StateBorrow { .. } => "own the value, or share it as an `Arc`".into(),

            Self::ErrorUnion => "use an enum with a variant for each error".into(),
            Self::StatusOfEnum => "write it at each variant: `#[status(404)] NotFound`".into(),
            Self::StatusMissing { .. } => "add `#[status(404)]` or another number from 400 to 599".into(),
            Self::StatusRange { .. } => "an error's status is a number from 400 to 599".into(),
            Self::StatusTwice { .. } | Self::SourceTwice { .. } => "remove one of the two".into(),
            Self::AttributeShape { expected, .. } => format!("write `{expected}`"),
            Self::DetailField { given, known } if known.is_empty() => {
                format!("there are no fields; for a brace in the text write `{{{{{given}}}}}`")
            }
            Self::DetailField { given, known } => suggestion(given, known, "the fields are"),
            Self::DetailText { .. } => {
                "fields stand in braces, `{id}`; a brace in the text is written twice, `{{`".into()
            }
            Self::FromNotAlone { .. } => "keep one field, or write the `From` by hand".into(),
            Self::FromTwice { .. } => {
                "remove one `#[from]`, and build that variant where the error happens".into()
            }
            Self::HttpErrorOption { given } => suggestion(given, &["render"], "it knows"),
        }
    }
}

/// The macro of this name as it is written with its pattern.
fn with_pattern(on: &str) -> String {
    if on.contains("blueprint!") {
        return "blueprint!(\"/prefix\", [handler, other_handler])".to_owned();
    }
    let name = on.trim_matches(|c: char| !c.is_alphanumeric());
    format!("#[{name}(\"/path\")]")
}

/// What to write for an argument that the attributes of other frameworks have.
fn habit(argument: &str) -> Option<&'static str> {
    Some(match argument {
        "data" => {
            "leave it out: an argument such as `Json<T>`, `Form<T>` or `String` takes the body, whatever its name"
        }
        "format" => "leave it out: `Json<T>` and `Form<T>` refuse a body of another type",
        "rank" => "leave it out: of two patterns that match, the more specific one answers",
        "wrap" | "layer" | "middleware" => "write `with(...)`",
        "method" => {
            "write `#[get(...)]`, `#[post(...)]` and so on, or `#[route(\"/path\", methods(GET, POST))]`"
        }
        "status" | "status_code" => {
            "answer with the status: `(StatusCode::CREATED, ...)`, or `Created` with the address of what was made"
        }
        "response_model" | "response_class" | "response" => {
            "leave it out: the type that the handler returns says it"
        }
        "dependencies" => "write `guard(...)` for what turns requests away, `with(...)` for middleware",
        "summary" | "description" => "write a doc comment, `/// ...`",
        "strict_slashes" => "leave it out: `App::trailing_slash` says it for the application",
        "rate_limit" | "throttle" => "write `with(RateLimit::per_second(10))`",
        "concurrency" | "concurrency_limit" => "write `with(ConcurrencyLimit::new(256))`",
        "cors" => "write `with(Cors::default())`",
        "auth" | "roles" | "scopes" | "security" => {
            "write `guard(...)` with an extractor that turns away whoever may not, such as `guard(Admin)`"
        }
        "state" => "leave it out: an argument `&T` takes the shared state of type `T`",
        "limit" => "write `body_limit = 1024 * 1024`, in bytes",
        _ => return None,
    })
}

/// The methods that a route can answer.
pub(crate) const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

fn suggestion(given: &str, known: &[impl AsRef<str>], introduction: &str) -> String {
    let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    match nearest(given, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            let quoted: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
            format!("{introduction} {}", quoted.join(", "))
        }
    }
}

/// The pattern with one more query parameter.
fn with_query(pattern: &str, name: &str) -> String {
    let separator = if pattern.contains('?') { '&' } else { '?' };
    format!("{pattern}{separator}<{name}>")
}
