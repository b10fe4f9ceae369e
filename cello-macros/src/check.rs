//! Pass two: whether what was read makes sense, and what each argument means.

pub(crate) mod arguments;
pub(crate) mod handler;
pub(crate) mod pattern;
