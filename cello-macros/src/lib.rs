//! The attribute macros of Cello.
#![forbid(unsafe_code)]
