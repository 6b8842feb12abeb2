#![doc = include_str!("../README.md")]

mod address;
pub mod blocking;
mod cache;
mod call;
mod client;
mod connect;
pub mod decode;
mod format;
mod freshness;
mod negotiate;
mod negotiated;
mod pages;
mod tool;
mod tracefs;
mod translate;
mod upload;
mod watch;

pub use address::{Address, AddressError};
pub use call::{CallError, FieldViolation, Resource};
pub use client::Client;
pub use connect::{Builder, ConnectError, Connection, Tls};
pub use decode::{Decoder, Field, Record, Value};
pub use format::{format_id, layout_hash};
pub use freshness::Freshness;
pub use negotiate::{NegotiateError, NegotiateOptions};
pub use negotiated::{Negotiated, Source};
pub use pages::Pages;
/// The gRPC library, whose status codes and channels are part of this interface.
pub use tonic;
pub use tool::Tool;
pub use tracefs::{Formats, IdentityError, KernelFormats, Tracefs};
pub use translate::{TraceItems, TraceSender};
pub use upload::Upload;
pub use watch::Watcher;

/// The messages of `descriptor.proto`, in which Tracery's own options are ordinary fields.
pub use generated::google::protobuf as descriptor;
/// The messages of the protocol, and the generated gRPC clients for calls that [`Client`] has no method for.
pub use generated::tracery::v1;

// The generated code names its packages from a common root.
#[allow(missing_docs, clippy::all, clippy::pedantic, rustdoc::all)]
mod generated {
    pub mod google {
        pub mod protobuf {
            include!("generated/google.protobuf.rs");
        }
    }
    pub mod tracery {
        pub mod v1 {
            include!("generated/tracery.v1.rs");
        }
    }
}
