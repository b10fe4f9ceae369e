//! What the tests of behaviour share: an application, a process that serves it, a client that sees every byte, and a
//! load that ends in SIGTERM.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests: a test that cannot go on fails

pub mod app;
pub mod client;
pub mod http2;
pub mod load;
pub mod process;
pub mod raw;
pub mod serve;
pub mod slow;

pub use app::{Places, app, app_at};
pub use client::{Client, Fate, Reply};
pub use http2::H2;
pub use process::{MODES, Process};
pub use raw::Raw;
pub use serve::serve;
