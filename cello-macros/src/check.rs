//! Pass two: whether what was read makes sense, and what each argument means.

pub(crate) mod arguments;
mod foreign;
pub(crate) mod handler;
pub(crate) mod pattern;
