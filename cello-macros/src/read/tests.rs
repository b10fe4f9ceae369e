//! What the readers find, and what they leave alone.

use super::arguments::arguments;
use super::attributes::attributes;
use super::cursor::{Cursor, flatten};
use super::module::items;
use super::signature::function;
use super::types::{Lifetimes, borrows, written};
use crate::diagnostics::Diagnostics;
use crate::model::{Item, MacroKind, Signature, Tokens};
use crate::token::{Span, TokenStream, TokenTree};

fn tokens(text: &str) -> Vec<TokenTree> {
    flatten(text.parse().unwrap())
}

fn signature(text: &str) -> Option<Signature> {
    let tokens = tokens(text);
    let mut errors = Diagnostics::new();
    let read = function(&[], &mut Cursor::new(&tokens), &mut errors);
    assert!(errors.into_messages().is_empty());
    read.map(|read| {
        assert!(read.complete, "{text}");
        read.signature
    })
}

fn complaints(kind: MacroKind, text: &str) -> Vec<String> {
    let mut errors = Diagnostics::new();
    arguments(kind, "`#[get]`", Span::call_site(), text.parse().unwrap(), &mut errors);
    let firsts = errors.into_messages();
    firsts.iter().map(|message| message.lines().next().unwrap_or_default().to_owned()).collect()
}

/// What a module's items are: `H name`, `M name`, `B` for broken, the text of everything else.
fn kinds(text: &str) -> Vec<String> {
    items(text.parse().unwrap(), &["cello".to_owned()])
        .iter()
        .map(|item| match item {
            Item::Other(tokens) => tokens.0.iter().cloned().collect::<TokenStream>().to_string(),
            Item::Handler(handler) => format!("H {}", handler.signature.name.text),
            Item::Module(module) => format!("M {}", module.name),
            Item::Broken(_) => "B".to_owned(),
        })
        .collect()
}

#[test]
fn a_signature_is_read_up_to_its_body() {
    let read = signature(
        "async fn f<'a, T: Into<Vec<u8>>, const N: usize>(mut x: Foo<'a, A, B>, Json(y): Json<T>, _: [u8; 3]) \
         -> Result<Json<Foo<{ 3 }>>, E> where T: Copy { body }",
    )
    .unwrap();
    assert!(read.asyncness.is_some());
    assert_eq!(read.generics.lifetimes.len(), 1);
    assert_eq!(read.generics.others.iter().map(ToString::to_string).collect::<Vec<_>>(), ["T", "N"]);
    let names: Vec<_> = read.args.iter().map(|arg| arg.name.as_ref().map(|name| name.text.clone())).collect();
    assert_eq!(names, [Some("x".to_owned()), None, None]);
    let types: Vec<_> = read.args.iter().map(|arg| written(&arg.ty.0)).collect();
    assert_eq!(types, ["Foo<'a, A, B>", "Json<T>", "[u8; 3]"]);
    assert_eq!(written(&read.output.unwrap().0), "Result<Json<Foo<{ 3 }>>, E>");
}

#[test]
fn an_arrow_closes_no_angle_bracket() {
    let read = signature("fn f(a: Box<dyn Fn(u8) -> u8>, b: u8) -> impl Fn() -> u8 {}").unwrap();
    assert_eq!(read.args.len(), 2);
    assert_eq!(written(&read.output.unwrap().0), "impl Fn() -> u8");
}

#[test]
fn receivers_and_paths_in_types_are_told_from_arguments() {
    assert!(signature("fn f(&'a mut self, x: u8) {}").unwrap().receiver.is_some());
    let read = signature("fn f() -> &'static str where 'static: 'static {}").unwrap();
    assert_eq!(written(&read.output.unwrap().0), "&'static str");
    let read = signature("fn f(x: ::std::vec::Vec<u8>) {}").unwrap();
    assert_eq!(written(&read.args[0].ty.0), "::std::vec::Vec<u8>");
}

/// The function that is being typed, up to where the next item starts, and what follows it.
fn half_typed(text: &str) -> (String, String) {
    let tokens = tokens(text);
    let mut cursor = Cursor::new(&tokens);
    let mut errors = Diagnostics::new();
    let read = function(&[], &mut cursor, &mut errors).unwrap();
    assert!(errors.into_messages().is_empty());
    assert!(!read.complete, "{text}");
    (written(&read.item), written(cursor.rest()))
}

