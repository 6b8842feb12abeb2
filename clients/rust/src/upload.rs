//! Whole kernels, to be checked or registered.

use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use prost::Message;
use tokio::time::Instant;
use tonic::{Code, Response, Status};

use crate::call::{CallError, Failure, once};
use crate::client::{Client, stub};
use crate::connect::Connection;
use crate::format::{format_id, layout_hash};
use crate::tracefs::{KernelFormats, Tracefs};
use crate::v1;
use v1::compatibility_service_client::CompatibilityServiceClient;
use v1::registry_service_client::RegistryServiceClient;

/// Well below the 4 MiB at which servers refuse a message by default.
const CHUNK_BYTES: usize = 1 << 20;
/// What `FindMissingLayoutsRequest` allows.
const MAX_HASHES: usize = 65_536;

/// A kernel with all its events. Only the texts that the registry does not know are sent.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// What the kernel says of itself.
    pub identity: v1::KernelIdentity,
    /// Its events, with their texts.
    pub events: Vec<v1::EventFormat>,
    /// What its BTF says, if that is at hand.
    pub types: Option<v1::KernelTypes>,
}

impl Upload {
    /// All events of a tracefs.
    ///
    /// # Errors
    ///
    /// If the folder or a format cannot be read.
    pub fn read(tracefs: &Tracefs) -> io::Result<Self> {
        let identity = tracefs.identity().clone();
        let mut events = Vec::new();
        for event in tracefs.events()? {
            if let Some(text) = tracefs.format(&event)? {
                let layout_hash = layout_hash(&text, identity.word_size(), identity.byte_order()).to_vec();
                events.push(v1::EventFormat { event, id: format_id(&text), layout_hash, text });
            }
        }
        Ok(Self { identity, events, types: None })
    }
}

impl Client {
    /// Has a kernel judged against the latest of a series, without registering it.
    ///
    /// # Errors
    ///
    /// If the registry refuses the kernel, or cannot be reached.
    pub async fn check(&self, kernel: &Upload, series: &str) -> Result<v1::CheckKernelResponse, CallError> {
        use v1::check_kernel_request::Part;
        let send = |connection, missing| {
            let header = v1::CheckKernelHeader { identity: Some(kernel.identity.clone()), series: series.to_owned() };
            let parts: Vec<_> = std::iter::once(Part::Header(header))
                .chain(event_chunks(kernel, missing).into_iter().map(Part::Events))
                .chain(type_chunks(kernel).into_iter().map(Part::Types))
                .map(|part| v1::CheckKernelRequest { part: Some(part) })
                .collect();
            let mut stub = stub!(self, CompatibilityServiceClient, connection);
            async move { stub.check_kernel(tokio_stream::iter(parts)).await }
        };
        self.upload(kernel, send, |error| error).await
    }

    /// Registers a kernel, all or nothing, and appends it to a series if that is not empty. With `validate_only` everything is
    /// checked and nothing is stored.
    ///
    /// # Errors
    ///
    /// If the registry refuses the kernel, or cannot be reached; with the reason `CONNECTION_LOST` if it went away in between.
    pub async fn register(
        &self,
        kernel: &Upload,
        series: &str,
        validate_only: bool,
    ) -> Result<v1::RegisterKernelResponse, CallError> {
        use v1::register_kernel_request::Part;
        let send = |connection, missing| {
            let header = v1::RegisterKernelHeader {
                identity: Some(kernel.identity.clone()),
                series: series.to_owned(),
                validate_only,
            };
            let parts: Vec<_> = std::iter::once(Part::Header(header))
                .chain(event_chunks(kernel, missing).into_iter().map(Part::Events))
                .chain(type_chunks(kernel).into_iter().map(Part::Types))
                .map(|part| v1::RegisterKernelRequest { part: Some(part) })
                .collect();
            let mut stub = stub!(self, RegistryServiceClient, connection);
            async move { stub.register_kernel(tokio_stream::iter(parts)).await }
        };
        let tell = |error: CallError| {
            if validate_only {
                error.lost("validating stores nothing, and doing it again is safe")
            } else {
                error.lost("the kernel may or may not be registered, and doing it again is safe")
            }
        };
        self.upload(kernel, send, tell).await
    }

