use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Handle;

use crate::call::CallError;
use crate::connect::{Builder, ConnectError, Connection, Limits};
use crate::freshness::{Freshness, Notes};
use crate::pages::{Page, Pages};
use crate::v1;

/// A connection to a registry, whose addresses are servers that follow one log. Connects when it is first used, and again when it must.
/// Cheap to clone; clones share the connection.
///
/// Where a request has `at_revision`, the registry is read as it was then; 0 is now. A kernel is named by its id, an
/// unambiguous prefix of it, or an unambiguous release.
///
/// ```no_run
/// use tracery::{Client, v1};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::connect("localhost:7411")?;
/// let mut kernels = client.kernels(v1::ListKernelsRequest::default());
/// while let Some(kernel) = kernels.next().await? {
///     println!("{}", kernel.identity.unwrap_or_default().release);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    connections: Vec<Connection>,
    notes: Arc<Notes>,
    // Which of them answered last.
    current: AtomicUsize,
    limits: Limits,
    // Where the connections are served.
    runtime: Handle,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

/// The generated client of a service.
macro_rules! stub {
    ($client:expr, $service:ident, $connection:expr) => {
        $service::new($connection).max_decoding_message_size($client.limits().answer_bytes)
    };
}
pub(crate) use stub;

/// Methods with one request and one answer.
macro_rules! unary {
    ($($(#[$doc:meta])* $name:ident = $service:ident.$method:ident($request:ident) -> $response:ident;)*) => {
        $(
            $(#[$doc])*
            ///
            /// # Errors
            ///
            /// If the registry refuses, or cannot be reached within the deadline.
            pub async fn $name(&self, request: v1::$request) -> Result<v1::$response, CallError> {
                let answer = self.call(self.limits().deadline, |connection| {
                    let request = request.clone();
                    async move { stub!(self, $service, connection).$method(request).await }
                });
                Ok(answer.await?.into_inner())
            }
        )*
    };
}

use v1::admin_service_client::AdminServiceClient;
use v1::compatibility_service_client::CompatibilityServiceClient;
use v1::consumer_service_client::ConsumerServiceClient;
use v1::registry_service_client::RegistryServiceClient;

impl Client {
    /// A client of the registry at `HOST:PORT`, or at several with commas; without encryption. Must be called in the context
    /// of a tokio runtime; does not wait for the registry to be there.
    ///
    /// # Errors
    ///
    /// If an address is malformed, or there is no runtime.
    pub fn connect(addresses: impl Into<String>) -> Result<Self, ConnectError> {
        Self::builder().addresses(addresses).build()
    }

    /// A client with options.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn new(connections: Vec<Connection>, notes: Arc<Notes>, limits: Limits, runtime: Handle) -> Self {
        Self(Arc::new(Inner { connections, notes, current: AtomicUsize::new(0), limits, runtime }))
    }

    pub(crate) fn connections(&self) -> &[Connection] {
        &self.0.connections
    }

    pub(crate) fn current(&self) -> &AtomicUsize {
        &self.0.current
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    pub(crate) fn runtime(&self) -> &Handle {
        &self.0.runtime
    }

    /// Wants answers from now on of servers only that have read the registry's log up to a revision; it never sinks. A server
    /// that has not waits a little and then refuses, and the next address is asked; if none has, calls end with `Unavailable`
    /// and the reason `REVISION_NOT_HERE`. A client and its clones want of themselves what they wrote.
    pub fn at_least(&self, revision: u64) {
        self.0.notes.at_least(revision);
    }

    /// How new the last answer of any call is, a refusal, too; none before one that says so.
    #[must_use]
    pub fn freshness(&self) -> Option<Freshness> {
        self.0.notes.last()
    }

    /// The channel to the address that answered last, for calls that this client has no method for.
    #[must_use]
    pub fn connection(&self) -> Connection {
        let current = self.current().load(Ordering::Relaxed);
        self.connections()[current % self.connections().len()].clone()
    }

    unary! {
        /// What the server is and holds.
        status = AdminServiceClient.get_status(GetStatusRequest) -> GetStatusResponse;
        /// One kernel.
        kernel = RegistryServiceClient.get_kernel(GetKernelRequest) -> GetKernelResponse;
        /// What a kernel's BTF says of its trace events.
        types = RegistryServiceClient.get_kernel_types(GetKernelTypesRequest) -> GetKernelTypesResponse;
        /// One schema version of an event: by version, by kernel or by layout.
        schema = RegistryServiceClient.get_schema(GetSchemaRequest) -> GetSchemaResponse;
        /// What differs between two kernels, event by event.
        diff_kernels = RegistryServiceClient.diff_kernels(DiffKernelsRequest) -> DiffKernelsResponse;
        /// What differs between two schema versions of an event.
        diff_schemas = RegistryServiceClient.diff_schemas(DiffSchemasRequest) -> DiffSchemasResponse;
        /// Who uses an event or a field.
        who_uses = ConsumerServiceClient.find_uses(FindUsesRequest) -> FindUsesResponse;
        /// Whether a tool can run on a kernel, or on each kernel of a series.
        can_run = CompatibilityServiceClient.can_run(CanRunRequest) -> CanRunResponse;
        /// Which layouts the registry does not know.
        missing_layouts = RegistryServiceClient.find_missing_layouts(FindMissingLayoutsRequest) -> FindMissingLayoutsResponse;
    }

    /// Kernels in the order of their registration, or of their joining a series. Pages are fetched as they are needed.
    #[must_use]
    pub fn kernels(&self, request: v1::ListKernelsRequest) -> Pages<v1::Kernel> {
        let client = self.clone();
        Pages::new(request.page_token.clone(), move |page_token| {
            let client = client.clone();
            let request = v1::ListKernelsRequest { page_token, ..request.clone() };
            Box::pin(async move {
                let answer = client
                    .call(client.limits().deadline, |connection| {
                        let request = request.clone();
                        let client = &client;
                        async move { stub!(client, RegistryServiceClient, connection).list_kernels(request).await }
                    })
                    .await?
                    .into_inner();
                Ok(Page { items: answer.kernels, next_token: answer.next_page_token })
            })
        })
    }

    /// The events of a kernel, or the latest version of every lineage, in the order of their names. Pages are fetched as they
    /// are needed.
    #[must_use]
    pub fn events(&self, request: v1::ListEventsRequest) -> Pages<v1::KernelEvent> {
        let client = self.clone();
        Pages::new(request.page_token.clone(), move |page_token| {
            let client = client.clone();
            let request = v1::ListEventsRequest { page_token, ..request.clone() };
            Box::pin(async move {
                let answer = client
                    .call(client.limits().deadline, |connection| {
                        let request = request.clone();
                        let client = &client;
                        async move { stub!(client, RegistryServiceClient, connection).list_events(request).await }
                    })
                    .await?
                    .into_inner();
                Ok(Page { items: answer.events, next_token: answer.next_page_token })
            })
        })
    }
}
