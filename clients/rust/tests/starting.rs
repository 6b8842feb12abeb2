use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tracery::tonic::Code;
use tracery::v1::{
    ByteOrder, GetStatusRequest, GetStatusResponse, KernelIdentity, NegotiateResponse, RunOutcome, WordSize,
};
use tracery::{
    Address, Client, ConnectError, Formats, NegotiateError, NegotiateOptions, Source, Tls, Tool, Tracefs, blocking,
};

use crate::support::{Call, End, Folder, Reply, Server, answer, block_on, status};

fn accepted() -> Reply {
    answer(&NegotiateResponse { outcome: RunOutcome::Accepted.into(), ..Default::default() })
}

fn tool() -> Tool {
    Tool::new("test", "1.0").require("sched/sched_switch", ["prev_pid"])
}

fn formats() -> Formats {
    let identity = KernelIdentity::parse(&["6.12", "#1", "x86_64", "64", "little", "4096"]).expect("an identity");
    Formats::new(identity, [("sched/sched_switch", "name: sched_switch\nID: 7\n")])
}

fn no_cache() -> NegotiateOptions {
    NegotiateOptions::default().without_cache()
}

/// A server that answers, and what it was asked.
fn listening() -> (Server, Arc<Mutex<Vec<Call>>>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    let server = Server::start(move |call| {
        seen.lock().expect("no test failed").push(call.clone());
        accepted()
    });
    (server, calls)
}

#[test]
fn addresses_are_hosts_with_or_without_a_port() {
    for (text, host, port) in [
        ("registry", "registry", 7411),
        ("registry.example.com:80", "registry.example.com", 80),
        ("10.0.0.1:65535", "10.0.0.1", 65535),
        ("[::1]", "::1", 7411),
        ("[fe80::1]:1", "fe80::1", 1),
    ] {
        let address: Address = text.parse().expect("an address");
        assert_eq!((address.host(), address.port()), (host, port));
    }
    for text in ["", ":", "a:", "a:0", "a:65536", "a:+1", "::1", "[::1", "[::1]1", "[a]:1", "a b", "a/b", "http://a"] {
        let error = text.parse::<Address>().expect_err("no address");
        assert_eq!(error.to_string(), format!("expected HOST:PORT, with a port from 1 to 65535, but found {text:?}"));
    }
}

#[test]
fn a_token_is_sent_to_this_machine_and_not_to_others_in_the_clear() {
    let (server, calls) = listening();
    block_on(async {
        let client = Client::builder().addresses(server.address()).token("secret").build().expect("a client");
        client.negotiate_with(&tool(), &formats(), &no_cache()).await.expect("an answer");
        let refused = Client::builder().addresses("localhost,registry.example.com").token("secret").build();
        let error = refused.expect_err("the second is not this machine");
        assert_eq!(error.to_string(), "a token is not sent to registry.example.com:7411 in the clear; use TLS");
        for token in ["a\nb", "a b", "", "\u{e4}"] {
            let unsendable = Client::builder().addresses("localhost").token(token).build();
            assert!(matches!(unsendable, Err(ConnectError::Token(_))), "{token:?}");
        }
    });
    let calls = calls.lock().expect("no test failed");
    assert_eq!(calls[0].headers["authorization"], "Bearer secret");
    assert!(calls[0].headers["user-agent"].to_str().expect("text").starts_with("tracery-rust/0.1"));
    assert_eq!(calls[0].path, "/tracery.v1.NegotiationService/Negotiate");
}

#[test]
fn the_next_address_is_asked_where_one_is_unavailable() {
    let (server, calls) = listening();
    let busy = Server::start(|_| status(14, "busy"));
    // Why 1: nobody listens there.
    let addresses = format!("127.0.0.1:1, {},{}", busy.address(), server.address());
    let client = blocking::Client::connect(addresses).expect("a client");
    for _ in 0..2 {
        client.negotiate_with(&tool(), &formats(), &no_cache()).expect("an answer");
    }
    assert_eq!(calls.lock().expect("no test failed").len(), 2);
}

#[test]
fn a_server_that_says_nothing_holds_a_start_up_no_longer_than_the_deadline() {
    let server = Server::start(|_| Reply { end: End::Silence, ..Default::default() });
    let client = blocking::Client::connect(server.address()).expect("a client");
    let begin = Instant::now();
    let result = client.negotiate_with(&tool(), &formats(), &no_cache().deadline(Duration::from_millis(200)));
    let Err(NegotiateError::Unreachable { source, message }) = result else { panic!("{result:?}") };
    assert_eq!(source.code(), Code::DeadlineExceeded);
    assert!(
        message.ends_with("there is no answer of an earlier start of test 1.0 on this kernel, for none are kept"),
        "{message}"
    );
    assert!(begin.elapsed() < Duration::from_secs(60));
}

#[test]
fn a_connection_that_breaks_is_tried_again() {
    let mut calls = 0;
    let server = Server::start(move |_| {
        calls += 1;
        if calls == 1 { Reply { end: End::Cut, ..Default::default() } } else { accepted() }
    });
    let client = blocking::Client::connect(server.address()).expect("a client");
    client.negotiate_with(&tool(), &formats(), &no_cache()).expect("an answer");
}

