//! One connection, and the requests on it: [`Worker::open`].

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;

use http::request::Parts;
use http::{Method, Version};
use http_body::Body as HttpBody;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWrite;

use super::answering::{About, Answering, Slot};
use super::held::sends_all;
use super::judge::{Expects, is_plain, judge, take_host_from_target};
use super::life::{Life, Open};
use super::pulse::Pulse;
use super::received::Received;
use super::refusal::refusal;
use super::room::{Room, Seat};
use super::roster::Roster;
use super::stream::Stream;
use super::tls::Acceptor;
use super::waker;
use super::watch::Watch;
use super::watched::Watched;
use crate::dispatch::{Turn, Via};
use crate::service::Served;
use crate::{Body, Limits, Response};

/// The smallest buffer that hyper takes.
pub(super) const LEAST_BUFFER: usize = 8 * 1024;
/// As many header fields as hyper reads without an allocation.
const FIELDS_OF_HYPER: usize = 100;
/// The most header fields that are taken, whatever the limit: a map of fields holds half as many again, and panics beyond.
const MOST_FIELDS: usize = 16 * 1024;

/// What the connections of one runtime share.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) life: Arc<Life>,
    pub(super) room: Arc<Room>,
    pub(super) limits: Limits,
    http1: http1::Builder,
    pulse: Arc<Pulse>,
    roster: Roster,
}

impl Worker {
    pub(super) fn new(mut limits: Limits, life: Arc<Life>, room: Arc<Room>) -> Arc<Self> {
        limits.header_fields = limits.header_fields.min(MOST_FIELDS);
        let mut http1 = http1::Builder::new();
        // Larger than the limit, so that most heads beyond it get an answer with a body, see `judge`.
        http1.max_buf_size(limits.header_bytes.saturating_mul(2).max(LEAST_BUFFER));
        if limits.header_fields != FIELDS_OF_HYPER {
            http1.max_headers(limits.header_fields);
        }
        let pulse = Arc::new(Pulse::new(&limits, Arc::clone(&life)));
        Arc::new(Self { life, room, limits, http1, pulse, roster: Roster::default() })
    }

    /// Serves one connection, in a task of its own.
    pub(super) fn open(
        self: &Arc<Self>,
        app: &Arc<dyn Served>,
        stream: Stream,
        peer: Option<SocketAddr>,
        tls: Option<&Acceptor>,
        seat: Seat,
    ) {
        self.pulse.move_on();
        let watch = Arc::new(Watch::new(Arc::clone(&self.pulse), peer, tls.is_some()));
        let open = (self.life.enter(), seat);
        let task = tokio::spawn(Arc::clone(self).serve(
            Arc::clone(app),
            stream,
            tls.cloned(),
            Arc::clone(&watch),
            open,
        ));
        self.roster.add(watch, task);
    }

    /// Keeps the time limits of the connections, for ever.
    pub(super) async fn keep_time(&self) {
        self.roster.sweep(&self.pulse, &self.life).await;
    }

    /// Cuts off all connections.
    pub(super) fn abort(&self) {
        self.roster.abort();
    }

    async fn serve(
        self: Arc<Self>,
        app: Arc<dyn Served>,
        stream: Stream,
        tls: Option<Acceptor>,
        watch: Arc<Watch>,
        open: (Open, Seat),
    ) {
        poll_fn(|cx| {
            watch.wake_with(&waker::of_task(cx.waker()));
            Poll::Ready(())
        })
        .await;
        let stream = match tls {
            Some(tls) => match tls.accept(stream, &watch).await {
                Ok(stream) => stream,
                Err(error) => {
                    tracing::debug!(target: "cello", peer = ?watch.peer(), "a handshake of TLS failed: {error}");
                    return;
                }
            },
            None => stream,
        };
        let refusal = refusal(Arc::clone(&app), Via::Server(Arc::clone(&watch)), self.limits.header_read);
        let stream = Watched::new(stream, Arc::clone(&watch), refusal, open);
        let app = app.of_connection();
        let ended = self.serve_protocol(&app, stream, &watch).await;
        if let Err(error) = ended {
            tracing::debug!(target: "cello", peer = ?watch.peer(), "a connection ended early: {error}");
        }
        if let Some(switch) = watch.take_switch() {
            switch.run().await;
        } else if let Some(on) = watch.take_unmet() {
            close(on).await;
        }
    }

