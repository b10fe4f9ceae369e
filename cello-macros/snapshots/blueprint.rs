/// Users.
pub mod users {
    #[allow(unused_imports)]
    use super::*;
    #[allow(clippy::needless_pass_by_value, clippy::unused_async)]
    pub async fn user(id: u64) -> String {
        id.to_string()
    }
    ::cello::__handler! {
        user path public struct
        doc "The route `GET /<id>`, for `routes![...]` and for links: [`path`](Self::path)."
        blueprint [= CELLO_MOUNTED]
        code [17179869194 ,]
        methods 1
        told "src/lib.rs\01\01\0user\0"
        pattern "/<id>"
        row of_cello_handler CelloCalls
        responds [String]
        shim of_cello_x _ (of_cello_call1_async (of_cello_x , < u64 as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , "id" , "u64") , user))
        link (id : u64 ,) (id ,)
    }
    impl<CelloS> CelloNeeds<CelloS> for user {}
    mod posts {
        #[allow(unused_imports)]
        use super::*;
        #[allow(clippy::needless_pass_by_value, clippy::unused_async)]
        async fn posts(id: u64) -> String {
            id.to_string()
        }
        ::cello::__handler! {
            posts path item [struct posts { }]
            doc "The route `GET /`, for `routes![...]` and for links: [`path`](Self::path)."
            blueprint [= CELLO_MOUNTED]
            code []
            methods 1
            told "src/lib.rs\01\01\0posts\0"
            pattern "/"
            row of_cello_handler CelloCalls
            responds [String]
            shim of_cello_x _ (of_cello_call1_async (of_cello_x , < u64 as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , "id" , "u64") , posts))
            link (id : u64 ,) (id ,)
        }
        impl<CelloS> CelloNeeds<CelloS> for posts {}
        use ::cello::__private::names::*;
        #[doc(hidden)]
        #[derive(Debug)]
        pub struct CelloBlueprint {}
        impl CelloBlueprint {
            /// What children name, by the same path as the type: one error for a parent that is no blueprint.
            #[doc(hidden)]
            #[allow(dead_code)]
            pub const RECORD: &'static of_cello::Blueprint = &CELLO_BLUEPRINT;
        }
        #[doc(hidden)]
        pub static CELLO_BLUEPRINT: of_cello::Blueprint = of_cello::Blueprint {
            module: ::core::module_path!(),
            prefix: of_cello::routing::Prefix {
                text: "/<id>/posts",
                outer: of_cello::Some(&<super::CelloBlueprint>::RECORD.prefix),
            },
            code: &[17179869194, 42949672984, 8319401334117761024],
            parent: of_cello::Some(<super::CelloBlueprint>::RECORD),
            told: "src/lib.rs\x001\x001\0",
            more: of_cello::None,
        };
        #[doc(hidden)]
        #[allow(dead_code)]
        const CELLO_MOUNTED: CelloMounted = of_cello::Some(&CELLO_BLUEPRINT);
        #[doc(hidden)]
        pub const fn cello_routes() -> CelloNode<CelloBlueprint> {
            use of_cello::NoRoute as _;
            static _ITEMS: [of_cello::Item; 1usize] = [<posts>::cello_routes().item];
            static _MOUNTS: of_cello::Mounts<1usize> = of_cello::mounts(&_ITEMS);
            of_cello::Node::blueprint(&CELLO_BLUEPRINT, &_MOUNTS)
        }
        #[doc(hidden)]
        type CelloChildren = posts;
        impl<CelloS> CelloNeeds<CelloS> for CelloBlueprint
        where
            CelloBlueprint: of_cello::ScopeNeeds<CelloS>,
            CelloChildren: CelloNeeds<
                <CelloBlueprint as of_cello::ScopeNeeds<CelloS>>::Inside,
            >,
        {}
        impl<CelloS> of_cello::ScopeNeeds<CelloS> for CelloBlueprint
        where
            super::CelloBlueprint: of_cello::ScopeNeeds<CelloS>,
        {
            type Inside = <super::CelloBlueprint as of_cello::ScopeNeeds<
                CelloS,
            >>::Inside;
        }
    }
    use ::cello::__private::names::*;
    #[doc(hidden)]
    #[derive(Debug)]
    pub struct CelloBlueprint {}
    impl CelloBlueprint {
        /// What children name, by the same path as the type: one error for a parent that is no blueprint.
        #[doc(hidden)]
        #[allow(dead_code)]
        pub const RECORD: &'static of_cello::Blueprint = &CELLO_BLUEPRINT;
    }
    #[doc(hidden)]
    pub static CELLO_BLUEPRINT: of_cello::Blueprint = of_cello::Blueprint {
        module: ::core::module_path!(),
        prefix: of_cello::routing::Prefix {
            text: "/users",
            outer: of_cello::None,
        },
        code: &[42949672964, 8318823008265306112],
        parent: of_cello::None,
        told: "src/lib.rs\x001\x001\0Users.",
        more: of_cello::Some({
            static _MORE: of_cello::MoreOfBlueprint = of_cello::MoreOfBlueprint {
                config: ::cello::RouteConfig::new(),
                guards: &[<Session as ::cello::__private::GuardExtractor>::GUARD],
                with: ::core::option::Option::None,
            };
            &_MORE
        }),
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    const CELLO_MOUNTED: CelloMounted = of_cello::Some(&CELLO_BLUEPRINT);
    #[doc(hidden)]
    pub const fn cello_routes() -> CelloNode<CelloBlueprint> {
        use of_cello::NoRoute as _;
        static _ITEMS: [of_cello::Item; 2usize] = [
            <user>::cello_routes().item,
            posts::cello_routes().item,
        ];
        static _MOUNTS: of_cello::Mounts<2usize> = of_cello::mounts(&_ITEMS);
        of_cello::Node::blueprint(&CELLO_BLUEPRINT, &_MOUNTS)
    }
    #[doc(hidden)]
    type CelloChildren = (user, posts::CelloBlueprint);
    impl<CelloS> CelloNeeds<CelloS> for CelloBlueprint
    where
        CelloBlueprint: of_cello::ScopeNeeds<CelloS>,
        CelloChildren: CelloNeeds<CelloS>,
    {}
    impl<CelloS> of_cello::ScopeNeeds<CelloS> for CelloBlueprint
    where
        CelloTakes<
            (Session,),
            { CelloProbe::<(Session,)>::IS },
        >: CelloTakesFor<CelloS, CelloBlueprint>,
    {
        type Inside = CelloS;
    }
}
