use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tracery::tonic::Code;
use tracery::v1::{GetStatusRequest, GetStatusResponse};
use tracery::{Client, Tls, blocking};

use crate::support::{Folder, Server, answer, block_on, status};

fn openssl(folder: &Path, arguments: &str) {
    let done = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().expect("openssl");
    assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
}

/// An authority, and what it has signed for this machine.
fn certificates() -> Folder {
    let folder = Folder::new();
    folder.write("extensions", "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    let new_key = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(folder.path(), &format!("{new_key} -x509 -days 1 -subj /CN=test -keyout ca.key -out ca.pem"));
    openssl(folder.path(), &format!("{new_key} -subj /CN=localhost -keyout key.pem -out request.pem"));
    let sign =
        "x509 -req -days 1 -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -out chain.pem";
    openssl(folder.path(), sign);
    folder
}

fn server(folder: &Path, wants_certificate: bool) -> Server {
    let chain = vec![CertificateDer::from_pem_file(folder.join("chain.pem")).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_file(folder.join("key.pem")).expect("a key");
    let config = ServerConfig::builder();
    let config = if wants_certificate {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(folder.join("ca.pem")).expect("a certificate")).expect("a root");
        config.with_client_cert_verifier(WebPkiClientVerifier::builder(Arc::new(roots)).build().expect("a verifier"))
    } else {
        config.with_no_client_auth()
    };
    let mut config = config.with_single_cert(chain, key).expect("a certificate with its key");
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let script = |call: &crate::support::Call| match call.headers.get("authorization") {
        Some(token) if token == "Bearer secret" => answer(&GetStatusResponse { revision: 3, ..Default::default() }),
        _ => status(16, "no token"),
    };
    Server::start_with(script, move |socket| {
        let accepted = acceptor.accept(socket);
        async move { accepted.await.ok() }
    })
}

fn revision(server: &Server, tls: Tls) -> Result<u64, String> {
    block_on(async {
        let address = format!("localhost:{}", server.port);
        let client =
            Client::builder().addresses(address).tls(tls).token("secret").build().map_err(|e| e.to_string())?;
        Ok(client.status(GetStatusRequest::default()).await.map_err(|error| error.to_string())?.revision)
    })
}

#[test]
fn a_registry_with_tls_is_trusted_by_its_authority_and_gets_the_token() {
    let folder = certificates();
    let server = server(folder.path(), false);
    assert_eq!(revision(&server, Tls::ca_file(folder.path().join("ca.pem"))), Ok(3));
}

#[test]
fn a_server_that_is_silent_gives_way_to_the_next() {
    let folder = certificates();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let server = server(folder.path(), false);
    let addresses = format!("{},{}", silent.local_addr().expect("an address"), server.address());
    let tls = Tls::ca_file(folder.path().join("ca.pem"));
    let options = Client::builder().addresses(addresses).tls(tls).token("secret");
    let client = blocking::Client::build(options.deadline(Duration::from_secs(10))).expect("a client");
    assert_eq!(client.wait(client.calls().status(GetStatusRequest::default())).expect("an answer").revision, 3);
}

#[test]
fn a_server_without_tls_is_said_to_have_none_and_one_with_it_is_unavailable_without() {
    let folder = certificates();
    let secure = server(folder.path(), false);
    let plain = Server::start(|_| status(16, "no token"));
    let error = revision(&plain, Tls::system_roots()).expect_err("it has no TLS");
    assert!(error.ends_with("the server does not speak TLS"), "{error}");
    let client = blocking::Client::connect(secure.address()).expect("a client");
    let error = client.wait(client.calls().status(GetStatusRequest::default())).expect_err("it has TLS");
    assert_eq!(error.code(), Code::Unavailable, "{error}");
}

#[test]
fn a_registry_of_another_authority_is_not_trusted() {
    let (folder, other) = (certificates(), certificates());
    let server = server(folder.path(), false);
    let error = revision(&server, Tls::ca_file(other.path().join("ca.pem"))).expect_err("another authority");
    assert!(error.contains("certificate"), "{error}");
    let error = revision(&server, Tls::system_roots()).expect_err("nobody knows it");
    assert!(error.contains("certificate"), "{error}");
}

#[test]
fn a_registry_that_wants_a_certificate_is_shown_one() {
    let folder = certificates();
    let file = |name: &str| folder.path().join(name);
    let server = server(folder.path(), true);
    let tls = Tls::ca_file(file("ca.pem"));
    assert!(revision(&server, tls.clone()).is_err());
    assert_eq!(revision(&server, tls.client_certificate(file("chain.pem"), file("key.pem"))), Ok(3));
}
