//! `xitca-router`.

use xitca_router::Router as Tree;

use super::{Router, spelled, trees};
use crate::queries::METHODS;
use crate::sets::RouteSet;

pub struct Xitca([Tree<usize>; METHODS.len()]);

impl Xitca {
    pub fn of(set: &RouteSet) -> Self {
        Self(trees(set, Tree::new, |tree, pattern, route| {
            let path = spelled(pattern, |index| format!("{{p{index}}}"), |index| format!("{{*p{index}}}"));
            tree.insert(path, route).expect("it knows such routes");
        }))
    }
}

impl Router for Xitca {
    fn find(&self, method: usize, path: &str, mut take: impl FnMut(&str)) -> Option<usize> {
        let found = self.0[method].at(path).ok()?;
        for (_, value) in found.params.iter() {
            take(value);
        }
        Some(*found.value)
    }
}
