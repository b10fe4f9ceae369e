#![doc = include_str!("../README.md")]
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;

mod escape;
mod methods;
mod pattern;
mod table;
mod text;

pub use methods::{MAX_EXTENSION_METHODS, MethodId, MethodNames, Methods, is_token};
pub use pattern::{
    Code, MAX_PATH_PARAMS, MAX_QUERY_PARAMS, Part, Pattern, PatternError, PatternErrorKind, Prefix,
    QueryParam, QueryParams, Segment, Segments, Words, join,
};
pub use table::{
    Builder, Capacity, Captures, Draft, Entry, FreezeError, Frozen, Key, Lookup, Malformed, MalformedKind,
    Match, Origin, Place, Route, Table, TableBuf,
};
