fn app() -> App {
    {
        use ::cello::__private::{
            check as cello_check, routing as cello_routing, NoRoute as _,
        };
        static ITEMS: &[::cello::__private::Item] = &[
            index::cello_routes().item,
            users::cello_routes().item,
            #[cfg(feature = "admin")]
            admin::panel::cello_routes().item,
        ];
        static ROOTS: ::cello::__private::Mounts<{ ITEMS.len() }> = ::cello::__private::roots(
            ITEMS,
        );
        const COUNT: usize = ROOTS.routes();
        static MEMOS: ::cello::__private::RouteMemos = ::cello::__private::RouteMemos::new(
            COUNT,
        );
        static METAS: [::cello::RouteMeta; COUNT] = ::cello::__private::metas(
            &ROOTS,
            &MEMOS,
        );
        const ROOM: cello_routing::Capacity = ROOTS.room();
        #[allow(long_running_const_eval)]
        static DRAFT: cello_routing::Draft<
            'static,
            { ROOM.nodes },
            { ROOM.slots },
            { ROOM.rows },
        > = ::cello::__private::draft(&ROOTS);
        const _: () = cello_check(&DRAFT, &METAS);
        #[allow(long_running_const_eval)]
        const EXACT: cello_routing::Capacity = DRAFT.size();
        fn table<T>() -> cello_routing::Table<'static> {
            #[allow(long_running_const_eval)]
            let frozen: &'static cello_routing::Frozen<
                'static,
                { EXACT.nodes },
                { EXACT.slots },
                { EXACT.rows },
                { EXACT.keys },
                { EXACT.starts },
                { EXACT.counts },
            > = const { &cello_routing::Frozen::of(&DRAFT) };
            frozen.table()
        }
        static TABLE: fn() -> cello_routing::Table<'static> = table::<()>;
        static ROWS: &[::cello::RouteMeta] = &METAS;
        ::cello::Routes::new(
            ROWS,
            TABLE(),
            (
                index::cello_routes().needs(),
                users::cello_routes().needs(),
                (#[cfg(feature = "admin")] admin::panel::cello_routes().needs(), ()).0,
            ),
        )
    }
}
