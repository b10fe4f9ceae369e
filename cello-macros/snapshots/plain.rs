#[allow(clippy::needless_pass_by_value, clippy::unused_async)]
/// Says hello.
async fn index() -> &'static str {
    "hello"
}
///The route `GET /`, for `routes![...]` and for links: [`path`](Self::path).
#[allow(
    non_camel_case_types,
    unreachable_pub,
    clippy::redundant_pub_crate,
    missing_debug_implementations,
    missing_copy_implementations
)]
struct index {}
impl index {
    #[doc(hidden)]
    pub const fn cello_routes() -> ::cello::__private::Node<Self> {
        ::cello::__private::Node::handler(::cello::__private::Row {
            code: &[],
            methods: ::cello::__private::routing::Methods::GET,
            path: ::core::concat!(::core::module_path!(), "::", "index"),
            blueprint: {
                #[allow(unused_imports)]
                use ::cello::__private::NoBlueprint as _;
                index::BLUEPRINT
            },
            docs: "Says hello.",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            pattern: "/",
            more: ::core::option::Option::None,
            extracts: ::cello::__private::Extracts::Nothing,
            responds: <&'static str as ::cello::IntoResponse>::describe,
            shim: |x, _| ::cello::__private::call0_async(x, index),
        })
    }
    /// A link to this route, with the prefixes of its blueprints.
    #[allow(dead_code, clippy::must_use_candidate, clippy::needless_pass_by_value)]
    pub fn path() -> ::cello::Link {
        ::cello::__private::link(
            {
                #[allow(unused_imports)]
                use ::cello::__private::NoBlueprint as _;
                index::BLUEPRINT
            },
            "/",
            &(),
        )
    }
}
impl<S> ::cello::__private::Needs<S> for index {}
