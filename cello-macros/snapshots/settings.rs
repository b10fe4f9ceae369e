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
::cello::__private::__handler! {
    report_route path
    doc "The route `GET, PURGE /reports/<year>`, for `routes![...]` and for links: [`path`](Self::path)."
    use names
    code b"\x04\0\0\0\x0E\0\0\0\0reports*\0\0\0\x08\0\0\0"
    methods 1
    told "src/lib.rs\x001\x001\0report\0"
    pattern "/reports/<year>"
    row of_cello_handler CelloCalls
    beside [# [cfg (feature = "reports")]]
    more [{ static _MORE : :: cello :: __private :: More = :: cello :: __private :: More { methods : & ["GET" , "PURGE"] , extension_methods : & ["PURGE"] , config : :: cello :: RouteConfig :: new () . body_limit (64 * 1024) . timeout (Duration :: from_secs (30)) . blocking () . tags (& ["reports"]) , guards : & [< Admin as :: cello :: __private :: GuardExtractor > :: GUARD] , with : :: core :: option :: Option :: Some (|| :: cello :: __private :: Scope :: new () . with :: < Compression , _ , _ , _ > (Compression :: default ()) . made ()) , .. :: cello :: __private :: More :: NONE } ; & _MORE }]
    responds [Html < String >]
    shim of_cello_x _ (of_cello :: reply_blocking (of_cello_x , of_cello_both (< u16 as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , "year" , "u16") , of_cello :: state_owned :: < Database > (of_cello_x)) , move | (of_cello_0 , of_cello_1) | report (of_cello_0 , & * of_cello_1)))
    link (year : u16 ,) (year ,)
    item struct report_route { }
}
#[cfg(feature = "reports")]
impl<CelloS> CelloNeeds<CelloS> for report_route
where
    CelloS: CelloProvideFor<Database, report_route>,
    CelloS: ::cello::__private::Enter<
        (
            ::cello::__private::Member<
                Compression,
                {
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
                use ::cello::__private::NoNeeds as _;
                ::cello::__private::Whether::<(Compression,)>::IS
            },
        >,
        (),
    ): ::cello::__private::MembersNeed<CelloS, report_route>,
    CelloTakes<
        (Admin,),
        { CelloProbe::<(Admin,)>::IS },
    >: CelloTakesFor<
        <CelloS as ::cello::__private::Enter<
            (
                ::cello::__private::Member<
                    Compression,
                    {
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
impl<CelloS> ::cello::__private::Needs<CelloS> for report_route {}
