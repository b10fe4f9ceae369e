//! Addresses to listen on, and the sentences when they cannot be had: [`Bound`]. What listens is in `listener`.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};

use crate::{Error, Result};

/// How many connections may wait to be accepted; the system may allow fewer.
pub(super) const BACKLOG: i32 = 4096;

/// An address that is ours. Nobody can connect before [`listen`](Self::listen).
#[derive(Debug)]
pub(super) struct Bound {
    address: SocketAddr,
    sockets: Vec<Socket>,
}

impl Bound {
    /// Takes the first of the addresses that can be had, for as many listeners.
    pub(super) fn new(addresses: io::Result<Vec<SocketAddr>>, listeners: usize) -> Result<Self> {
        let addresses = addresses
            .map_err(|error| Error::msg(format!("the address to listen on cannot be understood: {error}")))?;
        let mut refused = Error::msg("there is no address to listen on: the name stands for none");
        for address in addresses {
            match Self::at(address, listeners) {
                Ok(bound) => return Ok(bound),
                Err(error) => {
                    let in_use = error.kind() == io::ErrorKind::AddrInUse;
                    refused = sentence(address, &error);
                    if in_use {
                        break; // `localhost` has two addresses; half of it is not what was asked for
                    }
                }
            }
        }
        Err(refused)
    }

    fn at(address: SocketAddr, listeners: usize) -> io::Result<Self> {
        // Without `SO_REUSEPORT` first, which would share the port with a program that has set it too.
        let first = bind(address)?;
        let address = local_address(&first)?;
        Ok(Self {
            address,
            sockets: if listeners <= 1 { vec![first] } else { multiply(first, address, listeners)? },
        })
    }

    /// The address, with the port that the system chose if it was asked to.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets clients connect.
    pub(super) fn listen(self) -> Result<Vec<Socket>> {
        let Self { address, sockets } = self;
        if sockets.len() > 1 {
            is_still_free(address).map_err(|error| sentence(address, &error))?;
        }
        let listen = |socket: Socket| {
            socket.listen(BACKLOG)?;
            Ok(socket)
        };
        sockets.into_iter().map(listen).collect::<io::Result<_>>().map_err(|error| sentence(address, &error))
    }
}

fn bind(address: SocketAddr) -> io::Result<Socket> {
    let socket = unbound(address)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

fn unbound(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    // So that a server can be started anew while connections of the one before are still closing. Elsewhere than on
    // Unix it would share the port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    Ok(socket)
}

/// As many sockets at the address of this one, among which the system shares out the connections.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn multiply(only: Socket, address: SocketAddr, count: usize) -> io::Result<Vec<Socket>> {
    drop(only); // a port is shared only by sockets that all say so before they are bound
    let shared = |_| {
        let socket = unbound(address)?;
        socket.set_reuse_port(true)?;
        socket.bind(&address.into())?;
        Ok(socket)
    };
    (0..count).map(shared).collect()
}

/// Another server may have begun to listen since the port was taken; one that shares it would not be refused. Other errors say nothing of
/// that: the right to take the port may have been given up meanwhile.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_still_free(address: SocketAddr) -> io::Result<()> {
    match bind(address) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        _ => Ok(()),
    }
}

/// Elsewhere no port is shared.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[allow(clippy::unnecessary_wraps)] // as the other
fn is_still_free(_: SocketAddr) -> io::Result<()> {
    Ok(())
}

/// As many handles of this socket: elsewhere the system would not share out connections, so all accept from one queue.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn multiply(only: Socket, _: SocketAddr, count: usize) -> io::Result<Vec<Socket>> {
    let mut sockets: Vec<_> = (1..count).map(|_| only.try_clone()).collect::<io::Result<_>>()?;
    sockets.push(only);
    Ok(sockets)
}

fn local_address(socket: &Socket) -> io::Result<SocketAddr> {
    socket.local_addr()?.as_socket().ok_or_else(|| io::ErrorKind::AddrNotAvailable.into())
}

fn sentence(address: SocketAddr, error: &io::Error) -> Error {
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "the address is already in use; stop the other program or choose another port"
        }
        io::ErrorKind::PermissionDenied => {
            "permission denied; ports below 1024 need a privilege, choose another port"
        }
        io::ErrorKind::AddrNotAvailable => {
            "this machine has no such address; 127.0.0.1 is for programs on this machine, 0.0.0.0 for all networks"
        }
        _ => return Error::msg(format!("cannot listen on {address}: {error}")),
    };
    Error::msg(format!("cannot listen on {address}: {why}"))
}

#[cfg(test)]
mod tests {
    use std::net::ToSocketAddrs;

    use super::*;

    fn taken(address: impl ToSocketAddrs, listeners: usize) -> Result<Bound> {
        Bound::new(address.to_socket_addrs().map(Iterator::collect), listeners)
    }

    fn refusal(address: &str, listeners: usize) -> String {
        match taken(address, listeners) {
            Ok(bound) => panic!("got {}", bound.address()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_port_in_use_is_refused_with_and_without_sharing() {
        for (ours, theirs) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            let bound = taken("127.0.0.1:0", ours).unwrap();
            let address = bound.address().to_string();
            let listening = bound.listen().unwrap();
            assert_eq!(listening.len(), ours);
            assert_eq!(
                refusal(&address, theirs),
                format!(
                    "cannot listen on {address}: the address is already in use; stop the other program or choose another port"
                )
            );
        }
    }

    /// As two servers that start together. Elsewhere the second is refused before.
    #[test]
    #[cfg(target_os = "linux")]
    fn of_two_that_have_taken_a_port_one_listens() {
        for (ours, theirs) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
            let first = taken("127.0.0.1:0", ours).unwrap();
            let second = taken(first.address(), theirs).unwrap();
            let listening = first.listen().unwrap();
            let refused = second.listen().map(|_| ()).unwrap_err().to_string();
            assert!(refused.contains("already in use"), "{ours}, {theirs}: {refused}");
            drop(listening);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(refusal("127.0.0.1", 1).starts_with("the address to listen on cannot be understood: "));
        assert!(refusal("203.0.113.7:0", 1).contains("this machine has no such address"));
    }

    #[test]
    fn a_port_is_free_again_at_once() {
        let bound = taken("127.0.0.1:0", 1).unwrap();
        let address = bound.address();
        drop(bound.listen().unwrap());
        assert_eq!(taken(address, 2).unwrap().address(), address);
    }
}
