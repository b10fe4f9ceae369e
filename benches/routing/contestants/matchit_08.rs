//! `matchit` as axum 0.8 uses it. It knows no affixes: routes with some are told apart by the value of their parameter.

use cello_routing::{Pattern, Segment};
use matchit_08::Router as Tree;

use super::{Router, spelled, trees};
use crate::queries::METHODS;
use crate::sets::RouteSet;

pub struct Matchit([Tree<usize>; METHODS.len()], Vec<Leaf>);

/// The routes that are one to matchit.
#[derive(Default)]
struct Leaf {
    plain: Option<usize>,
    affixed: Vec<Affixed>,
}

struct Affixed {
    param: usize,
    prefix: String,
    suffix: String,
    route: usize,
}

impl Matchit {
    pub fn of(set: &RouteSet) -> Self {
        let mut leaves: Vec<Leaf> = Vec::new();
        let trees = trees(set, Tree::new, |tree, pattern, route| {
            let path = bare(pattern);
            let known = tree.at_mut(&path).ok().map(|found| *found.value);
            let leaf = known.unwrap_or_else(|| {
                leaves.push(Leaf::default());
                tree.insert(path, leaves.len() - 1).expect("it knows such routes");
                leaves.len() - 1
            });
            match affixed(pattern, route) {
                Some(affixed) => leaves[leaf].affixed.push(affixed),
                None => leaves[leaf].plain = Some(route),
            }
        });
        Self(trees, leaves)
    }
}

impl Router for Matchit {
    fn find(&self, method: usize, path: &str, mut take: impl FnMut(&str)) -> Option<usize> {
        let found = self.0[method].at(path).ok()?;
        let leaf = &self.1[*found.value];
        if leaf.affixed.is_empty() {
            for (_, value) in found.params.iter() {
                take(value);
            }
            return leaf.plain;
        }
        let inner = |affixed: &Affixed| {
            let (_, value) = found.params.iter().nth(affixed.param)?;
            let value = value.strip_prefix(&*affixed.prefix)?.strip_suffix(&*affixed.suffix)?;
            (!value.is_empty()).then_some((affixed.param, value, affixed.route))
        };
        let special = leaf.affixed.iter().find_map(inner);
        let route = special.map(|special| special.2).or(leaf.plain)?;
        for (index, (_, value)) in found.params.iter().enumerate() {
            take(special.filter(|special| special.0 == index).map_or(value, |special| special.1));
        }
        Some(route)
    }
}

/// The pattern without affixes.
fn bare(pattern: &Pattern<'_>) -> String {
    spelled(pattern, |index| format!("{{p{index}}}"), |index| format!("{{*p{index}}}"))
        .split('/')
        .map(|segment| match (segment.find('{'), segment.find('}')) {
            (Some(start), Some(end)) => &segment[start..=end],
            _ => segment,
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// The parameter with affixes, of which the sets have at most one in a pattern.
fn affixed(pattern: &Pattern<'_>, route: usize) -> Option<Affixed> {
    let params = pattern.segments().filter(|segment| segment.name().is_some());
    params.enumerate().find_map(|(param, segment)| match segment {
        Segment::Param { prefix, suffix, .. } if !(prefix.is_empty() && suffix.is_empty()) => {
            Some(Affixed { param, prefix: prefix.to_owned(), suffix: suffix.to_owned(), route })
        }
        _ => None,
    })
}
