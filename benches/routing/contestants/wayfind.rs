//! `wayfind`.

use wayfind::{Router as Tree, RouterBuilder};

use super::{Router, spelled, trees};
use crate::queries::METHODS;
use crate::sets::RouteSet;

pub struct Wayfind([Tree<usize>; METHODS.len()]);

impl Wayfind {
    pub fn of(set: &RouteSet) -> Self {
        let builders = trees(set, RouterBuilder::new, |tree, pattern, route| {
            let path = spelled(pattern, |index| format!("<p{index}>"), |index| format!("<*p{index}>"));
            tree.insert(&path, route).expect("it knows such routes");
        });
        Self(builders.map(RouterBuilder::build))
    }
}

impl Router for Wayfind {
    fn find(&self, method: usize, path: &str, mut take: impl FnMut(&str)) -> Option<usize> {
        let found = self.0[method].search(path)?;
        for &(_, value) in found.parameters() {
            take(value);
        }
        Some(*found.data())
    }
}
