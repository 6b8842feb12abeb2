//! Calls, their failures, and when they are tried again.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::sync::atomic::Ordering;
use std::time::Duration;

use prost::Message;
use tokio::time::Instant;
use tonic::{Code, Status};

use crate::client::Client;
use crate::connect::Connection;
use crate::v1;
use v1::admin_service_client::AdminServiceClient;

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const RETRIES: u32 = 3;
/// How long one of several addresses may be silent before the next is asked.
const FIRST_PATIENCE: Duration = Duration::from_secs(1);

/// A call that failed, with what the registry said about it.
#[derive(Clone, Debug)]
pub struct CallError {
    code: Code,
    message: String,
    details: Box<Details>,
}

#[derive(Clone, Debug, Default)]
struct Details {
    reason: String,
    violations: Vec<FieldViolation>,
    diagnostics: Vec<v1::Diagnostic>,
    resource: Option<Resource>,
    report: Option<v1::CompatibilityReport>,
}

/// A field of a request that is wrong.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct FieldViolation {
    /// Its path: `header.identity.page_size`.
    #[prost(string, tag = "1")]
    pub field: String,
    /// What is wrong with it.
    #[prost(string, tag = "2")]
    pub description: String,
}

/// Something in a registry.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Resource {
    /// What it is: `kernel`.
    #[prost(string, tag = "1")]
    pub kind: String,
    /// Which one.
    #[prost(string, tag = "2")]
    pub name: String,
}

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, prost::Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<prost_types::Any>,
}

/// `google.rpc.ErrorInfo`.
#[derive(Clone, PartialEq, Eq, prost::Message)]
struct ErrorInfo {
    #[prost(string, tag = "1")]
    reason: String,
}

/// `google.rpc.BadRequest`.
#[derive(Clone, PartialEq, Eq, prost::Message)]
struct BadRequest {
    #[prost(message, repeated, tag = "1")]
    violations: Vec<FieldViolation>,
}

impl CallError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), details: Box::default() }
    }

    pub(crate) fn lost(self, what: &str) -> Self {
        let message = format!("the connection to the registry was lost ({}); {what}", self.message);
        let details = Details { reason: "CONNECTION_LOST".to_owned(), ..Details::default() };
        Self { code: self.code, message, details: Box::new(details) }
    }

    /// The status code. `Unavailable` means that the registry could not be reached or went away.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// What went wrong, for people.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The reason within the code, as the registry names it: `STORE_FULL`, `STORE_UNAVAILABLE`, `WRITE_UNCERTAIN`; or `CONNECTION_LOST`, by this client: the registry
    /// went away in the middle of a registration, which may or may not have been done. Empty if there is none.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.details.reason
    }

    /// Which fields of the request are wrong.
    #[must_use]
    pub fn violations(&self) -> &[FieldViolation] {
        &self.details.violations
    }

    /// What was found in the formats that were sent.
    #[must_use]
    pub fn diagnostics(&self) -> &[v1::Diagnostic] {
        &self.details.diagnostics
    }

    /// What is not there.
    #[must_use]
    pub fn resource(&self) -> Option<&Resource> {
        self.details.resource.as_ref()
    }

    /// What the kernel breaks whose registration was refused for that.
    #[must_use]
    pub fn report(&self) -> Option<&v1::CompatibilityReport> {
        self.details.report.as_ref()
    }

    /// Whether the registry could not be reached, or went away, and did not refuse. A grpc-java server that is stopped
    /// resets its streams, which arrives as Cancelled.
    pub(crate) fn is_lost(&self) -> bool {
        self.reason().is_empty() && matches!(self.code, Code::Unavailable | Code::Cancelled)
    }
}

impl From<Status> for CallError {
    fn from(status: Status) -> Self {
        let mut details = Details::default();
        // Why nothing fails here: a detail that cannot be read must not hide the status that it explains.
        for detail in RpcStatus::decode(status.details()).unwrap_or_default().details {
            let value = detail.value.as_slice();
            match detail.type_url.rsplit('/').next() {
                Some("google.rpc.ErrorInfo") => details.reason = ErrorInfo::decode(value).unwrap_or_default().reason,
                Some("google.rpc.BadRequest") => {
                    details.violations.append(&mut BadRequest::decode(value).unwrap_or_default().violations);
                }
                Some("google.rpc.ResourceInfo") => details.resource = Resource::decode(value).ok(),
                Some("tracery.v1.Diagnostic") => details.diagnostics.extend(v1::Diagnostic::decode(value)),
                Some("tracery.v1.CompatibilityReport") => details.report = v1::CompatibilityReport::decode(value).ok(),
                _ => {}
            }
        }
        Self { code: code(&status), message: message(&status), details: Box::new(details) }
    }
}