    /// Serves the protocol that the client speaks.
    async fn serve_protocol(
        self: &Arc<Self>,
        app: &Arc<dyn Served>,
        #[cfg_attr(not(feature = "http2"), allow(unused_mut))] mut stream: Watched,
        watch: &Arc<Watch>,
    ) -> Result<(), Ended> {
        #[cfg(feature = "http2")]
        {
            let agreed = stream.has_agreed_to_http2();
            if agreed == Some(true) || (agreed.is_none() && stream.speaks_http2().await?) {
                return Ok(self.serve_http2(app, stream, watch, agreed.is_none()).await?);
            }
        }
        let via = Via::Server(Arc::clone(watch));
        let slot = Slot::new(&**app, &via);
        let service = Requests { slot: &slot, watch, limits: &self.limits };
        let connection = self.http1.serve_connection(TokioIo::new(stream), service).with_upgrades();
        Ok(sends_all(connection, watch).await?)
    }
}

/// Takes the requests of one connection.
struct Requests<'s, 'a> {
    slot: &'s Slot<'a>,
    watch: &'s Arc<Watch>,
    limits: &'s Limits,
}

impl<'s, 'a> Service<http::Request<Incoming>> for Requests<'s, 'a> {
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<'s, 'a>;

    #[inline(always)] // what is handed over is copied
    fn call(&self, request: http::Request<Incoming>) -> Self::Future {
        let Self { slot, watch, limits } = self;
        let has_body = !request.body().is_end_stream();
        let most_bytes = watch.begin(!has_body);
        if !request.extensions().is_empty() {
            note_upgrade(&request, watch);
        }
        let mut turn = Turn::empty();
        let about = take(request, most_bytes, limits, watch, &mut turn);
        slot.begin(turn, about, watch)
    }
}

/// Why a connection ended early.
type Ended = Box<dyn std::error::Error + Send + Sync>;

/// Takes head and body of a request, as the application gets them.
#[inline(always)] // what is handed over is copied
pub(super) fn take(
    request: http::Request<Incoming>,
    most_bytes: usize,
    limits: &Limits,
    watch: &Arc<Watch>,
    turn: &mut Turn,
) -> About {
    let (head, incoming) = request.into_parts();
    let Turn { request, body, .. } = turn;
    let head = request.insert(head);
    let plain = is_plain(head, most_bytes, limits);
    if plain && incoming.is_end_stream() {
        return About { has_body: false, closes: false, is_old: false };
    }
    take_closely(plain, head, incoming, most_bytes, limits, watch, body)
}

/// The same for a head that is not plain, or one with a body.
#[inline(never)] // not in the way of the others
fn take_closely(
    plain: bool,
    head: &mut Parts,
    incoming: Incoming,
    most_bytes: usize,
    limits: &Limits,
    watch: &Arc<Watch>,
    body: &mut Body,
) -> About {
    let judged = judge(plain, head, &incoming, most_bytes, limits);
    take_host_from_target(head);
    let has_body = !incoming.is_end_stream();
    let is_refused = match judged {
        Ok(Expects(waits)) => {
            if has_body {
                *body = Body::received(Received::new(incoming, Arc::clone(watch), waits));
            }
            false
        }
        Err(refused) => {
            head.extensions.insert(refused);
            true
        }
    };
    // Of a `CONNECT`, more bytes of the tunnel may have come, which are no requests.
    let connects = head.method == Method::CONNECT;
    About { has_body, closes: connects || is_refused, is_old: head.version == Version::HTTP_10 }
}

/// A request that may change the protocol, for when nobody does.
#[cold]
fn note_upgrade(request: &http::Request<Incoming>, watch: &Watch) {
    if let Some(on) = request.extensions().get::<OnUpgrade>() {
        watch.set_unmet(on.clone());
    }
}

/// The orderly end of a connection that hyper leaves open: one that was asked to change its protocol, and did not.
async fn close(on: OnUpgrade) {
    // An error says that hyper has closed it.
    let Ok(stream) = on.await else { return };
    let mut stream = TokioIo::new(stream);
    let _ = poll_fn(|cx| Pin::new(&mut stream).poll_shutdown(cx)).await;
}
