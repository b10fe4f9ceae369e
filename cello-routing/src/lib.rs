//! The routing core of Cello.
#![no_std]
#![forbid(unsafe_code)]
