//! What the compiler makes of one `match` on the segments.

use super::Router;
use crate::queries::METHODS;
use crate::sets::ByHand;

pub struct MatchByHand(pub ByHand);

impl Router for MatchByHand {
    fn find(&self, method: usize, path: &str, take: impl FnMut(&str)) -> Option<usize> {
        self.0.find(METHODS[method].0, path, take)
    }
}
