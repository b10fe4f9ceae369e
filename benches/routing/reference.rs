//! The right answers: all routes are tried, and the best one is taken. It shares no code with the routers.

use std::cmp::Reverse;
use std::collections::HashMap;

use cello_routing::{Methods, Pattern, Segment};

use crate::sets::RouteSet;

pub struct Reference {
    routes: Vec<(Methods, Vec<Part>)>,
    /// The routes whose patterns begin with these literals, at most four, by the number of their segments; that of a
    /// rest is `REST`.
    by_start: HashMap<(usize, Vec<String>), Vec<usize>>,
}

const REST: usize = usize::MAX;

enum Part {
    Literal(String),
    Param(String, String),
    Rest,
}

impl Reference {
    pub fn of(set: &RouteSet) -> Self {
        let mut reference = Self { routes: Vec::new(), by_start: HashMap::new() };
        for (index, row) in set.rows.iter().enumerate() {
            let pattern = Pattern::parse(row.pattern).expect("the table has it too");
            let parts: Vec<_> = pattern
                .segments()
                .map(|segment| match segment {
                    Segment::Literal(literal) => Part::Literal(literal.to_owned()),
                    Segment::Param { prefix, suffix, .. } => {
                        Part::Param(prefix.to_owned(), suffix.to_owned())
                    }
                    Segment::Rest { .. } => Part::Rest,
                })
                .collect();
            let literals = parts.iter().map_while(|part| match part {
                Part::Literal(literal) => Some(literal.clone()),
                Part::Param(..) | Part::Rest => None,
            });
            let count = if matches!(parts.last(), Some(Part::Rest)) { REST } else { parts.len() };
            reference.by_start.entry((count, literals.take(4).collect())).or_default().push(index);
            reference.routes.push((row.methods, parts));
        }
        reference
    }

    /// The route for a path.
    pub fn find(&self, method: Methods, path: &str) -> Option<usize> {
        self.matching(path).filter(|&route| self.routes[route].0.contains(method)).min_by_key(|&route| {
            let precedence = |part: &Part| match part {
                Part::Literal(_) => (0, Reverse(0), Reverse(0)),
                Part::Param(prefix, suffix) if prefix.len() + suffix.len() > 0 => {
                    (1, Reverse(prefix.len() + suffix.len()), Reverse(prefix.len()))
                }
                Part::Param(..) => (2, Reverse(0), Reverse(0)),
                Part::Rest => (3, Reverse(0), Reverse(0)),
            };
            self.routes[route].1.iter().map(precedence).collect::<Vec<_>>()
        })
    }

    /// Whether there is a route for the path, whatever its method.
    pub fn knows(&self, path: &str) -> bool {
        self.matching(path).next().is_some()
    }

    fn matching(&self, path: &str) -> impl Iterator<Item = usize> {
        let segments: Vec<_> =
            path.split('/').skip(1).filter(|segment| path != "/" || !segment.is_empty()).collect();
        let starts = (0..=segments.len().min(4))
            .map(|len| segments[..len].iter().map(|&text| text.to_owned()).collect());
        let keys = starts.flat_map(|start: Vec<String>| [(segments.len(), start.clone()), (REST, start)]);
        let listed: Vec<_> = keys.filter_map(|key| self.by_start.get(&key)).flatten().copied().collect();
        listed.into_iter().filter(move |&route| matches(&self.routes[route].1, &segments))
    }
}

fn matches(parts: &[Part], segments: &[&str]) -> bool {
    match (parts, segments) {
        ([], []) | ([Part::Rest], _) => true,
        ([part, parts @ ..], [segment, segments @ ..]) => {
            let fits = match part {
                Part::Literal(literal) => literal == segment,
                Part::Param(prefix, suffix) => {
                    let inner = segment
                        .strip_prefix(prefix.as_str())
                        .and_then(|rest| rest.strip_suffix(suffix.as_str()));
                    inner.is_some_and(|value| !value.is_empty())
                }
                Part::Rest => false,
            };
            fits && matches(parts, segments)
        }
        _ => false,
    }
}
