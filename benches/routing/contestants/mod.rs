//! The routers, each put to its best use.

mod cello;
mod match_by_hand;
mod matchit_08;
mod matchit_newest;
mod path_tree;
mod wayfind;
mod xitca_router;

use cello_routing::Pattern;
use cello_routing::Segment;

use crate::queries::{METHODS, Queries};
use crate::sets::RouteSet;

/// A router with the routes of one set.
pub trait Router {
    /// Finds the route for a path, and gives its parameters to `take`, in order.
    fn find(&self, method: usize, path: &str, take: impl FnMut(&str)) -> Option<usize>;
}

/// A router, and how it is called.
pub struct Contestant {
    pub name: &'static str,
    /// Whether the ratio is taken to the best of these.
    pub peer: bool,
    pub router: Box<dyn Contest>,
}

/// All that know how to serve these routes.
pub fn of(set: &RouteSet) -> Vec<Contestant> {
    let contestant = |name, router| Contestant { name, peer: true, router };
    let mut all = vec![
        Contestant { name: "cello", peer: false, router: Box::new(cello::Cello::of(set)) },
        contestant("matchit 0.9", Box::new(matchit_newest::Matchit::of(set))),
        contestant("matchit 0.8", Box::new(matchit_08::Matchit::of(set))),
        contestant("wayfind 1.1", Box::new(wayfind::Wayfind::of(set))),
        contestant("path-tree 0.8", Box::new(path_tree::Tree::of(set))),
        contestant("xitca-router 0.4", Box::new(xitca_router::Xitca::of(set))),
    ];
    if let Some(by_hand) = set.by_hand {
        let router = Box::new(match_by_hand::MatchByHand(by_hand));
        all.push(Contestant { name: "a match by hand", peer: false, router });
    }
    all
}

/// What is done with a router; one dynamic call for thousands of lookups.
pub trait Contest {
    /// Looks all queries up and gives a number that depends on each answer.
    fn pass(&self, queries: &Queries) -> usize;

    /// What it answers to one query: the route, and the parameters.
    fn answer(&self, method: usize, path: &str) -> (Option<usize>, Vec<String>);
}

impl<R: Router> Contest for R {
    #[inline(never)] // the script that counts instructions finds it by its name
    fn pass(&self, queries: &Queries) -> usize {
        let mut sum = 0_usize;
        for (method, path) in queries.iter() {
            let path = std::hint::black_box(path);
            let route = self.find(method, path, |value| {
                sum = sum
                    .wrapping_add(value.len())
                    .wrapping_add(value.as_bytes().first().map_or(0, |&byte| byte.into()));
            });
            sum = sum.wrapping_add(route.unwrap_or(0));
        }
        sum
    }

    fn answer(&self, method: usize, path: &str) -> (Option<usize>, Vec<String>) {
        let mut params = Vec::new();
        let route = self.find(method, path, |value| params.push(value.to_owned()));
        (route, params)
    }
}

/// A tree for each method, for routers that know no methods.
fn trees<T>(
    set: &RouteSet,
    new: impl Fn() -> T,
    mut insert: impl FnMut(&mut T, &Pattern<'_>, usize),
) -> [T; METHODS.len()] {
    let mut trees = METHODS.map(|_| new());
    for (index, row) in set.rows.iter().enumerate() {
        let pattern = Pattern::parse(row.pattern).expect("the table has it too");
        for (tree, (_, method)) in trees.iter_mut().zip(METHODS) {
            if row.methods.contains(method) {
                insert(tree, &pattern, index);
            }
        }
    }
    trees
}

/// A pattern in other words; parameters are named by their number, since some want the same name at the same place.
fn spelled(pattern: &Pattern<'_>, param: impl Fn(usize) -> String, rest: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    let mut count = 0;
    for segment in pattern.segments() {
        text.push('/');
        match segment {
            Segment::Literal(literal) => text.push_str(literal),
            Segment::Param { prefix, suffix, .. } => text += &format!("{prefix}{}{suffix}", param(count)),
            Segment::Rest { .. } => text.push_str(&rest(count)),
        }
        count += usize::from(segment.name().is_some());
    }
    if text.is_empty() { "/".to_owned() } else { text }
}
