//! What becomes a body by `into()`.

use bytes::{Bytes, BytesMut};

use super::{Body, Kind};

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::of(if bytes.is_empty() { Kind::Empty } else { Kind::Full(bytes) })
    }
}

impl From<BytesMut> for Body {
    fn from(bytes: BytesMut) -> Self {
        bytes.freeze().into()
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

impl From<&'static [u8]> for Body {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl From<()> for Body {
    fn from((): ()) -> Self {
        Self::empty()
    }
}
