//! Cello: a web framework whose routes are frozen at compile time.
#![forbid(unsafe_code)]
