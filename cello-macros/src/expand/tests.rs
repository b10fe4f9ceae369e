//! Whole expansions, from text to text: what mistakes are reported, and what is still there beside them.

use quote::quote;

use super::Surroundings;
use crate::model::{Item, MacroKind, Tokens};
use crate::read::handler::{RouteAttribute, free_handler};
use crate::read::module::{blueprint_module, items};
use crate::token::{Span, TokenStream};

/// The path of the cello crate.
pub(super) fn krate() -> Tokens {
    Tokens(quote!(::cello).into_iter().collect())
}

fn around() -> Surroundings {
    Surroundings::new(krate(), Vec::new(), false)
}

/// The expansion as text.
pub(super) fn expanded(text: &str) -> String {
    expansion(text).to_string()
}

pub(super) fn expansion(text: &str) -> TokenStream {
    let read = items(text.parse().unwrap(), &[]);
    read.into_iter()
        .map(|item| match item {
            Item::Handler(handler) => super::handler::handler(&handler, &around()),
            Item::Broken(broken) => super::handler::broken(broken, &[], &around()),
            Item::Module(module) => super::blueprint::module(*module, &around(), false),
            Item::Other(other) => other,
        })
        .map(Tokens::into_stream)
        .collect()
}

/// Without spaces, of which the printer has its own mind beside `>`.
fn compact(text: &str) -> String {
    text.split(' ').collect()
}

/// The first lines of the errors in an expansion.
fn errors(text: &str) -> Vec<String> {
    let expansion = expanded(text);
    let pieces = expansion.split("compile_error ! {").skip(1);
    pieces
        .map(|piece| {
            let literal = piece.split(" }").next().unwrap_or_default().trim();
            let message: syn::LitStr = syn::parse_str(literal).unwrap();
            message.value().lines().next().unwrap_or_default().to_owned()
        })
        .collect()
}

#[track_caller]
fn assert_error(text: &str, expected: &str) {
    let found = errors(text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains(expected), "{found:?}");
}

#[test]
fn a_handler_becomes_its_function_and_one_row() {
    let expansion = expanded(
        "#[get(\"/<id>\")] /** Doc */ pub async fn user(id: u64, store: &Store) -> Json<User> { body }",
    );
    assert!(
        expansion.contains("pub async fn user < > (id : u64 , store : & Store) -> Json < User > { body }")
    );
    assert_eq!(expansion.matches("__handler ! {").count(), 1);
    assert!(
        expansion
            .contains("< u64 as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , \"id\" , \"u64\")"),
        "{expansion}"
    );
    assert!(expansion.contains("of_cello_state :: < Store > (of_cello_x)"), "{expansion}");
    assert!(expansion.contains("of_cello_call2_async ("), "{expansion}");
    assert!(!expansion.contains("async move"), "the shim has no async block of its own");
    assert!(!expansion.contains("compile_error"));
}

#[test]
fn every_kind_of_argument_has_its_source() {
    let expansion = expanded(
        "#[post(\"/<a>?<b>&<c..>\")] async fn f(c: Filter, d: Json<T>, a: &str, h: &HeaderMap, b: Option<u8>, \
         #[query(\"x-y\")] e: u8) {}",
    );
    for expected in [
        "< Filter as of_cello :: CelloFromQueryStruct > :: argument (of_cello_x , \"c\" , \"Filter\")",
        "< & str as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , \"a\" , \"&str\")",
        "of_cello :: headers (of_cello_x)",
        "< Option < u8 > as of_cello :: CelloFromQuery > :: argument (of_cello_x , \"b\" , \"Option<u8>\")",
        "< u8 as of_cello :: CelloFromQuery > :: argument (of_cello_x , \"x-y\" , \"u8\")",
        "of_cello :: extract_async :: < (Json < T > ,) , _ , _ , _ > (of_cello_x , of_cello_body , ",
        "move | (of_cello_0 , (of_cello_2 , (of_cello_3 , (of_cello_4 , of_cello_5)))) , (of_cello_1 ,) | f (of_cello_0 , of_cello_1 , of_cello_2 , of_cello_3 , of_cello_4 , of_cello_5) , of_cello :: answers ())",
    ] {
        assert!(compact(&expansion).contains(&compact(expected)), "{expected} in {expansion}");
    }
}

#[test]
fn one_extractor_among_few_arguments_needs_no_closure() {
    let one = "of_cello :: call_aeb_async :: < Json < T > , _ , _ , _ , of_cello :: The < _ > > (of_cello_x , of_cello_body , \
               < u8 as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , \"a\" , \"u8\") , \
               of_cello_state :: < Store > (of_cello_x) , f)";
    let expansion =
        compact(&expanded("#[post(\"/<a>\")] async fn f(a: u8, new: Json<T>, store: &Store) -> R {}"));
    assert!(expansion.contains(&compact(one)), "{expansion}");
    // It is needed where there is no future, the handler runs elsewhere, two are extracted, or one that borrows.
    for handler in [
        "#[post(\"/<a>\")] fn f(a: u8, new: Json<T>) -> R {}",
        "#[post(\"/<a>\", blocking)] fn f(a: u8, new: Json<T>) -> R {}",
        "#[post(\"/\")] async fn f(by: Cookies, new: Json<T>) -> R {}",
        "#[get(\"/<a>\")] async fn f<'a>(a: &'a str, user: User<'a>) -> R {}",
    ] {
        let expansion = compact(&expanded(handler));
        assert!(expansion.contains(&compact("move |")) && !expansion.contains("call_"), "{expansion}");
    }
}

