//! Pass one: from token trees to the model. Nothing here knows what a path pattern means.

pub(crate) mod arguments;
pub(crate) mod attributes;
pub(crate) mod cursor;
pub(crate) mod entries;
pub(crate) mod handler;
pub(crate) mod manifest;
pub(crate) mod members;
pub(crate) mod module;
pub(crate) mod signature;
pub(crate) mod source;
#[cfg(test)]
mod tests;
pub(crate) mod types;
