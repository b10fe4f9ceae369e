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

/// Nothing is to be told.
pub(super) struct Told;

impl Told {
    pub(super) fn never() -> Self {
        Self
    }
}

pub(super) fn told(_: &[Tls]) -> Told {
    Told
}

pub(super) async fn keep_fresh(_: &[Tls], _: Told) {
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
