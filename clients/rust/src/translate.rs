use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_stream::Stream;
use tonic::{Code, Response, Streaming};

use crate::call::CallError;
use crate::client::{Client, stub};
use crate::v1::translate_request::Part;
use crate::v1::translation_service_client::TranslationServiceClient;
use crate::v1::{RawPages, TraceItem, TranslateRequest, TranslateResponse, TranslateStart};

const CHUNK_BYTES: usize = 256 << 10;

/// Sends a trace. Waits where the server takes no more. Dropped before the end, it cancels the call: half a trace is not
/// taken for a whole one.
#[derive(Debug)]
pub struct TraceSender {
    parts: mpsc::Sender<Sent>,
    cancelled: Arc<Notify>,
    ended: bool,
}

/// What a server makes of a trace, item by item. The server waits where nobody takes them. Dropped, it ends the call.
#[derive(Debug)]
pub struct TraceItems {
    call: Option<JoinHandle<Result<Response<Streaming<TranslateResponse>>, CallError>>>,
    answers: Option<Streaming<TranslateResponse>>,
    items: VecDeque<TraceItem>,
    cancelled: Arc<Notify>,
}

#[derive(Debug)]
enum Sent {
    Part(Part),
    End,
}

/// What the call sends. Only [`Sent::End`] ends it.
struct Parts(mpsc::Receiver<Sent>);

impl Stream for Parts {
    type Item = TranslateRequest;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<TranslateRequest>> {
        match self.0.poll_recv(context) {
            Poll::Ready(Some(Sent::Part(part))) => Poll::Ready(Some(TranslateRequest { part: Some(part) })),
            Poll::Ready(Some(Sent::End)) => Poll::Ready(None),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

impl Client {
    /// Has a trace translated. A file is sent whole and then answered. Raw pages are answered as they come: send them in one
    /// task and take the items in another, because the server takes no more pages while nobody takes its items.
    ///
    /// ```no_run
    /// use tracery::v1::{TraceFileSource, TranslateStart, translate_start::Source};
    ///
    /// # async fn example(client: tracery::Client, file: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    /// let source = Source::File(TraceFileSource { name: "trace.dat".to_owned() });
    /// let (sender, mut items) = client.translate(TranslateStart { source: Some(source), ..Default::default() });
    /// sender.send_file(file).await?;
    /// while let Some(item) = items.next().await? {
    ///     println!("{item:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn translate(&self, start: TranslateStart) -> (TraceSender, TraceItems) {
        let (parts, received) = mpsc::channel(1);
        // Why this cannot fail: the channel is new and has room for one.
        let _ = parts.try_send(Sent::Part(Part::Start(start)));
        let client = self.clone();
        // Why a task: the server answers when it has something to say, and must be sent to before.
        let call = self.runtime().spawn(async move {
            // Why: a translation cannot be begun again on another.
            client.find(client.limits().deadline).await?;
            let mut stub = stub!(client, TranslationServiceClient, client.connection());
            Ok(stub.translate(Parts(received)).await?)
        });
        let cancelled = Arc::new(Notify::new());
        let sender = TraceSender { parts, cancelled: Arc::clone(&cancelled), ended: false };
        (sender, TraceItems { call: Some(call), answers: None, items: VecDeque::new(), cancelled })
    }
}

impl TraceSender {
    /// Sends a whole file, and says that it is whole. What the server has against the file is what [`TraceItems::next`]
    /// returns.
    ///
    /// # Errors
    ///
    /// If the file cannot be read; then the call has ended.
    pub async fn send_file(self, mut file: impl AsyncRead + Unpin) -> std::io::Result<()> {
        loop {
            let mut chunk = BytesMut::with_capacity(CHUNK_BYTES);
            while chunk.len() < CHUNK_BYTES && file.read_buf(&mut chunk).await? > 0 {}
            if chunk.is_empty() || !self.send(Part::FileChunk(chunk.freeze())).await {
                self.end().await;
                return Ok(());
            }
        }
    }

    /// Sends some whole pages of one CPU, 1 MiB at most. False if the server takes nothing any more: [`TraceItems::next`] says
    /// why.
    pub async fn send_pages(&self, cpu: u32, pages: impl Into<Bytes>) -> bool {
        self.send(Part::Pages(RawPages { cpu, pages: pages.into() })).await
    }

    /// Says that no more will come.
    pub async fn end(mut self) {
        self.ended = true;
        let _ = self.parts.send(Sent::End).await;
    }

    async fn send(&self, part: Part) -> bool {
        self.parts.send(Sent::Part(part)).await.is_ok()
    }
}

impl Drop for TraceSender {
    fn drop(&mut self) {
        if !self.ended {
            self.cancelled.notify_one();
        }
    }
}

impl TraceItems {
    /// Waits for the next item; none after the last. If the future is dropped nothing is lost.
    ///
    /// # Errors
    ///
    /// If the server refuses the trace or goes away, or the sender was dropped before the end.
    pub async fn next(&mut self) -> Result<Option<TraceItem>, CallError> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Ok(Some(item));
            }
            let cancelled = Arc::clone(&self.cancelled);
            let answer = first_of(self.answer(), cancelled.notified()).await;
            let Some(answer) = answer.transpose()? else {
                self.stop();
                return Err(CallError::new(Code::Cancelled, "the trace was not sent to its end"));
            };
            match answer {
                Some(answer) => self.items = answer.items.into(),
                None => return Ok(None),
            }
        }
    }

    async fn answer(&mut self) -> Result<Option<TranslateResponse>, CallError> {
        if let Some(call) = &mut self.call {
            let answered = call.await;
            self.call = None;
            let answered = answered.map_err(|error| CallError::new(Code::Cancelled, error.to_string()))?;
            self.answers = Some(answered?.into_inner());
        }
        match &mut self.answers {
            Some(answers) => Ok(answers.message().await?),
            None => Ok(None),
        }
    }

    fn stop(&mut self) {
        if let Some(call) = self.call.take() {
            call.abort();
        }
        self.answers = None;
    }
}

/// What `answer` results in; none if `cancelled` is done before it. An answer says more than that nothing is sent any more.
async fn first_of<T>(answer: impl Future<Output = T>, cancelled: impl Future<Output = ()>) -> Option<T> {
    let (mut answer, mut cancelled) = (pin!(answer), pin!(cancelled));
    poll_fn(|context| match answer.as_mut().poll(context) {
        Poll::Ready(answer) => Poll::Ready(Some(answer)),
        Poll::Pending => cancelled.as_mut().poll(context).map(|()| None),
    })
    .await
}

impl Drop for TraceItems {
    fn drop(&mut self) {
        self.stop();
    }
}
