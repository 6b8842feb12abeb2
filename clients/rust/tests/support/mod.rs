//! A server of gRPC that does what a test says, and folders that are removed.

use std::fs;
use std::future::Future;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use h2::server::SendResponse;
use http::{HeaderMap, Request, Response};
use prost::Message;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};

/// The conformance suite's messages.
#[allow(clippy::all, clippy::pedantic)]
pub mod vectors {
    include!("conformance.rs");
}

/// A call as the server saw it.
#[derive(Clone, Debug)]
pub struct Call {
    pub path: String,
    pub headers: HeaderMap,
    pub messages: Vec<Bytes>,
}

impl Call {
    pub fn message<M: Message + Default>(&self) -> M {
        M::decode(self.messages[0].clone()).expect("a message")
    }
}

/// What the server does with a call, in this order.
#[derive(Clone, Debug, Default)]
pub struct Reply {
    /// Of the first metadata.
    pub headers: Vec<(&'static str, &'static str)>,
    pub messages: Vec<Vec<u8>>,
    pub end: End,
}

#[derive(Clone, Debug)]
pub enum End {
    Status {
        code: u32,
        message: String,
        details: Vec<u8>,
    },
    /// The connection breaks.
    Cut,
    /// Nothing more is said.
    Silence,
}

impl Default for End {
    fn default() -> Self {
        Self::Status { code: 0, message: String::new(), details: Vec::new() }
    }
}

pub fn answer(message: &impl Message) -> Reply {
    Reply { messages: vec![message.encode_to_vec()], ..Default::default() }
}

pub fn status(code: u32, message: &str) -> Reply {
    let end = End::Status { code, message: message.to_owned(), details: Vec::new() };
    Reply { end, ..Default::default() }
}

type Script = Arc<Mutex<dyn FnMut(&Call) -> Reply + Send>>;

/// Listens on loopback until it is dropped.
pub struct Server {
    pub port: u16,
    _stop: oneshot::Sender<()>,
}

impl Server {
    pub fn start(script: impl FnMut(&Call) -> Reply + Send + 'static) -> Self {
        Self::start_with(script, |socket| async { Some(socket) })
    }

    /// `accept` makes of a socket what HTTP/2 is spoken on.
    pub fn start_with<S, F>(
        script: impl FnMut(&Call) -> Reply + Send + 'static,
        accept: impl Fn(tokio::net::TcpStream) -> F + Send + Sync + 'static,
    ) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        F: Future<Output = Option<S>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.set_nonblocking(true).expect("a socket");
        let port = listener.local_addr().expect("an address").port();
        let script: Script = Arc::new(Mutex::new(script));
        let (stop, stopped) = oneshot::channel::<()>();
        let accepting = async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a socket");
            let accept = Arc::new(accept);
            while let Ok((socket, _)) = listener.accept().await {
                let (script, accept) = (Arc::clone(&script), Arc::clone(&accept));
                tokio::spawn(async move {
                    if let Some(socket) = accept(socket).await {
                        serve(socket, script).await;
                    }
                });
            }
        };
        std::thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.spawn(accepting);
            let _ = runtime.block_on(stopped);
        });
        Self { port, _stop: stop }
    }

    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

async fn serve(socket: impl AsyncRead + AsyncWrite + Unpin, script: Script) {
    let Ok(mut connection) = h2::server::handshake(socket).await else { return };
    let (cut, mut is_cut) = mpsc::channel(1);
    loop {
        let accepted = std::future::poll_fn(|context| {
            if is_cut.poll_recv(context).is_ready() {
                return std::task::Poll::Ready(None);
            }
            connection.poll_accept(context)
        });
        let Some(Ok((request, respond))) = accepted.await else { return };
        tokio::spawn(reply(request, respond, Arc::clone(&script), cut.clone()));
    }
}

async fn reply(
    request: Request<h2::RecvStream>,
    mut respond: SendResponse<Bytes>,
    script: Script,
    cut: mpsc::Sender<()>,
) -> Option<()> {
    let (head, mut body) = request.into_parts();
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk.ok()?;
        body.flow_control().release_capacity(chunk.len()).ok()?;
        bytes.extend_from_slice(&chunk);
    }
    let call = Call { path: head.uri.path().to_owned(), headers: head.headers, messages: frames(bytes.freeze()) };
    let Reply { headers, messages, end } = (*script.lock().expect("no test failed"))(&call);
    let mut response = Response::builder().header("content-type", "application/grpc");
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let response = response.body(()).ok()?;
    let mut stream = respond.send_response(response, false).ok()?;
    for message in messages {
        let mut frame = BytesMut::from(&[0][..]);
        frame.extend_from_slice(&(message.len() as u32).to_be_bytes());
        frame.extend_from_slice(&message);
        stream.send_data(frame.freeze(), false).ok()?;
    }
    match end {
        End::Status { code, message, details } => {
            let mut trailers = HeaderMap::new();
            trailers.insert("grpc-status", code.into());
            trailers.insert("grpc-message", message.parse().ok()?);
            if !details.is_empty() {
                let encoded = tracery::tonic::metadata::BinaryMetadataValue::from_bytes(&details);
                trailers.insert("grpc-status-details-bin", encoded.as_encoded_bytes().try_into().ok()?);
            }
            stream.send_trailers(trailers).ok()?;
        }
        End::Cut => {
            // Why a moment: what was sent before should arrive.
            tokio::time::sleep(Duration::from_millis(20)).await;
            cut.send(()).await.ok()?;
        }
        End::Silence => std::future::pending::<()>().await,
    }
    Some(())
}

fn frames(mut bytes: Bytes) -> Vec<Bytes> {
    let mut frames = Vec::new();
    while bytes.len() >= 5 {
        let head = bytes.split_to(5);
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        frames.push(bytes.split_to(length));
    }
    frames
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

/// A folder of its own, removed when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file, and the folders that it is in.
    pub fn write(&self, name: impl AsRef<Path>, content: impl AsRef<[u8]>) -> PathBuf {
        let file = self.0.join(name);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(&file, content).expect("a file");
        file
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The repository's root, where tests that are not of the package find what they compare with.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