#[test]
fn a_cache_that_cannot_be_used_costs_nothing_else() {
    let (server, calls) = listening();
    let client = blocking::Client::connect(server.address()).expect("a client");
    let folder = Folder::new();
    let file = folder.write("file", "");
    let open = folder.path().join("open");
    fs::create_dir(&open).expect("a folder");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).expect("permissions");
    for cache in [file.join("below"), open.clone()] {
        let options = NegotiateOptions::default().cache(cache);
        let negotiated = client.negotiate_with(&tool(), &formats(), &options).expect("an answer");
        assert_eq!(negotiated.source(), Source::Registry);
    }
    assert_eq!(fs::read_dir(open).expect("a folder").count(), 0);
    assert_eq!(calls.lock().expect("no test failed").len(), 2);
}

#[test]
fn the_cache_is_private_and_bounded_and_drops_what_was_not_used_for_longest() {
    let server = Server::start(|_| {
        let kernel = "k".repeat(1000);
        answer(&NegotiateResponse { outcome: RunOutcome::Accepted.into(), kernel, ..Default::default() })
    });
    let client = blocking::Client::connect(server.address()).expect("a client");
    let folder = Folder::new();
    let cache = folder.path().join("negotiations");
    let options = NegotiateOptions::default().cache(&cache).cache_bytes(3_500);
    for version in 0..6 {
        let tool = Tool::new("test", version.to_string()).require("sched/sched_switch", []);
        client.negotiate_with(&tool, &formats(), &options).expect("an answer");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(fs::metadata(&cache).expect("a folder").permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::read_dir(&cache).expect("a folder").count(), 3);
    drop(server);
    for version in 0..6 {
        let tool = Tool::new("test", version.to_string()).require("sched/sched_switch", []);
        let options = options.clone().deadline(Duration::from_millis(1));
        let result = client.negotiate_with(&tool, &formats(), &options);
        assert_eq!(result.is_ok(), version >= 3, "version {version}");
    }
}

#[test]
fn an_event_that_is_no_name_is_not_looked_for() {
    let folder = Folder::new();
    folder.write("secret/format", "ID: 1\n");
    folder.write("events/sched/format", "");
    let identity = KernelIdentity {
        word_size: WordSize::WordSize64.into(),
        byte_order: ByteOrder::LittleEndian.into(),
        ..Default::default()
    };
    let tracefs = Tracefs::new(folder.path(), identity).expect("a folder");
    let client = blocking::Client::connect("localhost").expect("a client");
    for event in ["sched", "../secret", "sched/..", "a/b/c", "/etc"] {
        let result = client.negotiate_with(&Tool::new("test", "1").require(event, []), &tracefs, &no_cache());
        let Err(NegotiateError::Format(error)) = result else { panic!("{event}: {result:?}") };
        assert_eq!(error.to_string(), format!("expected system/name but found {event:?}"));
    }
}

#[test]
fn without_a_runtime_there_is_an_error_that_says_what_to_do() {
    let error = Client::connect("localhost").expect_err("no runtime");
    assert_eq!(error.to_string(), "there is no tokio runtime here; call this in one, or use tracery::blocking::Client");
}

#[test]
fn a_deadline_can_be_as_long_as_one_likes() {
    let server = Server::start(|_| answer(&GetStatusResponse::default()));
    let options = Client::builder().addresses(server.address()).deadline(Duration::MAX);
    let client = blocking::Client::build(options.transfer_deadline(Duration::MAX)).expect("a client");
    client.negotiate_with(&tool(), &formats(), &no_cache().deadline(Duration::MAX)).expect("an answer");
    client.wait(client.calls().status(GetStatusRequest::default())).expect("an answer");
}

#[test]
fn files_that_are_not_there_are_named() {
    block_on(async {
        let result = Client::builder().addresses("localhost").tls(Tls::ca_file("/nowhere/ca.pem")).build();
        let error = result.expect_err("there is no such file").to_string();
        assert!(error.starts_with("/nowhere/ca.pem: "), "{error}");
        let folder = Folder::new();
        let file = folder.write("ca.pem", "no certificate");
        for tls in [Tls::ca_file(&file), Tls::system_roots().client_certificate(&file, &file)] {
            let error = Client::builder().addresses("localhost").tls(tls).build().expect_err("no certificate");
            assert_eq!(error.to_string(), format!("{}: expected certificates in PEM but found none", file.display()));
        }
        let no_folder = Tracefs::new("/nowhere", KernelIdentity::default()).expect_err("there is no such folder");
        assert_eq!(no_folder.to_string(), "/nowhere is no folder");
    });
}

#[test]
fn a_damaged_answer_is_an_error() {
    let server = Server::start(|_| Reply { messages: vec![vec![0xff; 40]], ..Default::default() });
    let client = blocking::Client::connect(server.address()).expect("a client");
    let result = client.negotiate_with(&tool(), &formats(), &no_cache());
    let Err(NegotiateError::Failed(error)) = result else { panic!("{result:?}") };
    assert!(error.message().starts_with("the registry's answer is damaged: "), "{error}");
}
