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
        text: "/teams/<team>",
        outer: ::core::option::Option::Some(&<super::CelloBlueprint>::RECORD.prefix),
    },
    code: b"\x04\0\0\0\n\0\0\0\0\0\0teams\"\0\0\0\x08\0\0\0",
    parent: ::core::option::Option::Some(<super::CelloBlueprint>::RECORD),
    told: "src/lib.rs\x001\x001\0",
    more: ::core::option::Option::Some({
        static _MORE: ::cello::__private::MoreOfBlueprint = ::cello::__private::MoreOfBlueprint {
            config: ::cello::RouteConfig::new(),
            guards: &[<Member as ::cello::__private::GuardExtractor>::GUARD],
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
    static _ITEMS: [::cello::__private::Item; {
        const _ALL: &[()] = &[(), #[cfg(feature = "admin")] ()];
        _ALL.len()
    }] = [
        <list>::cello_routes().item,
        #[cfg(feature = "admin")]
        <members::add>::cello_routes().item,
    ];
    static _MOUNTS: ::cello::__private::Mounts<
        {
            const _ALL: &[()] = &[(), #[cfg(feature = "admin")] ()];
            _ALL.len()
        },
    > = ::cello::__private::mounts(&_ITEMS);
    ::cello::__private::Node::blueprint(&CELLO_BLUEPRINT, &_MOUNTS)
}
#[doc(hidden)]
type CelloChildren = list;
impl<CelloS> ::cello::__private::Needs<CelloS> for CelloBlueprint
where
    CelloBlueprint: ::cello::__private::ScopeNeeds<CelloS>,
    CelloChildren: ::cello::__private::Needs<
        <CelloBlueprint as ::cello::__private::ScopeNeeds<CelloS>>::Inside,
    >,
    CelloPart0: ::cello::__private::Needs<
        <CelloBlueprint as ::cello::__private::ScopeNeeds<CelloS>>::Inside,
    >,
{}
#[doc(hidden)]
#[derive(Debug)]
pub struct CelloPart0 {}
#[cfg(feature = "admin")]
impl<CelloS> ::cello::__private::Needs<CelloS> for CelloPart0
where
    members::add: ::cello::__private::Needs<CelloS>,
{}
#[cfg(not(feature = "admin"))]
impl<CelloS> ::cello::__private::Needs<CelloS> for CelloPart0 {}
impl<CelloS> ::cello::__private::ScopeNeeds<CelloS> for CelloBlueprint
where
    CelloTakes<
        (Member,),
        { CelloProbe::<(Member,)>::IS },
    >: CelloTakesFor<
        <super::CelloBlueprint as ::cello::__private::ScopeNeeds<CelloS>>::Inside,
        CelloBlueprint,
    >,
    super::CelloBlueprint: ::cello::__private::ScopeNeeds<CelloS>,
{
    type Inside = <super::CelloBlueprint as ::cello::__private::ScopeNeeds<
        CelloS,
    >>::Inside;
}
const _: () = CELLO_BLUEPRINT.check_inherited(&["org"]);
impl list {
    pub(crate) const CELLO_BLUEPRINT: CelloMounted = CELLO_MOUNTED;
}
const _: () = {
    use ::cello::__private::NoRoute as _;
    CELLO_BLUEPRINT.check_named(&<list>::cello_routes())
};
#[cfg(feature = "admin")]
impl members::add {
    pub(crate) const CELLO_BLUEPRINT: CelloMounted = CELLO_MOUNTED;
}
#[cfg(feature = "admin")]
const _: () = {
    use ::cello::__private::NoRoute as _;
    CELLO_BLUEPRINT.check_named(&<members::add>::cello_routes())
};
