//! Text, HTML, bytes and streams.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use http::HeaderValue;

use super::{IntoResponse, typed};
use crate::body::Pieces;
use crate::{Body, Response};

/// HTML: `text/html; charset=utf-8`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[must_use = "a response is sent if a handler gives it, and does nothing otherwise"]
pub struct Html<T>(pub T);

impl<T: Into<Body>> IntoResponse for Html<T> {
    fn into_response(self) -> Response {
        typed(self.0.into(), const { HeaderValue::from_static("text/html; charset=utf-8") })
    }
}

/// A body whose pieces come from a stream of `Result<impl Into<Bytes>, _>`, sent as they come.
///
/// The content type is `application/octet-stream` unless a tuple sets another. An error in the stream ends the
/// response early, so that the client sees that it is incomplete.
///
/// ```
/// use std::convert::Infallible;
/// use std::pin::Pin;
/// use std::task::{Context, Poll};
///
/// use cello::prelude::*;
/// use tokio::sync::mpsc;
///
/// /// What a task sends. `tokio_stream` has the same as `ReceiverStream`, of which `futures_util` maps the items.
/// struct Lines(mpsc::Receiver<String>);
///
/// impl futures_core::Stream for Lines {
///     type Item = Result<String, Infallible>;
///
///     fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
///         self.0.poll_recv(cx).map(|line| line.map(Ok))
///     }
/// }
///
/// #[get("/count/<to>")]
/// async fn count(to: u32) -> ([(&'static str, &'static str); 1], Streaming<Lines>) {
///     let (sender, lines) = mpsc::channel(8);
///     tokio::spawn(async move {
///         for number in 1..=to {
///             // An error says that the client has gone.
///             if sender.send(format!("{number}\n")).await.is_err() {
///                 break;
///             }
///         }
///     });
///     ([("content-type", "text/plain")], Streaming(Lines(lines)))
/// }
///
/// let client = cello::testing::TestClient::new(App::new(routes![count]));
/// assert_eq!(client.get("/count/3").send().text(), "1\n2\n3\n");
/// ```
#[derive(Debug, Clone, Copy)]
#[must_use = "a response is sent if a handler gives it, and does nothing otherwise"]
pub struct Streaming<S>(pub S);

impl<S> IntoResponse for Streaming<S>
where
    S: Pieces + Send + 'static,
{
    fn into_response(self) -> Response {
        typed(Body::from_stream(self.0), const { HeaderValue::from_static("application/octet-stream") })
    }
}

macro_rules! typed {
    ($($type:ty => $content_type:literal),+ $(,)?) => { $(
        #[diagnostic::do_not_recommend]
        impl IntoResponse for $type {
            fn into_response(self) -> Response {
                typed(self.into(), const { HeaderValue::from_static($content_type) })
            }
        }
    )+ };
}

typed! {
    &'static str => "text/plain; charset=utf-8",
    String => "text/plain; charset=utf-8",
    &'static [u8] => "application/octet-stream",
    Vec<u8> => "application/octet-stream",
    Bytes => "application/octet-stream",
    BytesMut => "application/octet-stream",
}

impl IntoResponse for Cow<'static, str> {
    fn into_response(self) -> Response {
        match self {
            Cow::Borrowed(text) => text.into_response(),
            Cow::Owned(text) => text.into_response(),
        }
    }
}

impl IntoResponse for crate::Link {
    fn into_response(self) -> Response {
        String::from(self).into_response()
    }
}
