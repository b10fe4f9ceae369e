//! The name of one request: [`RequestId`].

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::HeaderValue;

use crate::hex::{DIGITS, hex};
use crate::{FromRequest, RequestContext};

/// Chosen by chance when the process first needs it, so that the ids of two processes differ.
static PROCESS: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(std::process::id()));
static NEXT: AtomicU64 = AtomicU64::new(BATCH);

/// How many numbers a thread draws at once: those that differ in their last digit alone, so that their texts have one length.
const BATCH: u64 = 16;

thread_local! {
    /// The next number of this thread, which draws others when it comes to those of the next batch.
    static OWN: Cell<u64> = const { Cell::new(0) };
    /// The number of a batch, none at first, and the texts of its ids, one behind the other.
    static TEXTS: RefCell<(u64, Bytes)> = const { RefCell::new((u64::MAX, Bytes::new())) };
}

/// The longest id that is accepted from a client, in bytes.
const MOST_BYTES: usize = 128;

/// The name of one request, so that what is logged of it can be found: `8c1f60a9b2d4e713-2a`.
///
/// As an argument it never fails: a request gets its id when somebody asks for it first, and keeps it. It is a number
/// chosen by chance for each process, and a counter: unique, but no secret. What a client sends as an id is believed only where
/// [`RequestIds`](super::RequestIds) says so.
///
/// ```
/// use cello::prelude::*;
///
/// #[get("/")]
/// async fn index(id: RequestId) -> String {
///     format!("this is request {id}")
/// }
/// # let client = cello::testing::TestClient::new(App::new(routes![index]));
/// # assert!(client.get("/").send().text().starts_with("this is request "));
/// ```
///
/// A middleware asks [`Next::request_id`](crate::Next::request_id). A [fallback service](crate::App::fallback_service) finds it among the
/// extensions of the request, if it has one by then.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestId(Kind);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Kind {
    /// The process and a number.
    Made(u64),
    /// By a client that is believed, or by a function of the application.
    Given(Arc<str>),
}

impl RequestId {
    /// A new id.
    pub(crate) fn make() -> Self {
        Self::numbered(Self::next_number())
    }

    /// The number of a new id: the one place where they are made. It is never 0.
    #[inline]
    pub(crate) fn next_number() -> u64 {
        let number = match OWN.get() {
            next if next % BATCH == 0 => NEXT.fetch_add(BATCH, Ordering::Relaxed),
            next => next,
        };
        OWN.set(number + 1);
        number
    }

    /// The id with a number that has been drawn for it.
    pub(crate) fn numbered(number: u64) -> Self {
        Self(Kind::Made(number))
    }

    /// An id that others have made: 1 to 128 letters, digits and `-._~+/=:@`. `None` for what is anything else: it would
    /// stand in logs and header fields.
    pub(super) fn given(text: &str) -> Option<Self> {
        let may_stand = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=:@".contains(&byte);
        let is_good = (1..=MOST_BYTES).contains(&text.len()) && text.bytes().all(may_stand);
        is_good.then(|| Self(Kind::Given(text.into())))
    }

    /// As the value of a header field.
    pub(crate) fn to_header(&self) -> HeaderValue {
        match &self.0 {
            Kind::Given(text) => sendable(HeaderValue::from_str(text)),
            Kind::Made(number) => Self::header(*number),
        }
    }

    /// That with this number, as the value of a header field. Those of a batch share one block of memory.
    pub(crate) fn header(number: u64) -> HeaderValue {
        let (batch, place) = (number / BATCH, (number % BATCH) as usize);
        let shared = TEXTS.try_with(|texts| {
            let (known, texts) = &mut *texts.borrow_mut();
            // It is for who has the first number to write them all: that is the thread which has drawn them, as a rule.
            if place == 0 {
                (*known, *texts) = (batch, texts_of(number));
            }
            let len = texts.len() / BATCH as usize;
            (*known == batch).then(|| texts.slice(place * len..(place + 1) * len))
        });
        sendable(match shared.ok().flatten() {
            Some(text) => HeaderValue::from_maybe_shared(text),
            None => HeaderValue::from_bytes(Text::of(number).as_bytes()),
        })
    }
}

/// Ids hold only characters that may stand in a header field.
fn sendable<E>(value: Result<HeaderValue, E>) -> HeaderValue {
    value.unwrap_or_else(|_| HeaderValue::from_static("-"))
}

/// Process and number as they are shown, written without the machinery of `fmt`: it is done for each request.
struct Text([u8; 33], usize);

impl Text {
    fn of(number: u64) -> Self {
        static OF_PROCESS: LazyLock<[u8; 17]> = LazyLock::new(|| {
            let mut text = [b'-'; 17];
            text.copy_from_slice(format!("{:016x}-", *PROCESS).as_bytes());
            text
        });
        let mut text = [0; 33];
        text[..17].copy_from_slice(&*OF_PROCESS);
        let (digits, count) = hex(number, 1);
        text[17..].copy_from_slice(&digits);
        Self(text, 17 + count)
    }

    fn as_bytes(&self) -> &[u8] {
        self.0.get(..self.1).unwrap_or_default()
    }
}

/// The texts of the ids of the batch that begins with this number.
fn texts_of(first: u64) -> Bytes {
    let Text(mut text, len) = Text::of(first);
    let mut texts = Vec::with_capacity(len * BATCH as usize);
    for digit in DIGITS {
        text[len - 1] = *digit;
        texts.extend_from_slice(&text[..len]);
    }
    texts.into()
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Made(number) => write!(f, "{:016x}-{number:x}", *PROCESS),
            Kind::Given(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromRequest for RequestId {
    type Rejection = Infallible;
    type State = ();

    async fn from_request(cx: &mut RequestContext<'_, Self>) -> Result<Self, Infallible> {
        Ok(cx.exchange.call.facts.request_id().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_is_shown() {
        // Alone, and in its batch.
        let numbers =
            [1, 0, 1, 15, 16, 0xabc, 0xab0, 0xabc, 0xac0, 0xac1, u64::MAX - 1, u64::MAX - 15, u64::MAX];
        for number in numbers {
            let id = RequestId(Kind::Made(number));
            assert_eq!(id.to_header(), id.to_string());
        }
        let id = RequestId::given("abc/1").map(|id| id.to_header());
        assert_eq!(id, Some(HeaderValue::from_static("abc/1")));
    }

    #[test]
    fn only_well_formed_ids_are_taken() {
        for good in [
            "a",
            "0af7651916cd43dd8448eb211c80319c",
            "6f1ed002-ab35",
            "Root=1-67891233-abcdef",
            &"x".repeat(128),
        ] {
            assert_eq!(RequestId::given(good).map(|id| id.to_string()).as_deref(), Some(good));
        }
        for bad in
            ["", " ", "a b", "a\tb", "a\"b", "a,b", "a;b", "<a>", "\u{e9}", "a\\b", "{a}", &"x".repeat(129)]
        {
            assert_eq!(RequestId::given(bad), None, "{bad}");
        }
    }

    #[test]
    fn no_two_are_the_same() {
        let make = || (0..100).map(|_| RequestId::make()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(make)).collect();
        let made = threads.into_iter().filter_map(|thread| thread.join().ok()).flatten();
        assert_eq!(made.collect::<std::collections::HashSet<_>>().len(), 400);
    }
}
