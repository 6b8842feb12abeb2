//! How a registry is reached.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::runtime::Handle;
use tonic::body::Body;
use tonic::codegen::http::{self, HeaderValue};
use tonic::codegen::{BoxFuture, Service};
use tonic::transport::{Channel, Endpoint};

use crate::address::{Address, AddressError};
use crate::client::Client;
use crate::freshness::Notes;

const USER_AGENT: &str =
    concat!("tracery-rust/", env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// The diagnostics of a refused registration come as trailers.
const METADATA_BYTES: u32 = 1 << 20;

/// A watch has no deadline; this finds out that its server is silent. Servers take a ping every 10 seconds.
const PING_EVERY: Duration = Duration::from_secs(15);
const PING_ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// Longer deadlines are cut to this: a moment that far away is still one that clocks can name.
const LONGEST_DEADLINE: Duration = Duration::from_secs(365 * 24 * 60 * 60);

pub(crate) fn bounded(deadline: Duration) -> Duration {
    deadline.min(LONGEST_DEADLINE)
}

/// A channel to one address, for generated clients. Adds the token and the revision that is wanted at least, and notes how new
/// answers are.
#[derive(Clone)]
pub struct Connection {
    channel: Channel,
    token: Option<HeaderValue>,
    notes: Arc<Notes>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Why no token: it is a secret.
        f.debug_struct("Connection").field("channel", &self.channel).finish_non_exhaustive()
    }
}

impl Service<http::Request<Body>> for Connection {
    type Response = http::Response<Body>;
    type Error = tonic::transport::Error;
    type Future = BoxFuture<Self::Response, Self::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.channel.poll_ready(context)
    }

    fn call(&mut self, mut request: http::Request<Body>) -> Self::Future {
        if let Some(token) = &self.token {
            request.headers_mut().insert("authorization", token.clone());
        }
        self.notes.ask(request.headers_mut());
        let path = request.uri().path().to_owned();
        let notes = Arc::clone(&self.notes);
        let answer = self.channel.call(request);
        Box::pin(async move {
            let answer = answer.await?;
            notes.answered(&path, answer.headers());
            Ok(answer)
        })
    }
}

/// Which servers are trusted, and who the client is.
#[derive(Clone, Debug, Default)]
#[cfg_attr(not(feature = "tls"), allow(dead_code))]
pub struct Tls {
    ca_file: Option<PathBuf>,
    certificate: Option<(PathBuf, PathBuf)>,
}

impl Tls {
    /// Trusts whom the system trusts.
    #[must_use]
    pub fn system_roots() -> Self {
        Self::default()
    }

    /// Trusts the certificates of a PEM file, and no others.
    pub fn ca_file(file: impl AsRef<Path>) -> Self {
        Self { ca_file: Some(file.as_ref().to_owned()), certificate: None }
    }

    /// Shows the server a certificate: PEM files of the chain and of its key.
    #[must_use]
    pub fn client_certificate(mut self, chain: impl AsRef<Path>, key: impl AsRef<Path>) -> Self {
        self.certificate = Some((chain.as_ref().to_owned(), key.as_ref().to_owned()));
        self
    }
}

/// Why no client can be made. That a registry cannot be reached is found out by calls.
#[derive(Debug)]
#[non_exhaustive]
pub enum ConnectError {
    /// A text that is no address.
    Address(AddressError),
    /// A file of [`Tls`] cannot be read, or holds no certificate or key.
    Tls(String),
    /// A token that cannot be sent: its characters are not printable, or the connection is not secret.
    Token(String),
    /// There is no tokio runtime, or none can be made.
    Runtime(String),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectError::Address(error) => error.fmt(f),
            ConnectError::Tls(message) | ConnectError::Token(message) | ConnectError::Runtime(message) => {
                f.write_str(message)
            }
        }
    }
}

// Why no source: what it would say is said already.
impl std::error::Error for ConnectError {}

/// Makes a [`Client`].
///
/// ```no_run
/// use tracery::{Client, Tls};
///
/// # async fn example() -> Result<(), tracery::ConnectError> {
/// let client = Client::builder()
///     .addresses("registry-1.example.com,registry-2.example.com:7411")
///     .tls(Tls::ca_file("/etc/tracery/ca.pem"))
///     .token("secret")
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Builder {
    addresses: Option<String>,
    tls: Option<Tls>,
    token: Option<String>,
    at_least_revision: u64,
    limits: Limits,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) deadline: Duration,
    pub(crate) transfer_deadline: Duration,
    pub(crate) answer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(30),
            transfer_deadline: Duration::from_secs(30 * 60),
            answer_bytes: 256 << 20,
        }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Why no token: it is a secret.
        f.debug_struct("Builder").field("addresses", &self.addresses).field("tls", &self.tls).finish_non_exhaustive()
    }
}

impl Builder {
    /// Where the registry listens: `HOST`, `HOST:PORT` or `[IPV6]:PORT`, several with commas. Without this it is the environment's
    /// `TRACERY_SERVER`, or `localhost:7411`.
    #[must_use]
    pub fn addresses(mut self, addresses: impl Into<String>) -> Self {
        self.addresses = Some(addresses.into());
        self
    }