#[test]
fn parameters_are_counted_from_the_end_through_all_prefixes() {
    let expansion = expanded(
        "#[blueprint(\"/<a>/<b>\")] mod m { #[blueprint(\"/<c>\")] mod n { #[get(\"/<d>/<e>\")] \
         fn f(a: u8, c: u8, e: u8, b: u8, d: u8) {} } }",
    );
    for (name, from_end) in [("a", 5), ("b", 4), ("c", 3), ("d", 2), ("e", 1)] {
        assert!(expansion.contains(&format!("(of_cello_x , {from_end} , \"{name}\" , \"u8\")")), "{name}");
    }
}

#[test]
fn an_inherited_parameter_is_found_by_const_evaluation() {
    let expansion = expanded("#[get(\"/<id>\", params(org))] fn f(org: &str, id: u8) {}");
    assert!(expansion.contains("const { :: cello :: __private :: inherited_from_end"), "{expansion}");
    assert!(expansion.contains("link (org : & str , id : u8 ,)"), "{expansion}");
}

#[test]
fn a_prefix_parameter_may_be_left_and_its_link_asks_for_it() {
    let expansion = expanded("#[blueprint(\"/<org>\")] mod m { #[get(\"/<id>\")] fn f(id: u8) {} }");
    assert!(!expansion.contains("compile_error"));
    assert!(expansion.contains("org : impl :: cello :: __private :: LinkValue , id : u8"), "{expansion}");
}

#[test]
fn a_handler_with_a_mistake_keeps_its_function_and_its_name() {
    let expansion = expanded("#[get(\"/<id>\")] pub fn f() { body }");
    assert!(expansion.contains("pub fn f () { body }"));
    assert!(expansion.contains("pub struct f { }") && expansion.contains("cello_routes"));
    assert!(!expansion.contains("__handler ! {"));
}

#[test]
fn a_mistake_in_one_handler_leaves_the_rows_of_the_others() {
    let expansion = expanded(
        "#[blueprint(\"/x\")] mod m { #[get(\"/a\")] fn a() { let = } #[get(\"/<b>\")] fn b() {} #[get(\"/c\")] fn c() {} }",
    );
    assert_eq!(expansion.matches("__handler ! {").count(), 2);
    assert_eq!(expansion.matches("compile_error").count(), 1);
    assert!(
        expansion.contains("< a > :: cello_routes () . item")
            && expansion.contains("< c > :: cello_routes () . item")
    );
}

#[test]
fn of_two_handlers_with_one_name_the_second_is_its_function_alone() {
    let expansion = expanded(
        "#[blueprint(\"/x\")] mod m { #[get(\"/a\")] fn a() { one } #[get(\"/b\")] fn a() { two } \
         #[cfg(x)] #[get(\"/c\")] fn c() {} #[cfg(not(x))] #[get(\"/c\")] fn c() {} }",
    );
    assert!(expansion.contains("{ one }") && expansion.contains("{ two }"));
    assert_eq!(expansion.matches("__handler ! {").count(), 3, "{expansion}");
}

