//! Not there yet.

use super::{Handle, Middleware, Next};
use crate::{Request, Response};

/// Not there yet.
#[derive(Debug, Clone, Default)]
pub struct Compression {}

impl Middleware for Compression {
    async fn handle<'a>(&'a self, request: Request, next: Next<'a, impl Handle>) -> Response {
        next.run(request).await
    }
}
