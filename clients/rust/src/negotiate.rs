//! What a tool asks when it starts.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use bytes::{Buf, Bytes};
use prost::Message;
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Request, Status};

use crate::cache::{Cache, default_folder};
use crate::call::CallError;
use crate::client::Client;
use crate::connect::{Connection, bounded};
use crate::format::{format_id, layout_hash};
use crate::negotiated::{Negotiated, Source};
use crate::tool::Tool;
use crate::tracefs::KernelFormats;
use crate::v1::{NegotiateRequest, NegotiateResponse, RunOutcome, SeenEvent};

const API_VERSION: &str = "tracery.v1";
const METHOD: &str = "/tracery.v1.NegotiationService/Negotiate";

/// How a negotiation is done.
#[derive(Clone, Debug)]
pub struct NegotiateOptions {
    deadline: Duration,
    cache: Option<PathBuf>,
    cache_bytes: u64,
    dry_run: bool,
    clock: fn() -> SystemTime,
}

impl Default for NegotiateOptions {
    /// 2 seconds; 16 MiB in `$XDG_CACHE_HOME/tracery/negotiations`, or under `~/.cache`.
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(2),
            cache: default_folder(),
            cache_bytes: 16 << 20,
            dry_run: false,
            clock: SystemTime::now,
        }
    }
}

impl NegotiateOptions {
    /// How long it may take, with everything that is tried again: a tool's start is never held up for longer.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = bounded(deadline);
        self
    }

    /// The folder where answers are kept; made for this user only when it is first needed.
    #[must_use]
    pub fn cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Some(folder.into());
        self
    }

    /// Keeps nothing: then nothing works without the registry.
    #[must_use]
    pub fn without_cache(mut self) -> Self {
        self.cache = None;
        self
    }

    /// How much is kept; what was not used for longest goes first.
    #[must_use]
    pub fn cache_bytes(mut self, bytes: u64) -> Self {
        self.cache_bytes = bytes;
        self
    }

    /// A question only, and no start of the tool: the registry does not count it as a use.
    #[must_use]
    pub fn dry_run(mut self) -> Self {
        self.dry_run = true;
        self
    }

    /// Another clock than the system's, for tests of what happens when answers are old.
    #[must_use]
    pub fn clock(mut self, clock: fn() -> SystemTime) -> Self {
        self.clock = clock;
        self
    }

    fn cache_folder(&self) -> Option<Cache<'_>> {
        self.cache.as_deref().map(|folder| Cache { folder, max_bytes: self.cache_bytes })
    }
}

/// Why a tool does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum NegotiateError {
    /// The tool cannot run on this kernel. The text has the registry's reasons.
    Refused(Box<Negotiated>),
    /// The registry cannot be reached, and nothing is kept of an earlier start.
    Unreachable {
        /// What to know, for people.
        message: String,
        /// Why it cannot be reached.
        source: CallError,
    },
    /// The registry refused the question.
    Failed(CallError),
    /// A format is there and cannot be read.
    Format(io::Error),
}

impl fmt::Display for NegotiateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NegotiateError::Refused(negotiated) => {
                let tool = negotiated.tool();
                let reasons = negotiated.reasons().join("; ");
                write!(f, "{} {} cannot run on this kernel: {reasons}", tool.name, tool.version)
            }
            NegotiateError::Unreachable { message, .. } => f.write_str(message),
            NegotiateError::Failed(error) => write!(f, "the registry refused the question: {error}"),
            NegotiateError::Format(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for NegotiateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            NegotiateError::Refused(_) => None,
            NegotiateError::Unreachable { source, .. } | NegotiateError::Failed(source) => Some(source),
            // Why not itself: it is what is shown.
            NegotiateError::Format(error) => error.source(),
        }
    }
}

impl Client {
    /// How a tool runs on a kernel. Reads the formats of the events that the tool names and no others, sends their hashes,
    /// and their texts only where the registry asks for them. Within the time that the registry allows, the answer of an
    /// earlier start is used without asking; while the registry cannot be reached, however old it is.
    ///
    /// # Errors
    ///
    /// If the tool cannot run here, or that cannot be found out.
    pub async fn negotiate(&self, tool: &Tool, kernel: &dyn KernelFormats) -> Result<Negotiated, NegotiateError> {
        self.negotiate_with(tool, kernel, &NegotiateOptions::default()).await
    }

    /// The same, with options.
    ///
    /// # Errors
    ///
    /// If the tool cannot run here, or that cannot be found out.
    pub async fn negotiate_with(
        &self,
        tool: &Tool,
        kernel: &dyn KernelFormats,
        options: &NegotiateOptions,
    ) -> Result<Negotiated, NegotiateError> {
        let (request, texts) = question(tool, kernel, options).map_err(NegotiateError::Format)?;
        let negotiated = self.ask(tool, request, texts, options).await?;
        match negotiated.outcome() {
            RunOutcome::Rejected => Err(NegotiateError::Refused(Box::new(negotiated))),
            _ => Ok(negotiated),
        }
    }

