//! What a server refuses for its head alone: [`Refused`].

use std::time::Duration;

use http::StatusCode;

use crate::Problem;

/// The server's mark on a request that it refuses for its head. The request passes the stack as others do, without its
/// body, so that its refusal is logged and rendered; nothing is looked up for it, and its connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The head has more bytes than this.
    HeadTooLarge(usize),
    /// The head has more fields than this.
    #[cfg(feature = "http2")]
    TooManyFields(usize),
    /// The target has more bytes than this.
    TargetTooLong(usize),
    /// The head did not come to its end in this time.
    HeadTooSlow(Duration),
    /// The target is none of RFC 9112, section 3.2, or not of the form that goes with the method.
    Target,
    NoHost,
    ManyHosts,
    BadHost,
    /// `Host` is another than `:authority`.
    OtherHost,
    TransferCoding,
    Expectation,
    TraceWithContent,
}

impl Refused {
    pub(super) fn problem(self) -> Problem {
        let bad = |detail: &'static str| Problem::new(StatusCode::BAD_REQUEST).with_detail(detail);
        match self {
            Self::HeadTooLarge(limit) => Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
                .with_detail(format!("the head of the request is larger than the limit of {limit} bytes")),
            #[cfg(feature = "http2")]
            Self::TooManyFields(limit) => Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
                .with_detail(format!("the head of the request has more than {limit} fields")),
            Self::TargetTooLong(limit) => Problem::new(StatusCode::URI_TOO_LONG)
                .with_detail(format!("the target of the request is longer than the limit of {limit} bytes")),
            Self::HeadTooSlow(limit) => Problem::new(StatusCode::REQUEST_TIMEOUT)
                .with_detail(format!("the head of the request did not arrive within {limit:?}")),
            Self::Target => bad("the target of the request is not of a form that goes with its method"),
            Self::NoHost => bad("the request has no `Host`, which HTTP/1.1 asks for"),
            Self::ManyHosts => bad("the request has more than one `Host`"),
            Self::BadHost => bad("the `Host` of the request is not a host with an optional port"),
            Self::OtherHost => bad("the `Host` of the request is not its `:authority`"),
            Self::TransferCoding => bad("the body should be sent as it is, or `chunked` and nothing else"),
            Self::TraceWithContent => bad("a `TRACE` request has no body"),
            Self::Expectation => Problem::new(StatusCode::EXPECTATION_FAILED)
                .with_detail("this server meets no expectation but `100-continue`"),
        }
    }
}
