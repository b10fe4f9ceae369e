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
        text: "/teams/<team>",
        outer: of_cello::Some(&<super::CelloBlueprint>::RECORD.prefix),
    },
    code: &[42949672964, 8317411175188922368, 34359738402],
    parent: of_cello::Some(<super::CelloBlueprint>::RECORD),
    told: "src/lib.rs\x001\x001\0",
    more: of_cello::Some({
        static _MORE: of_cello::MoreOfBlueprint = of_cello::MoreOfBlueprint {
            config: ::cello::RouteConfig::new(),
            guards: &[<Member as ::cello::__private::GuardExtractor>::GUARD],
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
    static _ITEMS: [of_cello::Item; {
        const _ALL: &[()] = &[(), #[cfg(feature = "admin")] ()];
        _ALL.len()
    }] = [
        <list>::cello_routes().item,
        #[cfg(feature = "admin")]
        <members::add>::cello_routes().item,
    ];
    static _MOUNTS: of_cello::Mounts<
        {
            const _ALL: &[()] = &[(), #[cfg(feature = "admin")] ()];
            _ALL.len()
        },
    > = of_cello::mounts(&_ITEMS);
    of_cello::Node::blueprint(&CELLO_BLUEPRINT, &_MOUNTS)
}
#[doc(hidden)]
type CelloChildren = list;
impl<CelloS> CelloNeeds<CelloS> for CelloBlueprint
where
    CelloBlueprint: of_cello::ScopeNeeds<CelloS>,
    CelloChildren: CelloNeeds<<CelloBlueprint as of_cello::ScopeNeeds<CelloS>>::Inside>,
    CelloPart0: CelloNeeds<<CelloBlueprint as of_cello::ScopeNeeds<CelloS>>::Inside>,
{}
#[doc(hidden)]
#[derive(Debug)]
pub struct CelloPart0 {}
#[cfg(feature = "admin")]
impl<CelloS> CelloNeeds<CelloS> for CelloPart0
where
    members::add: CelloNeeds<CelloS>,
{}
#[cfg(not(feature = "admin"))]
impl<CelloS> CelloNeeds<CelloS> for CelloPart0 {}
impl<CelloS> of_cello::ScopeNeeds<CelloS> for CelloBlueprint
where
    CelloTakes<
        (Member,),
        { CelloProbe::<(Member,)>::IS },
    >: CelloTakesFor<
        <super::CelloBlueprint as of_cello::ScopeNeeds<CelloS>>::Inside,
        CelloBlueprint,
    >,
    super::CelloBlueprint: of_cello::ScopeNeeds<CelloS>,
{
    type Inside = <super::CelloBlueprint as of_cello::ScopeNeeds<CelloS>>::Inside;
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
