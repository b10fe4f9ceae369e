#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod escape;
mod hash;
mod methods;
mod pattern;
mod table;
mod text;

pub use methods::{MAX_EXTENSION_METHODS, MethodId, MethodNames, Methods, is_token};
pub use pattern::{
    MAX_PATH_PARAMS, MAX_QUERY_PARAMS, Pattern, PatternError, PatternErrorKind, QueryParam, QueryParams,
    Segment, Segments, join, join_into, joined_len,
};
pub use table::{
    Capacity, Captures, Draft, FreezeError, Frozen, Lookup, Malformed, MalformedKind, Match, Origin, Route,
    Table, TableBuf,
};