/// The status' code; a connection that broke is Unavailable, as in every other gRPC library, and not tonic's Unknown.
fn code(status: &Status) -> Code {
    let causes = || std::iter::successors(status.source(), |cause: &&(dyn Error + 'static)| (*cause).source());
    match status.code() {
        Code::Unknown if causes().count() > 0 => Code::Unavailable,
        Code::Internal if causes().any(|cause| cause.is::<std::io::Error>()) => Code::Unavailable,
        code => code,
    }
}

/// The status' message; for a connection that failed, the operating system's reason, too.
fn message(status: &Status) -> String {
    let said = if status.message().is_empty() { "no reason given" } else { status.message() };
    let mut root: Option<&dyn Error> = status.source();
    while let Some(source) = root.and_then(Error::source) {
        root = Some(source);
    }
    match root.map(ToString::to_string) {
        // What rustls says of an answer that is no TLS.
        Some(root) if root.contains("InvalidContentType") => format!("{root}; the server does not speak TLS"),
        Some(root) if !said.contains(&root) => format!("{said}: {root}"),
        _ => said.to_owned(),
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        // Why not all: a registry's message has the first already.
        for FieldViolation { field, description } in self.violations() {
            let said = format!("{field}: {description}");
            if !self.message.contains(&said) {
                write!(f, "; {said}")?;
            }
        }
        for found in self.diagnostics() {
            write!(f, "; {}:{}:{}: {}", found.file, found.line, found.column, found.message)?;
        }
        Ok(())
    }
}

impl Error for CallError {}

/// How a call at one address failed.
pub(crate) enum Failure {
    /// It is unavailable or silent: the next is asked.
    PassedOver(CallError),
    Final(CallError),
}

impl Failure {
    pub(crate) fn of(error: CallError) -> Self {
        if error.code == Code::Unavailable { Self::PassedOver(error) } else { Self::Final(error) }
    }
}

impl Client {
    /// Turns to the next address.
    pub(crate) fn ask_another(&self) {
        self.current().fetch_add(1, Ordering::Relaxed);
    }

    /// Makes a call that reads and has one answer. Addresses that are unavailable or silent are passed over, and after a pause
    /// all of them are asked again, as long as the time allows; nothing else is tried again.
    pub(crate) async fn call<T, F, A>(&self, within: Duration, call: F) -> Result<T, CallError>
    where
        F: Fn(Connection) -> A,
        A: Future<Output = Result<T, Status>>,
    {
        self.in_turn(Instant::now() + within, |connection, limit| once(limit, within, call(connection))).await
    }

    /// Turns to an address that answers, if there is a choice.
    pub(crate) async fn find(&self, within: Duration) -> Result<(), CallError> {
        if self.connections().len() == 1 {
            return Ok(());
        }
        let status = |connection: Connection, limit: Instant| async move {
            let mut stub = AdminServiceClient::new(connection);
            match once(limit, within, stub.get_status(v1::GetStatusRequest::default())).await {
                Err(Failure::PassedOver(error)) => Err(Failure::PassedOver(error)),
                // What it refuses it will refuse again, and better.
                Ok(_) | Err(Failure::Final(_)) => Ok(()),
            }
        };
        self.in_turn(Instant::now() + within, status).await
    }

    /// Makes an attempt at each address, which may be silent until the moment that the attempt is told, until one is not
    /// passed over; and after pauses at each again.
    pub(crate) async fn in_turn<T, F, A>(&self, end: Instant, attempt: F) -> Result<T, CallError>
    where
        F: Fn(Connection, Instant) -> A,
        A: Future<Output = Result<T, Failure>>,
    {
        let count = self.connections().len();
        for round in 0.. {
            let mut failure = CallError::new(Code::Unavailable, "there is no address");
            for left in (1..=count).rev() {
                let mut patience = end.saturating_duration_since(Instant::now()) / u32::try_from(left).unwrap_or(1);
                if round == 0 && count > 1 {
                    patience = patience.min(FIRST_PATIENCE);
                }
                let at = self.current().load(Ordering::Relaxed);
                let connection = self.connections()[at % count].clone();
                match attempt(connection, Instant::now() + patience).await {
                    Ok(answer) => return Ok(answer),
                    Err(Failure::Final(error)) => return Err(error),
                    Err(Failure::PassedOver(error)) => {
                        failure = error;
                        // Why not always: another call may have turned to it.
                        let _ = self.current().compare_exchange(
                            at,
                            at.wrapping_add(1),
                            Ordering::Relaxed,
                            Ordering::Relaxed,
                        );
                    }
                }
            }
            let pause = FIRST_PAUSE * 2u32.pow(round);
            if round == RETRIES || Instant::now() + pause > end {
                return Err(failure);
            }
            tokio::time::sleep(pause).await;
        }
        unreachable!("the last round returns")
    }
}

/// Makes a call once, until `limit`; `within` is what people are told of.
pub(crate) async fn once<T>(
    limit: Instant,
    within: Duration,
    call: impl Future<Output = Result<T, Status>>,
) -> Result<T, Failure> {
    match tokio::time::timeout_at(limit, call).await {
        Ok(answer) => answer.map_err(|status| Failure::of(status.into())),
        Err(_) => {
            Err(Failure::PassedOver(CallError::new(Code::DeadlineExceeded, format!("no answer within {within:?}"))))
        }
    }
}
