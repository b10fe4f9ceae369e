/// Users.
pub mod users {
    #[allow(unused_imports)]
    use super::*;
    #[allow(clippy::needless_pass_by_value, clippy::unused_async)]
    pub async fn user(id: u64) -> String {
        id.to_string()
    }
    ::cello::__private::__handler! {
        user path
        doc "The route `GET /<id>`, for `routes![...]` and for links: [`path`](Self::path)."
        blueprint CELLO_MOUNTED
        code b"\n\0\0\0\x04\0\0\0"
        methods 1
        told "src/lib.rs\x001\x001\0user\0"
        pattern "/<id>"
        row of_cello_handler CelloCalls
        responds [String]
        shim of_cello_x _ (of_cello_call1_async (of_cello_x , < u64 as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , "id" , "u64") , user))
        link (id : u64 ,) (id ,)
        item pub struct user { }
    }
    impl<CelloS> CelloNeeds<CelloS> for user {}
    mod posts {
        #[allow(unused_imports)]
        use super::*;
        #[allow(clippy::needless_pass_by_value, clippy::unused_async)]
        async fn posts(id: u64) -> String {
            id.to_string()
        }
        ::cello::__private::__handler! {
            posts path
            doc "The route `GET /`, for `routes![...]` and for links: [`path`](Self::path)."
            blueprint CELLO_MOUNTED
            code b""
            methods 1
            told "src/lib.rs\x001\x001\0posts\0"
            pattern "/"
            row of_cello_handler CelloCalls
            responds [String]
            shim of_cello_x _ (of_cello_call1_async (of_cello_x , < u64 as of_cello :: CelloFromPath > :: argument (of_cello_x , 1 , "id" , "u64") , posts))
            link (id : u64 ,) (id ,)
            item struct posts { }
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
            pub const RECORD: &'static ::cello::__private::Blueprint = &CELLO_BLUEPRINT;
        }
        #[doc(hidden)]
        pub static CELLO_BLUEPRINT: ::cello::__private::Blueprint = ::cello::__private::Blueprint {
            module: ::core::module_path!(),
            prefix: ::cello::__private::routing::Prefix {
                text: "/<id>/posts",
                outer: ::core::option::Option::Some(
                    &<super::CelloBlueprint>::RECORD.prefix,
                ),
            },
            code: b"\n\0\0\0\x04\0\0\0\x18\0\0\0\n\0\0\0\0\0\0posts",
            parent: ::core::option::Option::Some(<super::CelloBlueprint>::RECORD),
            told: "src/lib.rs\x001\x001\0",
            more: ::core::option::Option::None,
        };
        #[doc(hidden)]
        #[allow(dead_code)]
        const CELLO_MOUNTED: ::cello::__private::Mounted = &CELLO_BLUEPRINT;
        #[doc(hidden)]
        pub const fn cello_routes() -> ::cello::__private::Node<CelloBlueprint> {
            use ::cello::__private::NoRoute as _;
            static _ITEMS: [::cello::__private::Item; 1] = [
                <posts>::cello_routes().item,
            ];
            static _MOUNTS: ::cello::__private::Mounts<1> = ::cello::__private::mounts(
                &_ITEMS,
            );
            ::cello::__private::Node::blueprint(&CELLO_BLUEPRINT, &_MOUNTS)
        }
        #[doc(hidden)]
        type CelloChildren = posts;
        impl<CelloS> ::cello::__private::Needs<CelloS> for CelloBlueprint
        where
            CelloBlueprint: ::cello::__private::ScopeNeeds<CelloS>,
            CelloChildren: ::cello::__private::Needs<
                <CelloBlueprint as ::cello::__private::ScopeNeeds<CelloS>>::Inside,
            >,
        {}
        impl<CelloS> ::cello::__private::ScopeNeeds<CelloS> for CelloBlueprint
        where
            super::CelloBlueprint: ::cello::__private::ScopeNeeds<CelloS>,
        {
            type Inside = <super::CelloBlueprint as ::cello::__private::ScopeNeeds<
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
        pub const RECORD: &'static ::cello::__private::Blueprint = &CELLO_BLUEPRINT;
    }
    #[doc(hidden)]
    pub static CELLO_BLUEPRINT: ::cello::__private::Blueprint = ::cello::__private::Blueprint {
        module: ::core::module_path!(),
        prefix: ::cello::__private::routing::Prefix {
            text: "/users",
            outer: ::core::option::Option::None,
        },
        code: b"\x04\0\0\0\n\0\0\0\0\0\0users",
        parent: ::core::option::Option::None,
        told: "src/lib.rs\x001\x001\0Users.",
        more: ::core::option::Option::Some({
            static _MORE: ::cello::__private::MoreOfBlueprint = ::cello::__private::MoreOfBlueprint {
                config: ::cello::RouteConfig::new(),
                guards: &[<Session as ::cello::__private::GuardExtractor>::GUARD],
                with: ::core::option::Option::None,
            };
            &_MORE
        }),
    };
    #[doc(hidden)]
    #[allow(dead_code)]
    const CELLO_MOUNTED: ::cello::__private::Mounted = &CELLO_BLUEPRINT;
    #[doc(hidden)]
    pub const fn cello_routes() -> ::cello::__private::Node<CelloBlueprint> {
        use ::cello::__private::NoRoute as _;
        static _ITEMS: [::cello::__private::Item; 2] = [
            <user>::cello_routes().item,
            posts::cello_routes().item,
        ];
        static _MOUNTS: ::cello::__private::Mounts<2> = ::cello::__private::mounts(
            &_ITEMS,
        );
        ::cello::__private::Node::blueprint(&CELLO_BLUEPRINT, &_MOUNTS)
    }
    #[doc(hidden)]
    type CelloChildren = (user, posts::CelloBlueprint);
    impl<CelloS> ::cello::__private::Needs<CelloS> for CelloBlueprint
    where
        CelloBlueprint: ::cello::__private::ScopeNeeds<CelloS>,
        CelloChildren: ::cello::__private::Needs<CelloS>,
    {}
    impl<CelloS> ::cello::__private::ScopeNeeds<CelloS> for CelloBlueprint
    where
        CelloTakes<
            (Session,),
            { CelloProbe::<(Session,)>::IS },
        >: CelloTakesFor<CelloS, CelloBlueprint>,
    {
        type Inside = CelloS;
    }
}
