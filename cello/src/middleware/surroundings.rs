//! What stands around a member, as far as it matters for its configuration: [`Surroundings`].

use crate::{Error, Result, RouteMeta};

/// What a member finds around it when an application is put together: those that stand further out on the way to the same handler,
/// and the routes. Each adds what others ask for.
#[doc(hidden)]
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    pub(crate) routes: &'static [RouteMeta],
    /// Without a slash at its end; empty for none.
    pub(crate) base_path: String,
    /// The route behind the stack of a blueprint or route; `None` for the stack of the application.
    pub(crate) route: Option<&'static RouteMeta>,
    pub(super) has_trusted_proxies: bool,
    /// A setting has turned them off.
    pub(super) proxies_are_off: bool,
    /// The names of limits of rates.
    pub(super) limits: Vec<String>,
    /// One of these that counts by the address of the client.
    pub(super) limit_by_client: Option<String>,
    /// Where reports may be sent to, by the nearest that says so.
    pub(super) endpoints: Vec<String>,
    /// Where the nearest policy of each of the two kinds reports to.
    pub(super) reports: [Option<String>; 2],
    /// The paths at which figures are read.
    pub(super) paths: Vec<String>,
    /// Where members lie that can stand on one way once.
    once: Vec<usize>,
}

impl Surroundings {
    /// Around an application's stack there is nothing.
    pub(crate) fn application(routes: &'static [RouteMeta], base_path: &str) -> Self {
        Self { routes, base_path: base_path.to_owned(), ..Self::default() }
    }

    /// The same on the way to this route.
    pub(crate) fn on_the_way_to(&self, route: &'static RouteMeta) -> Self {
        Self { route: Some(route), ..self.clone() }
    }

    /// Where it is, for people.
    pub(super) fn place(&self) -> String {
        match self.route {
            Some(route) => format!("around `{}`", route.handler()),
            None => "in the application's stack".to_owned(),
        }
    }

    /// Refuses a second place for what lies at this address: clones in one `Arc`, for example.
    pub(super) fn once<T>(&mut self, what: &str, shared: &T) -> Result<()> {
        let address = std::ptr::from_ref(shared).addr();
        if self.once.contains(&address) {
            return Err(Error::msg(format!(
                "{what}: the same one stands twice {}; leave one out, or make two of them",
                self.place()
            )));
        }
        self.once.push(address);
        Ok(())
    }
}
