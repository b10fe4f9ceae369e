//! One connection, and the requests on it: [`Worker::open`].

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::StatusCode;
use http::header::{self, HeaderValue};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use pin_project_lite::pin_project;
use tokio::net::TcpStream;

use super::life::Life;
use super::watch::{Pulse, Roster, Watch};
use super::watched::Watched;
use crate::dispatch::HeadTooLarge;
use crate::middleware::Handle;
use crate::service::OfConnection;
use crate::upgrade;
use crate::{AppService, Body, BodyError, Limits, Response};

/// The smallest buffer that hyper takes.
const LEAST_BUFFER: usize = 8 * 1024;
/// As many header fields as hyper reads without an allocation.
const FIELDS_OF_HYPER: usize = 100;

/// What the connections of one runtime share.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) life: Arc<Life>,
    limits: Limits,
    http1: http1::Builder,
    pulse: Arc<Pulse>,
    roster: Roster,
}

impl Worker {
    pub(super) fn new(limits: Limits, life: Arc<Life>) -> Arc<Self> {
        let mut http1 = http1::Builder::new();
        // Larger than the limit, so that most heads beyond it get an answer with a body, see `Worker::is_too_large`.
        http1.max_buf_size(limits.header_bytes.saturating_mul(2).max(LEAST_BUFFER));
        if limits.header_fields != FIELDS_OF_HYPER {
            http1.max_headers(limits.header_fields);
        }
        let pulse = Arc::new(Pulse::new(&limits));
        Arc::new(Self { life, limits, http1, pulse, roster: Roster::default() })
    }

    /// Serves one connection, in a task of its own.
    pub(super) fn open<H: Handle + 'static>(
        self: &Arc<Self>,
        app: &AppService<H>,
        stream: TcpStream,
        peer: SocketAddr,
    ) {
        // Answers are written whole; without this, the second of two would wait for the client's acknowledgement.
        let _ = stream.set_nodelay(true);
        self.pulse.move_on();
        let watch = Arc::new(Watch::new(Arc::clone(&self.pulse)));
        let stream = Watched::new(stream, Arc::clone(&watch), self.limits.header_read, self.life.enter());
        let task = tokio::spawn(Arc::clone(self).serve(app.clone(), stream, peer, Arc::clone(&watch)));
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

    async fn serve<H>(
        self: Arc<Self>,
        app: AppService<H>,
        stream: Watched,
        peer: SocketAddr,
        watch: Arc<Watch>,
    ) where
        H: Handle + 'static,
    {
        poll_fn(|cx| {
            watch.wake_with(cx.waker());
            Poll::Ready(())
        })
        .await;
        let app = app.of_connection();
        let service = service_fn(|request| self.answer(&app, request, peer, &watch));
        // HTTP/2 will be told apart here.
        let ended = self.http1.serve_connection(TokioIo::new(stream), service).with_upgrades().await;
        if let Err(error) = ended {
            tracing::debug!(target: "cello", %peer, "a connection ended early: {error}");
        }
        if let Some(switch) = watch.take_switch() {
            switch.run().await;
        }
    }

    /// Answers one request.
    fn answer<H: Handle + 'static>(
        self: &Arc<Self>,
        app: &OfConnection<H>,
        request: http::Request<Incoming>,
        peer: SocketAddr,
        watch: &Arc<Watch>,
    ) -> impl Future<Output = Result<http::Response<Sent>, Infallible>> + Send + use<H> {
        let most_bytes = watch.begin(request.body().is_end_stream());
        let refused = self.is_too_large(&request, most_bytes);
        let request = if refused {
            let mut request = request.map(|_| Body::empty());
            request.extensions_mut().insert(HeadTooLarge(self.limits.header_bytes));
            request
        } else {
            request.map(Body::incoming)
        };
        let (worker, watch) = (Arc::clone(self), Arc::clone(watch));
        Answering { future: app.answer(request, peer), worker, watch, refused }
    }

    /// Whether a head has more bytes than it may. `most` is how many it has at most: only if those are too many is it
    /// measured.
    fn is_too_large<B>(&self, request: &http::Request<B>, most: usize) -> bool {
        let limit = self.limits.header_bytes;
        most > limit && head_len(request) > limit
    }
}

fn close_after(response: &mut Response) {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}

/// The bytes of a head as it is usually written: one space between its parts, and the blank line at its end.
fn head_len<B>(request: &http::Request<B>) -> usize {
    let path = request.uri().path_and_query().map_or(1, |path| path.as_str().len());
    let authority = request.uri().authority().map_or(0, |authority| authority.as_str().len());
    let line = request.method().as_str().len() + path + authority + "  HTTP/1.1\r\n".len();
    let fields =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + fields.sum::<usize>() + "\r\n".len()
}

pin_project! {
    /// The answer to one request, on its way to the connection.
    struct Answering<F> {
        #[pin]
        future: F,
        worker: Arc<Worker>,
        watch: Arc<Watch>,
        refused: bool,
    }
}

impl<F: Future<Output = Response>> Future for Answering<F> {
    type Output = Result<http::Response<Sent>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (worker, watch) = (this.worker, this.watch);
        let mut response = ready!(this.future.poll(cx));
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            watch.set_switch(upgrade::switch_of(&mut response));
        } else if *this.refused || (worker.life.is_draining() && watch.may_close(worker.limits.grace)) {
            close_after(&mut response);
        }
        Poll::Ready(Ok(response.map(|body| Sent { body, watch: Arc::clone(watch) })))
    }
}

/// The body of a response on its way: says when it has been handed over.
struct Sent {
    body: Body,
    watch: Arc<Watch>,
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        HttpBody::size_hint(&self.body)
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.watch.answered();
    }
}
