//! How many connections there may be at once: [`Room`].

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::life::{First, race};
use crate::Limits;
use crate::lock::lock;

/// How many connections there may be at once, for all workers of a server.
#[derive(Debug)]
pub(super) struct Room {
    all: Arc<Semaphore>,
    connections: usize,
    per_address: usize,
    is_full: AtomicBool,
    /// Only kept if there is a limit for each address.
    addresses: Mutex<HashMap<IpAddr, usize>>,
}

/// The place of one connection, until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    /// A server that stops serves those that wait even beyond the limit.
    _permit: Option<OwnedSemaphorePermit>,
    address: Option<(Arc<Room>, IpAddr)>,
}

impl Room {
    pub(super) fn new(limits: &Limits) -> Arc<Self> {
        let connections = limits.connections.clamp(1, Semaphore::MAX_PERMITS);
        Arc::new(Self {
            all: Arc::new(Semaphore::new(connections)),
            connections,
            per_address: limits.connections_per_address,
            is_full: AtomicBool::new(false),
            addresses: Mutex::default(),
        })
    }

    /// Until there is room for one more connection. It is not kept: a listener on which nobody calls would hold it.
    pub(super) async fn free(&self) {
        if self.all.available_permits() > 0 {
            self.is_full.store(false, Ordering::Relaxed);
        } else {
            // Said once, and not for each that comes while it is so.
            if !self.is_full.swap(true, Ordering::Relaxed) {
                let connections = self.connections;
                tracing::warn!(target: "cello", "{connections} connections are open; more are accepted when one closes");
            }
            // Never closed, so this is no error.
            let _ = self.all.acquire().await;
        }
    }

    /// A place for a connection that is accepted: at once or when there is one, without any when `hurry` comes. `None`
    /// if its address has too many.
    pub(super) async fn seat(
        self: &Arc<Self>,
        peer: Option<SocketAddr>,
        hurry: impl Future<Output = ()>,
    ) -> Option<Seat> {
        let address = match peer {
            Some(peer) if self.per_address < self.connections => {
                let address = counted(peer.ip());
                let mut addresses = lock(&self.addresses);
                let count = addresses.entry(address).or_default();
                if *count >= self.per_address {
                    return None;
                }
                *count += 1;
                Some((Arc::clone(self), address))
            }
            _ => None,
        };
        // From here on the count is given back, whatever happens.
        let mut seat = Seat { _permit: None, address };
        seat._permit = match Arc::clone(&self.all).try_acquire_owned() {
            Ok(permit) => Some(permit),
            Err(_) => match race(Arc::clone(&self.all).acquire_owned(), hurry).await {
                First::Left(permit) => permit.ok(),
                First::Right(()) => None,
            },
        };
        Some(seat)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let Some((room, address)) = self.address.take() else { return };
        let mut addresses = lock(&room.addresses);
        if let Some(count) = addresses.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                addresses.remove(&address);
            }
        }
    }
}

/// What counts as one address: of IPv6 a network of 64 bits, which one client has to itself.
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn addresses_are_counted_and_forgotten() {
        let room = Room::new(&Limits::default().connections_per_address(2));
        let peer = |text: &str| Some(SocketAddr::new(text.parse().unwrap(), 1));
        let never = std::future::pending::<()>;
        let one = room.seat(peer("2001:db8::1"), never()).await;
        let two = room.seat(peer("2001:db8::2"), never()).await;
        assert!(one.is_some() && two.is_some());
        assert!(room.seat(peer("2001:db8::3"), never()).await.is_none());
        let other = room.seat(peer("2001:db8:0:1::1"), never()).await;
        let four =
            [room.seat(peer("192.0.2.1"), never()).await, room.seat(peer("::ffff:192.0.2.1"), never()).await];
        assert!(other.is_some() && four.iter().all(Option::is_some));
        assert!(room.seat(peer("192.0.2.1"), never()).await.is_none());
        drop((one, two, other, four));
        assert!(room.addresses.lock().unwrap().is_empty());
        assert_eq!(room.all.available_permits(), room.connections);
    }
}