    /// Sends a kernel to an address that says which layouts it does not know. If that refuses for now, or goes away, the next
    /// gets it from its beginning. `tell` makes the error of a kernel that was sent and not answered.
    async fn upload<T, F, A>(
        &self,
        kernel: &Upload,
        send: F,
        tell: impl Fn(CallError) -> CallError,
    ) -> Result<T, CallError>
    where
        F: Fn(Connection, HashSet<Vec<u8>>) -> A,
        A: Future<Output = Result<Response<T>, Status>>,
    {
        let within = self.limits().transfer_deadline;
        let end = Instant::now() + within;
        let (lost, settled) = (&AtomicBool::new(false), &AtomicBool::new(false));
        let send = &send;
        let attempt = |connection: Connection, limit: Instant| async move {
            let limit = limit.min(Instant::now() + self.limits().deadline);
            let missing = self.missing(&connection, kernel, limit).await?;
            // Why until the end: a server that is silent may do later what it was asked.
            match once(end, within, send(connection, missing)).await {
                Ok(answer) => Ok(answer.into_inner()),
                Err(Failure::PassedOver(error) | Failure::Final(error)) if error.is_lost() => {
                    lost.store(true, Ordering::Relaxed);
                    Err(Failure::PassedOver(error))
                }
                Err(Failure::PassedOver(error)) if error.code() == Code::Unavailable => Err(Failure::PassedOver(error)),
                Err(Failure::PassedOver(error) | Failure::Final(error)) => {
                    settled.store(true, Ordering::Relaxed);
                    Err(Failure::Final(error))
                }
            }
        };
        self.in_turn(end, attempt).await.map_err(|error| {
            let is_unknown = lost.load(Ordering::Relaxed) && !settled.load(Ordering::Relaxed);
            if is_unknown { tell(error) } else { error }
        })
    }

    /// The hashes of the layouts that an address does not know.
    async fn missing(
        &self,
        connection: &Connection,
        kernel: &Upload,
        limit: Instant,
    ) -> Result<HashSet<Vec<u8>>, Failure> {
        let hashes: HashSet<&Vec<u8>> = kernel.events.iter().map(|event| &event.layout_hash).collect();
        let hashes: Vec<&Vec<u8>> = hashes.into_iter().collect();
        let mut missing = HashSet::new();
        for some in hashes.chunks(MAX_HASHES) {
            let layout_hashes = some.iter().map(|hash| (*hash).clone()).collect();
            let mut stub = stub!(self, RegistryServiceClient, connection.clone());
            let question =
                stub.find_missing_layouts(v1::FindMissingLayoutsRequest { layout_hashes, ..Default::default() });
            let answer = once(limit, self.limits().deadline, question).await?;
            missing.extend(answer.into_inner().missing);
        }
        Ok(missing)
    }
}

/// The events in messages of bounded size, with the texts of only the layouts that are missing, each once.
fn event_chunks(kernel: &Upload, mut missing: HashSet<Vec<u8>>) -> Vec<v1::EventFormats> {
    let events = kernel.events.iter().map(|event| {
        let mut event = event.clone();
        if !missing.remove(&event.layout_hash) {
            event.text.clear();
        }
        event
    });
    chunks(events).into_iter().map(|events| v1::EventFormats { events, ..Default::default() }).collect()
}

/// What the BTF says, in messages of bounded size.
fn type_chunks(kernel: &Upload) -> Vec<v1::KernelTypes> {
    let Some(types) = &kernel.types else { return Vec::new() };
    let tracepoints = chunks(types.tracepoints.iter().cloned());
    let structs = chunks(types.structs.iter().cloned());
    tracepoints
        .into_iter()
        .map(|tracepoints| v1::KernelTypes { tracepoints, ..Default::default() })
        .chain(structs.into_iter().map(|structs| v1::KernelTypes { structs, ..Default::default() }))
        .collect()
}

fn chunks<M: Message>(messages: impl Iterator<Item = M>) -> Vec<Vec<M>> {
    let mut chunks: Vec<Vec<M>> = Vec::new();
    let mut size = 0;
    for message in messages {
        let bytes = message.encoded_len() + 8;
        size += bytes;
        match chunks.last_mut() {
            Some(chunk) if size <= CHUNK_BYTES => chunk.push(message),
            _ => {
                size = bytes;
                chunks.push(vec![message]);
            }
        }
    }
    chunks
}
