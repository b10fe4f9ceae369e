#[allow(
    clippy::missing_const_for_fn,
    clippy::must_use_candidate,
    clippy::needless_pass_by_value,
    clippy::trivially_copy_pass_by_ref,
    clippy::unused_async
)]
#[cfg(feature = "reports")]
fn report(year: u16, database: &Database) -> Html<String> {
    database.report(year)
}
#[cfg(feature = "reports")]
///The route `GET, PURGE /reports/<year>`, for `routes![...]` and for links: [`path`](Self::path).
#[allow(
    non_camel_case_types,
    unreachable_pub,
    clippy::redundant_pub_crate,
    missing_debug_implementations,
    missing_copy_implementations
)]
struct report_route {}
#[cfg(feature = "reports")]
impl report_route {
    #[doc(hidden)]
    pub const fn cello_routes() -> ::cello::__private::Node<Self> {
        static _ROW: ::cello::__private::Row = ::cello::__private::Row {
            parts: &[
                ::cello::__private::routing::Part::Literal {
                    text: "reports",
                    key: ::cello::__private::routing::Key {
                        first: 8319400234612781568u64,
                        last: 8319400234612781568u64,
                        middle: 8319400234612781568u64,
                        len: 7u32,
                    },
                },
                ::cello::__private::routing::Part::Param {
                    name: "year",
                },
            ],
            query: ::cello::__private::NO_QUERY,
            methods: ::cello::__private::routing::Methods::GET,
            path: ::core::concat!(::core::module_path!(), "::", "report"),
            blueprint: {
                #[allow(unused_imports)]
                use ::cello::__private::NoBlueprint as _;
                report_route::BLUEPRINT
            },
            docs: "",
            file: "src/lib.rs",
            line: 1,
            column: 1,
            pattern: "/reports/<year>",
            more: &::cello::__private::More {
                methods: &["GET", "PURGE"],
                extension_methods: &["PURGE"],
                config: ::cello::RouteConfig::new()
                    .body_limit(64 * 1024)
                    .timeout(Duration::from_secs(30))
                    .blocking()
                    .tags(&["reports"]),
                guards: &[<Admin as ::cello::__private::GuardExtractor>::GUARD],
                with: ::core::option::Option::Some(|| {
                    ::cello::__private::Scope::new()
                        .with::<Compression, _, _, _>(Compression::default())
                        .made()
                }),
                ..::cello::__private::More::NONE
            },
            describe: &[<Html<String> as ::cello::IntoResponse>::describe],
            shim: |x, _| ::cello::__private::reply_blocking(
                x,
                ::cello::__private::both(
                    <u16 as ::cello::FromPath>::argument(x, 1, "year", "u16"),
                    ::cello::__private::state_owned::<Database>(x),
                ),
                move |(a0, a1)| report(a0, &*a1),
            ),
        };
        ::cello::__private::Node::handler(&_ROW)
    }
    /// A link to this route, with the prefixes of its blueprints.
    #[allow(dead_code, clippy::must_use_candidate, clippy::needless_pass_by_value)]
    pub fn path(year: u16) -> ::cello::Link {
        ::cello::__private::link(
            {
                #[allow(unused_imports)]
                use ::cello::__private::NoBlueprint as _;
                report_route::BLUEPRINT
            },
            "/reports/<year>",
            &(year,),
        )
    }
}
#[cfg(feature = "reports")]
impl<S> ::cello::__private::Needs<S> for report_route
where
    S: ::cello::__private::ProvideFor<Database, report_route>,
    S: ::cello::__private::Enter<
        (
            ::cello::__private::Member<
                Compression,
                {
                    #[allow(unused_imports)]
                    use ::cello::__private::NoNeeds as _;
                    ::cello::__private::Whether::<(Compression,)>::IS
                },
            >,
            (),
        ),
    >,
    (
        ::cello::__private::Member<
            Compression,
            {
                #[allow(unused_imports)]
                use ::cello::__private::NoNeeds as _;
                ::cello::__private::Whether::<(Compression,)>::IS
            },
        >,
        (),
    ): ::cello::__private::MembersNeed<S, report_route>,
    ::cello::__private::Takes<
        (Admin,),
        {
            #[allow(unused_imports)]
            use ::cello::__private::NoExtractor as _;
            ::cello::__private::Probe::<(Admin,)>::IS
        },
    >: ::cello::__private::TakesFor<
        <S as ::cello::__private::Enter<
            (
                ::cello::__private::Member<
                    Compression,
                    {
                        #[allow(unused_imports)]
                        use ::cello::__private::NoNeeds as _;
                        ::cello::__private::Whether::<(Compression,)>::IS
                    },
                >,
                (),
            ),
        >>::Inside,
        report_route,
    >,
{}
#[cfg(not(feature = "reports"))]
#[doc(hidden)]
#[allow(non_camel_case_types, dead_code)]
struct report_route {}
#[cfg(not(feature = "reports"))]
#[allow(dead_code)]
impl report_route {
    #[doc(hidden)]
    pub const fn cello_routes() -> ::cello::__private::Node<Self> {
        ::cello::__private::Node::nothing()
    }
}
#[cfg(not(feature = "reports"))]
impl<S> ::cello::__private::Needs<S> for report_route {}