#[test]
fn a_function_that_is_being_typed_ends_before_the_next_item() {
    let next = "#[get(\"/b\")]pub async fn b(){ body }";
    for unfinished in [
        "fn a",
        "fn a<",
        "fn a<T",
        "fn a()",
        "fn a();",
        "fn a() ->",
        "fn a() -> Result<",
        "fn a() -> Result<String",
        "fn a(x: u8) where",
        "fn a(x: u8) where T:",
        "fn a(x: Option<u8) -> u8",
    ] {
        let (item, rest) = half_typed(&format!("{unfinished} {next}"));
        assert_eq!(rest, next, "after {unfinished}");
        assert_eq!(item, written(&tokens(unfinished)));
        let (item, rest) = half_typed(&format!("{unfinished} fn b() {{ body }}"));
        assert_eq!((item, rest.as_str()), (written(&tokens(unfinished)), "fn b(){ body }"));
    }
}

#[test]
fn a_type_of_any_shape_is_complete() {
    for ty in [
        "&'static str",
        "impl IntoResponse + use<>",
        "impl IntoResponse + use<'a, T> + 'a",
        "impl Fn(u8) -> u8 +",
        "for<'a> fn(&'a u8) -> &'a u8",
        "unsafe extern \"C\" fn(u8)",
        "Result<Json<Vec<u8>>, <T as Of<U>>::Error>",
        "[u8; { N < 3 } as usize]",
        "Foo<{ N > 3 }, 3>",
        "*const u8",
        "(A, B)",
        "[A]",
        "dyn Debug + Send",
        "!",
        "ty!(A)",
        "r#type::of",
    ] {
        signature(&format!("fn f(x: {ty}, y: u8) -> {ty} where T: Of<U>, [(); N]: Sized {{}}")).unwrap();
    }
}

#[test]
fn a_signature_with_a_hole_is_not_complete() {
    for signature in
        ["a(x)", "a(x: )", "a(x: &)", "a(x: std::)", "a(x: Vec<)", "a(x: Vec<u8)", "a() -> ", "a", "a<T"]
    {
        let (item, rest) = half_typed(&format!("fn {signature} {{ body }} struct S;"));
        assert!(item.ends_with("{ body }"), "{item}");
        assert_eq!(rest, "struct S; ");
    }
}

#[test]
fn our_attribute_leaves_the_argument_and_others_stay() {
    let tokens = tokens("fn f(#[allow(unused)] #[query(\"page-size\")] size: u8, b: u8) {}");
    let mut errors = Diagnostics::new();
    let read = function(&[], &mut Cursor::new(&tokens), &mut errors).unwrap();
    assert!(errors.into_messages().is_empty());
    assert_eq!(read.signature.args[0].query.as_ref().unwrap().text, "page-size");
    let item = read.item.into_iter().collect::<TokenStream>().to_string();
    assert_eq!(item, "fn f (# [allow (unused)] size : u8 , b : u8) { }");
}

#[test]
fn a_run_of_attributes_with_one_of_ours_starts_a_handler() {
    let found = kinds(
        "use a::b; #[derive(Debug)] struct S; #[doc = \"d\"] #[cello::get(\"/\")] #[inline] pub(crate) async fn a() {} \
         static X: u8 = 3; #[other::get] fn b() {} #[blueprint(\"/x\")] mod m { #[post(\"/\")] fn c() {} } fn d() {}",
    );
    assert_eq!(found.len(), 5);
    assert_eq!((found[1].as_str(), found[3].as_str()), ("H a", "M m"));
    assert!(found[2].contains("other :: get"));
}

#[test]
fn a_half_typed_body_harms_nobody() {
    let found = kinds(
        "#[get(\"/a\")] fn a() { let x = ; foo. if } #[get(\"/b\")] fn b(id: ) { } #[get(\"/c\")] fn c() {}",
    );
    assert_eq!(found, ["H a", "B", "H c"]);
}

#[test]
fn a_half_typed_function_passes_through_and_those_after_it_stay() {
    let found = kinds("#[get(\"/a\")] fn a( #[get(\"/b\")] fn b() {}".replace("fn a( ", "fn a ").as_str());
    assert_eq!(found.last().map(String::as_str), Some("H b"));
}

#[test]
fn an_import_for_our_attributes_brings_no_warning() {
    let found =
        kinds("use super::*; pub use x::*; use std::fmt; use cello::{get, post}; #[get(\"/\")] fn a() {}");
    assert_eq!(found[0].matches("unused_imports").count(), 2, "{}", found[0]);
}

#[test]
fn a_route_inside_cfg_attr_is_refused() {
    assert_eq!(kinds("#[cfg_attr(x, get(\"/\"))] fn a() {}")[0], "B");
    assert_eq!(kinds("#[cfg_attr(x, inline)] fn a() {}").len(), 1);
}

#[test]
fn every_wrong_argument_is_reported() {
    let found = complaints(MacroKind::Verb, "\"/\", blockng, body, body, timeout(3), methods(GET), 3 + 4");
    assert_eq!(
        found,
        [
            "`#[get]` has no argument `blockng`",
            "`body` is given twice in `#[get]`",
            "`timeout` is not written like this",
            "`#[get]` already names its method, so it takes no `methods(...)`",
            "`#[get]` can't read this argument",
        ]
    );
}

