//! HTTP/2 on one connection: [`Worker::serve_http2`].

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::rt::Executor;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use pin_project_lite::pin_project;

use super::connection::{LEAST_BUFFER, Worker, take};
use super::frames::Framed;
use super::streams::Running;
use super::watch::{Overdue, Watch};
use super::watched::Watched;
use crate::dispatch::{Turn, Via};
use crate::service::Served;
use crate::{Body, BodyError, Limits, Response};

/// The most bytes of a body that are handed over at once: a frame that every client takes.
const MOST_AT_ONCE: usize = 16 * 1024;
/// How long a client has to give a sign of life: at the least rate of a body, one that sends a large frame can say
/// nothing else for 68 s.
const SIGN_OF_LIFE: Duration = Duration::from_secs(75);
/// The longest time between two questions for one. hyper adds it to that of the last, which panics where there is no such time.
const LONGEST_KEEP_ALIVE: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// The most bytes of a response that wait for the client to take them, for each stream.
const MOST_WAITING: usize = 64 * 1024;

impl Worker {
    /// Serves HTTP/2 on a connection. `by_client` says that the client has begun to speak it unasked.
    pub(super) async fn serve_http2(
        self: &Arc<Self>,
        app: &Arc<dyn Served>,
        stream: Watched,
        watch: &Arc<Watch>,
        by_client: bool,
    ) -> hyper::Result<()> {
        watch.begin_http2(by_client);
        let stream = Framed::new(stream, Arc::clone(watch), self.limits.http2_resets);
        let service = service_fn(|request| self.answer_stream(app, request, watch));
        let builder = builder(&self.limits, watch);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let mut draining = pin!(self.life.draining());
        let mut told = false;
        poll_fn(|cx| {
            if !told && (watch.overdue() == Some(Overdue::Parting) || draining.as_mut().poll(cx).is_ready()) {
                told = true;
                // What is on its way is still answered: the client is asked whether it has heard.
                connection.as_mut().graceful_shutdown();
                watch.parting();
            }
            connection.as_mut().poll(cx)
        })
        .await
    }

    /// Answers the request of one stream.
    fn answer_stream(
        self: &Arc<Self>,
        app: &Arc<dyn Served>,
        mut request: http::Request<Incoming>,
        connection: &Arc<Watch>,
    ) -> impl Future<Output = Result<http::Response<Sent>, Infallible>> + Send + use<> {
        let watch = connection.begin_stream();
        join_cookies(request.headers_mut());
        let mut turn = Turn::empty();
        take(request, usize::MAX, &self.limits, &watch, &mut turn);
        let future = Arc::clone(app).answer(turn, Via::Server(Arc::clone(&watch)));
        async move {
            let mut turn = future.await;
            let response = turn.take_response();
            turn.keep();
            Ok(Sent::of(response, watch))
        }
    }
}

fn builder(limits: &Limits, watch: &Arc<Watch>) -> http2::Builder<Spawner> {
    let mut builder = http2::Builder::new(Spawner(Arc::clone(watch)));
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    builder
        .max_concurrent_streams(number(limits.http2_streams.max(1)))
        // Larger than the limit, as for HTTP/1.1: most that are beyond it get an answer with a body, see `judge`.
        .max_header_list_size(number(limits.header_bytes.saturating_mul(2).max(LEAST_BUFFER)))
        .max_local_error_reset_streams(limits.http2_resets)
        .max_send_buf_size(MOST_WAITING);
    if !limits.http2_keep_alive.is_zero() {
        builder
            .timer(TokioTimer::new())
            .keep_alive_interval(limits.http2_keep_alive.min(LONGEST_KEEP_ALIVE))
            .keep_alive_timeout(SIGN_OF_LIFE);
    }
    builder
}

/// A client may send its cookies in several fields, which the application sees as one (RFC 9113, section 8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let mut cookies = headers.get_all(header::COOKIE).iter();
    if cookies.next().is_none() || cookies.next().is_none() {
        return;
    }
    let all: Vec<&[u8]> = headers.get_all(header::COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(joined) = HeaderValue::from_bytes(&all.join(&b"; "[..])) {
        headers.insert(header::COOKIE, joined);
    }
}

/// Makes a task of each stream.
#[derive(Debug, Clone)]
struct Spawner(Arc<Watch>);

impl<F: Future<Output = ()> + Send + 'static> Executor<F> for Spawner {
    fn execute(&self, future: F) {
        // hyper makes the task of a stream right after it has called the service for it.
        match self.0.take_begun() {
            Some(watch) => {
                let running = Running::new(&self.0);
                drop(tokio::spawn(OneStream { future, watch, _running: running }));
            }
            None => drop(tokio::spawn(future)),
        }
    }
}

