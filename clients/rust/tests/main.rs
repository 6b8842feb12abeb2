//! The crate as who depends on it sees it.
#![allow(missing_docs)]

mod calls;
mod conformance;
mod decoding;
mod following;
mod integration;
mod package;
mod starting;
mod support;
#[cfg(feature = "tls")]
mod tls;