#[test]
fn the_pattern_comes_first() {
    assert_eq!(complaints(MacroKind::Verb, ""), ["`#[get]` needs a path pattern"]);
    assert_eq!(complaints(MacroKind::Verb, "body"), ["`#[get]` needs a path pattern"]);
    let constant = "the first argument of `#[get]` is its path pattern, a string literal, not `PATH`";
    assert_eq!(complaints(MacroKind::Verb, "PATH"), [constant]);
    assert_eq!(
        complaints(MacroKind::Verb, "\"/\" body"),
        ["after the path pattern `#[get]` expects a comma"]
    );
    assert_eq!(complaints(MacroKind::Verb, "r\"/\", body"), [""; 0]);
}

/// As Rocket and actix-web have them.
#[test]
fn methods_without_their_list_are_one_mistake() {
    let route = |text: &str| complaints(MacroKind::Route, text);
    let alone = |methods: &str| {
        [format!("{methods} stands by itself: `#[route]` has a list of methods behind its pattern")]
    };
    for text in ["GET, \"/\"", "\"/\", GET", "GET, uri = \"/\"", "GET, \"/\", POST"] {
        assert_eq!(route(text), alone("`GET`"), "{text}");
    }
    assert_eq!(route("GET, POST, \"/\", blocking"), alone("`GET`, `POST`"));
    assert_eq!(route("\"/\", GET, methods(GET)"), alone("`GET`"));
    let unknown = ["`#[get]` has no argument `method`"];
    assert_eq!(route("\"/\", method = \"GET\", method = \"POST\""), unknown);
    assert_eq!(route("\"/\""), ["`#[route]` needs the methods that it answers"]);
    // Elsewhere such a word is a constant.
    let constant = "the first argument of `#[get]` is its path pattern, a string literal, not `GET`";
    assert_eq!(complaints(MacroKind::Verb, "GET"), [constant]);
}

#[test]
fn a_pattern_with_a_name_is_one_mistake() {
    for name in ["path", "uri", "prefix", "url_prefix"] {
        let unknown = format!("`#[get]` has no argument `{name}`");
        let kinds = [MacroKind::Verb, MacroKind::BlueprintAttribute];
        for kind in kinds {
            assert_eq!(complaints(kind, &format!("{name} = \"/\"")), std::slice::from_ref(&unknown));
        }
    }
}

#[test]
fn an_empty_blueprint_is_one_mistake() {
    assert_eq!(complaints(MacroKind::BlueprintMacro, ""), ["`#[get]` needs a path pattern"]);
    assert_eq!(
        complaints(MacroKind::BlueprintMacro, "\"/\""),
        ["`blueprint!` needs the list of its handlers"]
    );
    assert_eq!(complaints(MacroKind::BlueprintMacro, "[a]"), ["`#[get]` needs a path pattern"]);
}

#[test]
fn lifetimes_are_written_where_they_must_be() {
    let rewrite = |text: &str, lifetimes: Lifetimes<'_>| written(&lifetimes.rewrite(&Tokens(tokens(text))).0);
    let all = Lifetimes::written("static");
    assert_eq!(
        rewrite("Cow<'_, Foo<&str, 'a, 'b>>", all),
        "Cow<'static, Foo<&'static str, 'static, 'static>>"
    );
    assert_eq!(rewrite("Box<dyn Fn(&u8)>", all), "Box<dyn Fn(&u8)>");
    let inferred = Lifetimes::inferred();
    assert_eq!(rewrite("(&'a str, &u8, &'static str)", inferred), "(&'_ str, &u8, &'static str)");
    assert!(borrows(&tokens("Option<&str>")) && borrows(&tokens("Cow<'_, str>")));
    assert!(!borrows(&tokens("Vec<&'static str>")));
}

#[test]
fn attributes_of_arguments_are_left_to_a_macro_that_comes_after() {
    let reported = |before: &str| {
        let attrs = attributes(&mut Cursor::new(&tokens(before)));
        let item = tokens("fn f(#[param(\"the id\")] id: u64) {}");
        let mut errors = Diagnostics::new();
        let read = function(&attrs, &mut Cursor::new(&item), &mut errors).unwrap();
        let kept = written(&read.item).contains("param");
        let errors = errors.into_messages();
        assert_eq!(kept, errors.is_empty(), "what is not reported stays");
        !errors.is_empty()
    };
    assert!(reported(""));
    assert!(reported("/// Shows one. \n #[allow(dead_code)]"));
    assert!(!reported("/// Shows one. \n #[documented]"));
}