#[test]
fn several_mistakes_are_all_reported() {
    let found =
        errors("#[get(\"/<id>?<page>\", blocking)] unsafe async fn f<T>(x: &mut T, s: &dyn Debug) {}");
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[test]
fn errors_of_what_is_configured_away_are_too() {
    let expansion = expanded("#[cfg(test)] #[get(\"/<id>\")] fn f() {}");
    assert!(expansion.contains("# [cfg (test)] :: core :: compile_error !"), "{expansion}");
    assert!(expansion.contains("# [cfg (not (test))]"), "{expansion}");
}

#[test]
fn restrictions_have_words_of_their_own() {
    assert_error("#[get(\"/\")] fn f<T>() {}", "is generic over `T`");
    assert_error("#[get(\"/\")] fn f(&self) {}", "takes `self`");
    assert_error("#[get(\"/\")] unsafe fn f() {}", "is `unsafe`");
    assert_error("#[get(\"/\")] extern \"C\" fn f() {}", "is `extern`");
    assert_error("#[get(\"/\")] const fn f() {}", "is `const`");
    assert_error("#[get(\"/\")] fn f(x: &mut Store) {}", "all requests share the state");
    assert_error("#[get(\"/\")] fn f(x: &'static Store) {}", "lives forever");
    assert_error("#[get(\"/\")] fn f(x: &(dyn Repo + Send)) {}", "looked up by concrete type");
    assert_error("#[get(\"/\")] fn f(x: &[u8]) {}", "looked up by concrete type");
    assert_error("#[get(\"/<x>\")] fn f(x: &str) -> Result<&'_ str, E> {}", "sent after the handler is done");
    assert_error("#[get(\"/\")] fn f(x: &Store) -> &[u8] {}", "sent after the handler is done");
    assert_error("#[get(\"/\")] fn f(x: &str) {}", "no parameter has that name");
    assert_error("#[get(\"/\")] fn f(x: Json<impl Copy>) {}", "makes the handler generic");
    assert_error("#[get(\"/\")] fn f(#[cfg(x)] y: u8) {}", "configured away");
    assert_error("#[get(\"/\")] fn f(#[header(\"x-token\")] y: String) {}", "has no attribute `#[header]`");
    assert_error("#[get(\"/\", blocking)] async fn f() {}", "can't be `blocking` too");
    assert_error("#[get(\"/<x>\", blocking)] fn f(x: &str) {}", "runs on another thread");
    assert_error("#[get(\"/\", blocking)] fn f(x: &Uri) {}", "runs on another thread");
    assert_error("#[get(\"/<x>\")] fn f(x: &str, r: Request) {}", "the whole `Request`");
    assert_error("#[get(\"/\")] fn f(r: Request) {}", "takes the body");
    assert_error("#[post(\"/\")] fn f(r: &mut Request) {}", "made anew for each request");
    assert_error("#[get(\"/\")] fn f(r: &mut Response) {}", "is given no response");
    assert_error("#[get(\"/\")] fn f(r: HttpRequest) {}", "a request is a `Request`");
    assert_error("#[get(\"/\")] fn f(x: Depends<Db>) {}", "has no `Depends`");
    assert_error("#[get(\"/\")] fn f(x: ConnectInfo<SocketAddr>) {}", "the client is a `ClientAddr`");
    assert_error("#[get(\"/\")] fn f(x: TypedHeader<UserAgent>) {}", "a header field is a `Header`");
    assert_error(
        "#[get(\"/\")] fn f(x: axum::extract::OriginalUri) {}",
        "the target of a request is a `Uri`",
    );
    assert_error("#[get(\"/\")] fn f(x: &CookieJar<'_>) {}", "cookies are read from their header field");
    assert_error("#[get(\"/\")] fn f(x: &Vec<Rc<u8>>) {}", "no two threads can share");
    assert_error("#[get(\"/\")] fn f(x: (Json<u8>, Form<u8>)) {}", "several arguments in one");
    assert_error("#[get(\"/\")] fn f(x: Box<dyn Repo>) {}", "shared state is borrowed");
    assert_error("#[get(\"/<x>\")] fn f(x: str) {}", "only a reference to one");
    assert_error("#[get(\"/\")] fn f() -> impl Responder {}", "is an `IntoResponse`");
    assert_error("#[get(\"/<x>\")] fn f(Path(x): Path<u8>) {}", "takes no path parameters");
    assert_error("#[get(\"/<x>\")] fn f(Id(x): Id) {}", "must be taken by its name");
    assert_error("#[get(\"/<x>\")] fn f(#[query(\"x\")] x: u8) {}", "it has no query key");
    assert_error("#[get(\"/\")] #[post(\"/\")] fn f() {}", "two route attributes");
    assert_error("#[get(\"/\")] struct S;", "only a function can be a handler");
    assert_error("#[route(\"/\", methods(GTE))] fn f() {}", "is no HTTP method");
    assert_error("#[blueprint(\"/\")] mod m;", "can't look into another file");
    assert_error("#[blueprint(\"/\", params(x))] mod m {}", "has no `parent`");
    assert_error(
        "#[blueprint(\"/<x>\")] mod m { #[get(\"/<x>\")] fn f(x: u8) {} }",
        "already stands in the prefix",
    );
}

#[test]
fn extension_methods_are_methods() {
    let expansion = expanded("#[route(\"/\", methods(PURGE, GET))] fn f() {}");
    assert!(expansion.contains("methods : & [\"GET\" , \"PURGE\"]"), "{expansion}");
}

#[test]
fn the_other_name_is_the_types() {
    let expansion = expanded("#[get(\"/\", name = time_route)] fn time() {}");
    assert!(expansion.contains("item struct time_route { }") && expansion.contains("\\0time\\0"));
}

#[test]
fn what_an_attribute_cannot_read_comes_back_whole() {
    let route = RouteAttribute {
        name: crate::token::Ident::new("get", Span::call_site()),
        kind: MacroKind::Verb,
        arguments: quote!("/"),
        is_last: false,
    };
    let broken = free_handler(
        route,
        &quote!(
            pub struct S;
        )
        .into_iter()
        .collect::<Vec<_>>(),
        &[],
    )
    .err()
    .unwrap();
    assert_eq!(broken.item.into_stream().to_string(), "pub struct S ;");
    let broken = blueprint_module(
        quote!("/"),
        Span::call_site(),
        &quote!(
            pub fn f() {}
        )
        .into_iter()
        .collect::<Vec<_>>(),
        &[],
    )
    .err()
    .unwrap();
    assert_eq!(broken.item.into_stream().to_string(), "pub fn f () { }");
}