pin_project! {
    /// A stream, until its response is handed over. One whose client takes nothing of it ends before.
    struct OneStream<F> {
        #[pin]
        future: F,
        watch: Arc<Watch>,
        _running: Running,
    }
}

impl<F: Future<Output = ()>> Future for OneStream<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        this.watch.wake_with(cx.waker());
        let asked = this.watch.body_asked();
        // First what the client may have taken just now.
        let polled = this.future.poll(cx);
        if polled.is_pending() {
            this.watch.body_let_be_unless_asked(asked);
        }
        if this.watch.overdue() == Some(Overdue::Write) {
            // Dropped, it resets its stream.
            return Poll::Ready(());
        }
        polled
    }
}

/// The body of a response on its way. It says when a piece has been handed over, and is held to the length that its head
/// states.
struct Sent {
    body: Body,
    watch: Arc<Watch>,
    /// So many bytes are still to be sent, if the head says how many there are and the body does not.
    left: Option<u64>,
    /// So many bytes have been handed over.
    handed: u64,
    /// The last byte of a piece, which waits until the client takes what is before it.
    last: Option<Bytes>,
}

impl Sent {
    fn of(mut response: Response, watch: Arc<Watch>) -> http::Response<Self> {
        // A response that says anything of `TE` h2 does not send (RFC 9113, section 8.2.2); other fields of connections hyper
        // takes out.
        response.headers_mut().remove(header::TE);
        let stated =
            response.headers().get(header::CONTENT_LENGTH).and_then(|len| len.to_str().ok()?.parse().ok());
        let left = stated.filter(|_| response.body().exact_len().is_none());
        response.map(|body| Self { body, watch, left, handed: 0, last: None })
    }

    /// Counts a piece, and cuts off what is too much.
    fn held(
        &mut self,
        frame: Option<Result<Frame<Bytes>, BodyError>>,
    ) -> Option<Result<Frame<Bytes>, BodyError>> {
        let Some(left) = &mut self.left else { return frame };
        match frame {
            Some(Ok(frame)) => match frame.into_data() {
                Ok(mut data) => {
                    data.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= data.len() as u64;
                    Some(Ok(Frame::data(data)))
                }
                Err(other) => Some(Ok(other)),
            },
            None if *left > 0 => Some(Err(BodyError::read("it is shorter than its head says"))),
            other => other,
        }
    }

    /// Keeps the last byte back of a piece that may be the last, unless the client takes it in any case.
    ///
    /// hyper hands a piece to h2 as soon as the client takes any of it, and ends the task of a stream with the last piece: nobody
    /// would see then that the client takes no more. With the byte that is kept back it waits until the client has taken
    /// what is before.
    fn parted(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        let mut data = match frame.into_data() {
            Ok(data) => data,
            Err(other) => return other,
        };
        let goes_out = self.watch.hand_over(data.len(), self.handed);
        self.handed += data.len() as u64;
        let knows_its_end = self.left.is_some() || self.body.exact_len().is_some();
        if !goes_out && data.len() > 1 && (self.is_end_stream() || !knows_its_end) {
            self.last = Some(data.split_off(data.len() - 1));
        }
        Frame::data(data)
    }
}

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        // The next piece is asked for when the client takes some of the one before, and so all of those before that.
        self.watch.sent(true);
        if let Some(last) = self.last.take() {
            self.watch.sent(false);
            return Poll::Ready(Some(Ok(Frame::data(last))));
        }
        if self.left == Some(0) {
            return Poll::Ready(None);
        }
        let frame = self.body.poll_piece(cx, MOST_AT_ONCE);
        frame.map(|frame| {
            self.watch.sent(false);
            self.held(frame).map(|frame| frame.map(|frame| self.parted(frame)))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.last.is_none()
            && match self.left {
                Some(left) => left == 0,
                None => self.body.is_end_stream(),
            }
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(|| HttpBody::size_hint(&self.body), SizeHint::with_exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_become_one_field() {
        let mut headers = HeaderMap::new();
        for cookie in ["a=1", "b=2", "c=3"] {
            headers.append(header::COOKIE, HeaderValue::from_static(cookie));
        }
        join_cookies(&mut headers);
        let cookies: Vec<_> = headers.get_all(header::COOKIE).iter().collect();
        assert_eq!(cookies, ["a=1; b=2; c=3"]);
    }
}