    /// Encrypts. Without the crate's feature `tls`, [`build`](Self::build) fails.
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Sends a token with every call; only with TLS, or to this machine.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The revision that is wanted at least; see [`Client::at_least`].
    #[must_use]
    pub fn at_least_revision(mut self, revision: u64) -> Self {
        self.at_least_revision = revision;
        self
    }

    /// How long a call with one answer may take, with everything that is tried again; 30 seconds. A negotiation has its own.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.limits.deadline = bounded(deadline);
        self
    }

    /// How long a registration or a check may take; 30 minutes.
    #[must_use]
    pub fn transfer_deadline(mut self, deadline: Duration) -> Self {
        self.limits.transfer_deadline = bounded(deadline);
        self
    }

    /// The largest single answer that is accepted; 256 MiB.
    #[must_use]
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.limits.answer_bytes = bytes;
        self
    }

    /// Makes the client, in the context of a tokio runtime. Does not wait for the registry to be there.
    ///
    /// # Errors
    ///
    /// If an address is malformed, a file of [`Tls`] is no good, a token would be sent in the clear, or there is no runtime.
    pub fn build(self) -> Result<Client, ConnectError> {
        let addresses = self.addresses.or_else(|| std::env::var("TRACERY_SERVER").ok().filter(|set| !set.is_empty()));
        let addresses =
            Address::parse_all(addresses.as_deref().unwrap_or("localhost")).map_err(ConnectError::Address)?;
        if self.token.is_some()
            && self.tls.is_none()
            && let Some(remote) = addresses.iter().find(|address| !address.is_loopback())
        {
            return Err(ConnectError::Token(format!("a token is not sent to {remote} in the clear; use TLS")));
        }
        let runtime = Handle::try_current().map_err(|_| {
            ConnectError::Runtime(
                "there is no tokio runtime here; call this in one, or use tracery::blocking::Client".to_owned(),
            )
        })?;
        let token = self.token.map(|token| bearer(&token)).transpose()?;
        // Why sooner with others to ask: a machine that is silent must not use up the time of all.
        let patience = Duration::from_millis(if addresses.len() > 1 { 700 } else { 20_000 });
        let notes = Arc::new(Notes::default());
        notes.at_least(self.at_least_revision);
        let connections = addresses
            .iter()
            .map(|address| {
                let endpoint = endpoint(address, self.tls.as_ref(), patience)?;
                let (token, notes) = (token.clone(), Arc::clone(&notes));
                Ok(Connection { channel: endpoint.connect_lazy(), token, notes })
            })
            .collect::<Result<_, ConnectError>>()?;
        Ok(Client::new(connections, notes, self.limits, runtime))
    }
}

fn bearer(token: &str) -> Result<HeaderValue, ConnectError> {
    let malformed = || ConnectError::Token("expected a token of printable ASCII characters without blanks".to_owned());
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(malformed());
    }
    let mut value = HeaderValue::try_from(format!("Bearer {token}")).map_err(|_| malformed())?;
    value.set_sensitive(true);
    Ok(value)
}

fn endpoint(address: &Address, tls: Option<&Tls>, patience: Duration) -> Result<Endpoint, ConnectError> {
    let scheme = if tls.is_some() { "https" } else { "http" };
    let endpoint = Endpoint::from_shared(format!("{scheme}://{address}"))
        .and_then(|endpoint| endpoint.user_agent(USER_AGENT))
        .map_err(|_| ConnectError::Address(AddressError::of(&address.to_string())))?
        .http2_max_header_list_size(METADATA_BYTES)
        .http2_keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_ANSWERED_WITHIN)
        .tcp_nodelay(true)
        .connect_timeout(patience);
    match tls {
        None => Ok(endpoint),
        Some(tls) => encrypted(endpoint, tls, patience),
    }
}

#[cfg(not(feature = "tls"))]
fn encrypted(_: Endpoint, _: &Tls, _: Duration) -> Result<Endpoint, ConnectError> {
    Err(ConnectError::Tls("the crate tracery was built without its feature `tls`".to_owned()))
}

#[cfg(feature = "tls")]
fn encrypted(endpoint: Endpoint, tls: &Tls, patience: Duration) -> Result<Endpoint, ConnectError> {
    use tonic::transport::{Certificate, ClientTlsConfig, Identity};

    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

    let read =
        |file: &Path| std::fs::read(file).map_err(|error| ConnectError::Tls(format!("{}: {error}", file.display())));
    // Why this is looked for: a file with none would be taken for a list that trusts nobody.
    let certificates = |file: &Path| {
        let pem = read(file)?;
        if pem.windows(BEGIN.len()).any(|window| window == BEGIN) {
            Ok(pem)
        } else {
            Err(ConnectError::Tls(format!("{}: expected certificates in PEM but found none", file.display())))
        }
    };
    let mut config = match &tls.ca_file {
        Some(file) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(certificates(file)?)),
        None => ClientTlsConfig::new().with_native_roots(),
    };
    if let Some((chain, key)) = &tls.certificate {
        config = config.identity(Identity::from_pem(certificates(chain)?, read(key)?));
    }
    // Why again: what connecting may take does not count the handshake.
    endpoint.tls_config(config.timeout(patience)).map_err(|error| {
        let reason = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        ConnectError::Tls(format!("the certificates are no good: {reason}"))
    })
}
