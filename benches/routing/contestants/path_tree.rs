//! `path-tree`.

use path_tree::PathTree;

use super::{Router, spelled, trees};
use crate::queries::METHODS;
use crate::sets::RouteSet;

pub struct Tree([PathTree<usize>; METHODS.len()]);

impl Tree {
    pub fn of(set: &RouteSet) -> Self {
        Self(trees(set, PathTree::new, |tree, pattern, route| {
            let path = spelled(pattern, |index| format!(":p{index}"), |index| format!(":p{index}+"));
            let _id = tree.insert(&path, route);
        }))
    }
}

impl Router for Tree {
    fn find(&self, method: usize, path: &str, mut take: impl FnMut(&str)) -> Option<usize> {
        let (route, found) = self.0[method].find(path)?;
        for (_, value) in found.params_iter() {
            take(value);
        }
        Some(*route)
    }
}
