//! The server.

use std::future::Future;
use std::net::ToSocketAddrs;

use crate::{Application, Limits, Result};

/// How an application is served.
#[derive(Debug, Clone, Default)]
pub struct ServerConfig {
    pub(crate) limits: Limits,
    pub(crate) workers: Option<usize>,
    pub(crate) threading: Threading,
    pub(crate) banner: bool,
}

/// How the threads of a server share the work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Threading {
    /// One runtime, whose threads take work from each other.
    #[default]
    Shared,
    /// A runtime for each thread, with a listener of its own.
    PerWorker,
}

pub(crate) fn run(_app: impl Application, _address: impl ToSocketAddrs) -> Result<()> {
    Err(crate::Error::msg("the server is not there yet"))
}

pub(crate) async fn serve(_app: impl Application, _listener: tokio::net::TcpListener) -> Result<()> {
    Err(crate::Error::msg("the server is not there yet"))
}

pub(crate) async fn serve_until(
    _app: impl Application,
    _listener: tokio::net::TcpListener,
    _shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    Err(crate::Error::msg("the server is not there yet"))
}
