//! The frozen table of `cello-routing`.

use cello_routing::{Lookup, MethodId, Table};

use super::Router;
use crate::queries::METHODS;
use crate::sets::RouteSet;

pub struct Cello {
    table: &'static Table<'static>,
    methods: [Option<MethodId>; METHODS.len()],
}

impl Cello {
    pub fn of(set: &RouteSet) -> Self {
        Self { table: set.table, methods: METHODS.map(|(name, _)| set.table.method(name)) }
    }
}

impl Router for Cello {
    fn find(&self, method: usize, path: &str, mut take: impl FnMut(&str)) -> Option<usize> {
        let mut answer = Lookup::NotFound;
        self.table.lookup_into(self.methods[method], path.as_bytes(), &mut answer);
        match &answer {
            Lookup::Found(found) => {
                for range in found.captures.iter() {
                    take(path.get(range).unwrap_or_default());
                }
                Some(found.route)
            }
            _ => None,
        }
    }
}
