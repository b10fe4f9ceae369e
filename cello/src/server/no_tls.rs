//! What stands for TLS where the feature `tls` is off: nothing, so that the code around it is the same.

use std::io;

use super::stream::Stream;
use super::watch::Watch;
use crate::Result;

/// There is none.
#[derive(Debug, Clone)]
pub(crate) enum Tls {}

impl Tls {
    pub(super) fn acceptor(&self) -> Result<Acceptor> {
        match *self {}
    }
}

pub(super) async fn keep_fresh(_: &[Tls], _: bool) {
    std::future::pending::<()>().await;
}

/// There is none.
#[derive(Debug, Clone)]
pub(super) enum Acceptor {}

impl Acceptor {
    pub(super) async fn accept(&self, _: Stream, _: &Watch) -> io::Result<Stream> {
        match *self {}
    }
}
