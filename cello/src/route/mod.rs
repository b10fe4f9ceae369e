//! Routes as data: what the macros write, and what `routes![...]` freezes.
//!
//! A handler is a [`Row`](row::Row), with a [`Leaf`](mount::Leaf) for const evaluation, a blueprint a [`Blueprint`](row::Blueprint); `routes![...]` flattens them into one
//! static array of [`RouteMeta`] and one frozen table.

mod beside;
pub(crate) mod freeze;
mod meta;
pub(crate) mod mount;
pub(crate) mod row;
pub(crate) mod shim;

use std::fmt;

use cello_routing::Table;

use crate::middleware::proof::Proven;

#[doc(hidden)]
pub use meta::RouteMemos;
pub use meta::{Description, ParamKind, ParamMeta, RouteConfig, RouteMeta};

/// All routes of an application, frozen: the value of `routes![...]`.
///
/// `N` is the compiler's record of the shared state that the handlers take.
pub struct Routes<N> {
    pub(crate) metas: &'static [RouteMeta],
    pub(crate) table: Table<'static>,
    _needs: std::marker::PhantomData<fn() -> N>,
}

impl<N> Routes<N> {
    #[doc(hidden)]
    pub fn new(metas: &'static [RouteMeta], table: Table<'static>, _needs: N) -> Self {
        Self { metas, table, _needs: std::marker::PhantomData }
    }

    /// The same routes, once a state has been shown to have all that they need.
    pub(crate) fn proven(self) -> Routes<Proven<N>> {
        Routes { metas: self.metas, table: self.table, _needs: std::marker::PhantomData }
    }

    /// Every route, in the order in which it was named.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'static RouteMeta> + use<N> {
        self.metas.iter()
    }
}

impl<N> fmt::Debug for Routes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.metas).finish()
    }
}
