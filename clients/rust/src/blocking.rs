//! For tools without an async runtime.

use std::future::Future;

use tokio::runtime::{self, Runtime};

use crate::connect::{Builder, ConnectError};
use crate::negotiate::{NegotiateError, NegotiateOptions};
use crate::negotiated::Negotiated;
use crate::tool::Tool;
use crate::tracefs::KernelFormats;

/// A [`Client`](crate::Client) with a runtime of its own, which runs while a method does. Not to be used inside of another
/// runtime.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = tracery::blocking::Client::connect("localhost:7411")?;
/// let status = client.wait(client.calls().status(Default::default()))?;
/// println!("{} kernels", status.kernel_count);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Client {
    client: crate::Client,
    runtime: Runtime,
}

impl Client {
    /// A client of the registry at `HOST:PORT`, or at several with commas; without encryption.
    ///
    /// # Errors
    ///
    /// If an address is malformed, or the operating system has no file descriptor left.
    pub fn connect(addresses: impl Into<String>) -> Result<Self, ConnectError> {
        Self::build(crate::Client::builder().addresses(addresses))
    }

    /// A client with options.
    ///
    /// # Errors
    ///
    /// As [`Builder::build`], or if the operating system has no file descriptor left.
    pub fn build(options: Builder) -> Result<Self, ConnectError> {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| ConnectError::Runtime(format!("cannot make a tokio runtime: {error}")))?;
        let client = {
            let _context = runtime.enter();
            options.build()?
        };
        Ok(Self { client, runtime })
    }

    /// The calls, for [`wait`](Self::wait).
    #[must_use]
    pub fn calls(&self) -> &crate::Client {
        &self.client
    }

    /// Waits for a call.
    pub fn wait<F: Future>(&self, call: F) -> F::Output {
        self.runtime.block_on(call)
    }

    /// As [`Client::negotiate`](crate::Client::negotiate).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn negotiate(&self, tool: &Tool, kernel: &dyn KernelFormats) -> Result<Negotiated, NegotiateError> {
        self.wait(self.client.negotiate(tool, kernel))
    }

    /// As [`Client::negotiate_with`](crate::Client::negotiate_with).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn negotiate_with(
        &self,
        tool: &Tool,
        kernel: &dyn KernelFormats,
        options: &NegotiateOptions,
    ) -> Result<Negotiated, NegotiateError> {
        self.wait(self.client.negotiate_with(tool, kernel, options))
    }
}