    async fn ask(
        &self,
        tool: &Tool,
        request: NegotiateRequest,
        texts: Vec<Bytes>,
        options: &NegotiateOptions,
    ) -> Result<Negotiated, NegotiateError> {
        let cache = options.cache_folder();
        let key = key(&request);
        let mut kept = cache.as_ref().and_then(|cache| cache.get(&key));
        let now = (options.clock)();
        if let Some(fresh) = kept.take_if(|kept| is_fresh(kept.time, now, &kept.answer)) {
            let age = now.duration_since(fresh.time).unwrap_or_default();
            return Ok(Negotiated::new(tool, fresh.answer, Source::Cache, age, String::new()));
        }
        let error = match self.exchange(request, texts, options.deadline).await {
            Ok((bytes, answer)) => {
                if let Some(cache) = cache
                    && answer.need_formats.is_empty()
                {
                    cache.put(&key, (options.clock)(), &bytes);
                }
                return Ok(Negotiated::new(tool, answer, Source::Registry, Duration::ZERO, String::new()));
            }
            Err(error) => error,
        };
        if !matches!(error.code(), Code::Unavailable | Code::DeadlineExceeded) {
            return Err(NegotiateError::Failed(error));
        }
        match kept {
            Some(old) => {
                let age = (options.clock)().duration_since(old.time).unwrap_or_default();
                Ok(Negotiated::new(tool, old.answer, Source::CacheOffline, age, error.message().to_owned()))
            }
            None => {
                let place = match &options.cache {
                    Some(folder) => format!(" in {}", folder.display()),
                    None => ", for none are kept".to_owned(),
                };
                let consumer = tool.consumer();
                let message = format!(
                    "the registry cannot be reached ({}), and there is no answer of an earlier start of {} {} on this kernel{place}",
                    error.message(),
                    consumer.name,
                    consumer.version
                );
                Err(NegotiateError::Unreachable { message, source: error })
            }
        }
    }

    /// One round trip, or two where the registry needs texts.
    async fn exchange(
        &self,
        mut request: NegotiateRequest,
        texts: Vec<Bytes>,
        deadline: Duration,
    ) -> Result<(Bytes, NegotiateResponse), CallError> {
        let end = Instant::now() + deadline;
        let first = self.negotiate_once(&request, deadline).await?;
        if first.1.need_formats.is_empty() {
            return Ok(first);
        }
        for (event, text) in request.events.iter_mut().zip(texts) {
            if first.1.need_formats.contains(&event.event) {
                event.text = text;
            }
        }
        self.negotiate_once(&request, end.saturating_duration_since(Instant::now())).await
    }

    async fn negotiate_once(
        &self,
        request: &NegotiateRequest,
        within: Duration,
    ) -> Result<(Bytes, NegotiateResponse), CallError> {
        let limit = self.limits().answer_bytes;
        let bytes = self.call(within, |connection| send(connection, request.clone(), within, limit)).await?;
        match NegotiateResponse::decode(bytes.clone()) {
            Ok(answer) => Ok((bytes, answer)),
            Err(error) => Err(CallError::new(Code::Internal, format!("the registry's answer is damaged: {error}"))),
        }
    }
}

/// The request, and the texts of its events.
fn question(
    tool: &Tool,
    kernel: &dyn KernelFormats,
    options: &NegotiateOptions,
) -> io::Result<(NegotiateRequest, Vec<Bytes>)> {
    let consumer = tool.consumer();
    let identity = kernel.identity();
    let mut events: Vec<SeenEvent> = Vec::new();
    let mut texts = Vec::new();
    let mut named: Vec<&str> = Vec::new();
    for event_use in consumer.requirements.iter().flat_map(|requirement| &requirement.any_of) {
        let event = event_use.event.as_str();
        if event.is_empty() || named.contains(&event) {
            continue;
        }
        named.push(event);
        if let Some(text) = kernel.format(event)? {
            let layout_hash = layout_hash(&text, identity.word_size(), identity.byte_order()).to_vec();
            events.push(SeenEvent { event: event.to_owned(), id: format_id(&text), layout_hash, text: Bytes::new() });
            texts.push(text);
        }
    }
    let request = NegotiateRequest {
        tool: Some(consumer.clone()),
        kernel: Some(identity.clone()),
        events,
        dry_run: options.dry_run,
        api_versions: vec![API_VERSION.to_owned()],
    };
    Ok((request, texts))
}

/// What the answer depends on. Ids differ from boot to boot, and the answer does not.
fn key(request: &NegotiateRequest) -> String {
    let mut content = request.clone();
    content.dry_run = false;
    content.events.iter_mut().for_each(|event| event.id = 0);
    Sha256::digest(content.encode_to_vec()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_fresh(time: SystemTime, now: SystemTime, answer: &NegotiateResponse) -> bool {
    // Why not a refusal: who was refused mends something, a bridge or a kernel, and asks again.
    if answer.outcome() == RunOutcome::Rejected {
        return false;
    }
    let allowed = answer.cache_for.and_then(|allowed| Duration::try_from(allowed).ok()).unwrap_or_default();
    // Why not an earlier time: the clock was set back, and nobody knows how old the answer is.
    now.duration_since(time).is_ok_and(|age| age < allowed)
}

/// The answer's bytes as they came: what is kept must not lose what this version does not know.
async fn send(
    connection: Connection,
    request: NegotiateRequest,
    within: Duration,
    limit: usize,
) -> Result<Bytes, Status> {
    let mut grpc = tonic::client::Grpc::new(connection).max_decoding_message_size(limit);
    grpc.ready().await.map_err(|error| Status::from_error(error.into()))?;
    let mut request = Request::new(request);
    request.set_timeout(within);
    let method = tonic::codegen::http::uri::PathAndQuery::from_static(METHOD);
    Ok(grpc.unary(request, method, AsBytes).await?.into_inner())
}

#[derive(Clone, Copy)]
struct AsBytes;

impl Codec for AsBytes {
    type Encode = NegotiateRequest;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for AsBytes {
    type Item = NegotiateRequest;
    type Error = Status;

    fn encode(&mut self, item: NegotiateRequest, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.reserve(item.encoded_len());
        item.encode(out).map_err(|error| Status::internal(error.to_string()))
    }
}

impl Decoder for AsBytes {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(bytes.copy_to_bytes(bytes.remaining())))
    }
}
