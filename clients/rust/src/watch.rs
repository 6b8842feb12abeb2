use std::fmt;
use std::time::Duration;

use tokio::time::Instant;
use tonic::{Code, Streaming};

use crate::call::CallError;
use crate::client::{Client, stub};
use crate::v1::registry_service_client::RegistryServiceClient;
use crate::v1::{GetStatusRequest, WatchRequest, WatchResponse};

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const FIND_WITHIN: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// The changes of a registry, whole revision by whole revision, without gaps and without repeats. When the registry goes
/// away it is asked again, with growing pauses, for what follows the last revision that came whole.
pub struct Watcher {
    client: Client,
    last_whole: u64,
    stream: Option<Streaming<WatchResponse>>,
    // What has come of a revision that is not whole yet.
    begun: Option<WatchResponse>,
    pause: Duration,
    paused_until: Option<Instant>,
    on_lost: Box<dyn FnMut(&CallError) + Send>,
}

impl fmt::Debug for Watcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watcher").field("last_whole", &self.last_whole).finish_non_exhaustive()
    }
}

impl Client {
    /// Every change after a revision, and then every change as it happens.
    ///
    /// # Errors
    ///
    /// If the registry cannot be reached now.
    pub async fn watch(&self, after_revision: u64) -> Result<Watcher, CallError> {
        self.status(GetStatusRequest::default()).await?;
        Ok(Watcher {
            client: self.clone(),
            last_whole: after_revision,
            stream: None,
            begun: None,
            pause: FIRST_PAUSE,
            paused_until: None,
            on_lost: Box::new(|error| tracing::warn!("lost the registry: {error}")),
        })
    }
}

impl Watcher {
    /// What is done each time the registry was lost, instead of a warning to the log.
    #[must_use]
    pub fn on_lost(mut self, lost: impl FnMut(&CallError) + Send + 'static) -> Self {
        self.on_lost = Box::new(lost);
        self
    }

    /// The last revision that came whole: where another watch goes on.
    #[must_use]
    pub fn last_revision(&self) -> u64 {
        self.last_whole
    }

    /// Waits for the next revision that has changes. If the future is dropped nothing is lost.
    ///
    /// # Errors
    ///
    /// If the registry refuses to go on.
    pub async fn next(&mut self) -> Result<WatchResponse, CallError> {
        loop {
            if let Some(until) = self.paused_until {
                tokio::time::sleep_until(until).await;
                self.paused_until = None;
            }
            match self.part().await {
                Ok(part) => {
                    self.pause = FIRST_PAUSE;
                    let more = part.more;
                    let revision = match self.begun.take() {
                        Some(mut begun) => {
                            begun.changes.extend(part.changes);
                            begun
                        }
                        None => part,
                    };
                    if more {
                        self.begun = Some(revision);
                    } else {
                        self.last_whole = revision.revision;
                        return Ok(WatchResponse { more: false, ..revision });
                    }
                }
                Err(error) => {
                    self.stream = None;
                    self.begun = None;
                    if !error.is_lost() && error.code() != Code::Unavailable {
                        return Err(error);
                    }
                    (self.on_lost)(&error);
                    self.client.ask_another();
                    self.paused_until = Some(Instant::now() + self.pause);
                    self.pause = LONGEST_PAUSE.min(self.pause * 2);
                }
            }
        }
    }

    async fn part(&mut self) -> Result<WatchResponse, CallError> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                // Why Unavailable: the watch goes on when somebody answers again.
                self.client
                    .find(FIND_WITHIN)
                    .await
                    .map_err(|error| CallError::new(Code::Unavailable, error.message()))?;
                let mut stub = stub!(self.client, RegistryServiceClient, self.client.connection());
                // Why no deadline: a server may send nothing, not even headers, before the first change.
                let opened = stub.watch(WatchRequest { after_revision: self.last_whole }).await?;
                none.insert(opened.into_inner())
            }
        };
        stream.message().await?.ok_or_else(|| CallError::new(Code::Unavailable, "the server ended the watch"))
    }
}
