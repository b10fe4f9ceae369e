#[allow(
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_async
)]
/// Renames a user.
pub async fn rename(
    id: u64,
    notify: Option<bool>,
    store: &UserStore,
    headers: &HeaderMap,
    new: Json<NewName>,
) -> Result<Json<User>, UserError> {
    store.rename(id, new, notify, headers)
}
///The route `PUT /users/<id>?<notify>`, for `routes![...]` and for links: [`path`](Self::path).
#[allow(
    non_camel_case_types,
    unreachable_pub,
    clippy::redundant_pub_crate,
    missing_debug_implementations,
    missing_copy_implementations
)]
pub struct rename {}
impl rename {
    #[doc(hidden)]
    pub const fn cello_routes() -> ::cello::__private::Node<Self> {
        ::cello::__private::Node::handler(::cello::__private::Row {
            code: &[42949672964, 8318823008265306112, 17179869218],
            methods: ::cello::__private::routing::Methods::PUT,
            path: ::core::concat!(::core::module_path!(), "::", "rename"),
            blueprint: {
                #[allow(unused_imports)]
                use ::cello::__private::NoBlueprint as _;
                rename::BLUEPRINT
            },
            docs: "Renames a user.",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            pattern: "/users/<id>?<notify>",
            more: ::core::option::Option::None,
            extracts: ::cello::__private::Extracts::One {
                describe: <Json<NewName> as ::cello::FromRequest>::describe,
            },
            responds: <Result<Json<User>, UserError> as ::cello::IntoResponse>::describe,
            shim: |x, body| ::cello::__private::extract_async::<
                (Json<NewName>,),
                _,
                _,
                _,
            >(
                x,
                body,
                ::cello::__private::both(
                    <u64 as ::cello::FromPath>::argument(x, 1, "id", "u64"),
                    ::cello::__private::both(
                        <Option<
                            bool,
                        > as ::cello::FromQuery>::argument(x, "notify", "Option<bool>"),
                        ::cello::__private::both(
                            ::cello::__private::state::<UserStore>(x),
                            ::cello::__private::headers(x),
                        ),
                    ),
                ),
                move |(a0, (a1, (a2, a3))), (a4,)| rename(a0, a1, a2, a3, a4),
                ::cello::__private::answers(),
            ),
        })
    }
    /// A link to this route, with the prefixes of its blueprints.
    #[allow(dead_code, clippy::must_use_candidate, clippy::needless_pass_by_value)]
    pub fn path(id: u64) -> ::cello::Link {
        ::cello::__private::link(
            {
                #[allow(unused_imports)]
                use ::cello::__private::NoBlueprint as _;
                rename::BLUEPRINT
            },
            "/users/<id>?<notify>",
            &(id,),
        )
    }
}
impl<S> ::cello::__private::Needs<S> for rename
where
    S: ::cello::__private::ProvideFor<UserStore, rename>,
    ::cello::__private::Takes<
        (Json<NewName>,),
        {
            #[allow(unused_imports)]
            use ::cello::__private::NoExtractor as _;
            ::cello::__private::Probe::<(Json<NewName>,)>::IS
        },
    >: ::cello::__private::TakesFor<S, rename>,
{}
