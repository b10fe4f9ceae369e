//! All places at which a server listens, besides the first: [`Place`], and those that it has: [`Places`].

use std::fmt;
use std::io;
use std::net::SocketAddr;
#[cfg(unix)]
use std::path::PathBuf;
#[cfg(unix)]
use std::sync::Arc;

use socket2::Socket;

use super::listen::Bound;
use super::listener::Listener;
#[cfg(unix)]
use super::socket_file::SocketFile;
use super::tls::{Acceptor, Tls};
use crate::{Error, Result};

/// A place to listen at.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// The first of these addresses that can be had, and what is spoken there besides HTTP.
    Tcp(Vec<SocketAddr>, Option<Tls>),
    #[cfg(unix)]
    Unix(PathBuf),
}

/// Places that are ours, at which nobody can connect before [`listen`](Self::listen).
#[derive(Debug)]
pub(super) struct Places {
    taken: Vec<Taken>,
    workers: usize,
}

#[derive(Debug)]
enum Taken {
    Tcp(Bound, Option<Acceptor>),
    #[cfg(unix)]
    Unix(Socket, Arc<SocketFile>),
}

/// What one worker listens with.
#[derive(Debug)]
pub(super) enum Listening {
    Tcp(Socket, Option<Acceptor>),
    #[cfg(unix)]
    Unix(Socket, Arc<SocketFile>),
}

impl Places {
    /// Takes the places, for as many workers.
    pub(super) fn take(
        first: Option<(Bound, Option<Acceptor>)>,
        others: &[Place],
        workers: usize,
    ) -> Result<Self> {
        let mut taken: Vec<Taken> = first.map(|(bound, tls)| Taken::Tcp(bound, tls)).into_iter().collect();
        for place in others {
            taken.push(match place {
                Place::Tcp(addresses, tls) => {
                    let tls = tls.as_ref().map(Tls::acceptor).transpose()?;
                    Taken::Tcp(Bound::new(Ok(addresses.clone()), workers)?, tls)
                }
                #[cfg(unix)]
                Place::Unix(path) => {
                    let (socket, file) = SocketFile::bind(path.clone())?;
                    Taken::Unix(socket, Arc::new(file))
                }
            });
        }
        Ok(Self { taken, workers })
    }

    /// What stands behind `Listening on`, for each place.
    pub(super) fn names(&self) -> Vec<String> {
        self.taken.iter().map(ToString::to_string).collect()
    }

    /// Lets clients connect. What each worker listens with.
    pub(super) fn listen(self) -> Result<Vec<Vec<Listening>>> {
        let mut workers: Vec<Vec<Listening>> = (0..self.workers).map(|_| Vec::new()).collect();
        for taken in self.taken {
            match taken {
                Taken::Tcp(bound, tls) => {
                    for (worker, socket) in workers.iter_mut().zip(bound.listen()?) {
                        worker.push(Listening::Tcp(socket, tls.clone()));
                    }
                }
                #[cfg(unix)]
                Taken::Unix(socket, file) => {
                    file.listen(&socket)?;
                    // The system does not share out such connections, so all accept from one queue.
                    for worker in &mut workers {
                        let socket = socket.try_clone().map_err(|error| file.refused(&error))?;
                        worker.push(Listening::Unix(socket, Arc::clone(&file)));
                    }
                }
            }
        }
        Ok(workers)
    }
}

/// As the banner tells it.
impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(bound, None) => write!(f, "http://{}", bound.address()),
            Self::Tcp(bound, Some(_)) => write!(f, "https://{}", bound.address()),
            #[cfg(unix)]
            Self::Unix(_, file) => write!(f, "unix:{}", file.path().display()),
        }
    }
}

/// The listeners of one worker. Within its runtime.
pub(super) fn listeners(sockets: Vec<Listening>) -> Result<Vec<Listener>> {
    let listener = |listening| match listening {
        Listening::Tcp(socket, tls) => Listener::tcp(socket, tls),
        #[cfg(unix)]
        Listening::Unix(socket, file) => Listener::unix(socket, file),
    };
    let refused = |error: io::Error| Error::msg(format!("the server cannot start: {error}"));
    sockets.into_iter().map(listener).collect::<io::Result<_>>().map_err(refused)
}
