//! Addresses that are servers which follow one log.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prost::Message;
use tracery::tonic::Code;
use tracery::v1::*;
use tracery::{Client, Upload};

use crate::support::{Call, End, Reply, Server, answer, block_on, status};

type Calls = Arc<Mutex<Vec<Call>>>;

/// A server that answers with these, in their order, and then with empty messages.
fn follower(replies: impl IntoIterator<Item = Reply>) -> (Server, Calls) {
    let mut replies: VecDeque<Reply> = replies.into_iter().collect();
    let calls = Calls::default();
    let seen = Arc::clone(&calls);
    let server = Server::start(move |call| {
        seen.lock().expect("no test failed").push(call.clone());
        // Which layouts are missing, and whether somebody is there, is no part of the script.
        if call.path.ends_with("/FindMissingLayouts") || call.path.ends_with("/GetStatus") {
            return Reply { messages: vec![Vec::new()], ..Default::default() };
        }
        replies.pop_front().unwrap_or(Reply { messages: vec![Vec::new()], ..Default::default() })
    });
    (server, calls)
}

/// The methods that were called, and which revision they wanted at least.
fn asked(calls: &Calls) -> Vec<String> {
    let calls = calls.lock().expect("no test failed");
    let ask = |call: &Call| {
        let wanted = call.headers.get("tracery-at-least-revision").map_or("-", |value| value.to_str().expect("ASCII"));
        format!("{} {wanted}", call.path.rsplit('/').next().unwrap_or_default())
    };
    calls.iter().map(ask).collect()
}

fn here(id: &str) -> Reply {
    let kernel = Kernel { id: id.to_owned(), ..Default::default() };
    answer(&GetKernelResponse { kernel: Some(kernel), ..Default::default() })
}

/// `google.rpc.Status` with an `ErrorInfo`.
fn refusal(code: u32, reason: &str) -> Reply {
    let info = [&[10, reason.len() as u8], reason.as_bytes()].concat();
    let detail = prost_types::Any { type_url: "type.googleapis.com/google.rpc.ErrorInfo".to_owned(), value: info };
    let mut details = vec![26, detail.encoded_len() as u8];
    details.extend(detail.encode_to_vec());
    Reply { end: End::Status { code, message: "refused".to_owned(), details }, ..Default::default() }
}

/// A port that lets everybody in and says nothing, as a server does that is stopped.
fn mute() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    (listener, address)
}

fn client(addresses: &[&str]) -> Client {
    Client::connect(addresses.join(",")).expect("a client")
}

async fn id(client: &Client) -> String {
    client.kernel(GetKernelRequest::default()).await.expect("an answer").kernel.unwrap_or_default().id
}

#[test]
fn an_address_that_is_silent_is_passed_over() {
    let (_listener, silent) = mute();
    let (server, calls) = follower([here("x"), here("x")]);
    block_on(async {
        let client = client(&[&silent, &server.address()]);
        assert_eq!((id(&client).await, id(&client).await), ("x".to_owned(), "x".to_owned()));
    });
    assert_eq!(asked(&calls), ["GetKernel -", "GetKernel -"]);
    block_on(async {
        let builder = Client::builder().addresses(format!("{silent},{silent}")).deadline(Duration::from_millis(300));
        let error = builder.build().expect("a client").kernel(GetKernelRequest::default()).await.expect_err("silence");
        assert_eq!(error.code(), Code::DeadlineExceeded);
    });
}

#[test]
fn a_server_that_falls_silent_is_passed_over_and_asked_again_in_its_turn() {
    let silence = Reply { end: End::Silence, ..Default::default() };
    let (first, _) = follower([here("first"), silence, here("first")]);
    let (second, _) = follower([here("second"), here("second"), status(14, "going down")]);
    block_on(async {
        let client = client(&[&first.address(), &second.address()]);
        let mut ids = Vec::new();
        for _ in 0..4 {
            ids.push(id(&client).await);
        }
        assert_eq!(ids, ["first", "second", "second", "first"]);
    });
}

#[test]
fn a_server_that_has_not_read_the_revision_is_passed_over() {
    let (behind, first) = follower([refusal(14, "REVISION_NOT_HERE")]);
    let (server, second) = follower([here("x")]);
    block_on(async {
        let addresses = format!("{},{}", behind.address(), server.address());
        let client = Client::builder().addresses(addresses).at_least_revision(5).build().expect("a client");
        client.at_least(4);
        assert_eq!(id(&client).await, "x");
    });
    assert_eq!((asked(&first), asked(&second)), (vec!["GetKernel 5".to_owned()], vec!["GetKernel 5".to_owned()]));
    let (alone, calls) = follower((0..4).map(|_| refusal(14, "REVISION_NOT_HERE")));
    block_on(async {
        let error = client(&[&alone.address()]).kernel(GetKernelRequest::default()).await.expect_err("it is refused");
        assert_eq!((error.code(), error.reason()), (Code::Unavailable, "REVISION_NOT_HERE"));
    });
    assert_eq!(asked(&calls).len(), 4);
}

fn kernel() -> Upload {
    let event = EventFormat { event: "a/b".to_owned(), layout_hash: vec![1; 32], ..Default::default() };
    Upload { identity: KernelIdentity::default(), events: vec![event], types: None }
}

fn registered() -> Reply {
    answer(&RegisterKernelResponse { revision: 9, ..Default::default() })
}

#[test]
fn a_client_reads_what_it_wrote_and_says_how_fresh_answers_are() {
    let old = vec![("tracery-revision", "8"), ("tracery-age-ms", "1500"), ("tracery-store", "unreachable")];
    let new = vec![("tracery-revision", "9"), ("tracery-age-ms", "0")];
    let unreadable = vec![("tracery-revision", "what")];
    let (server, calls) = follower([
        Reply { headers: old, ..here("x") },
        Reply { headers: new, ..registered() },
        Reply { headers: unreadable, ..here("x") },
    ]);
    block_on(async {
        let client = client(&[&server.address()]);
        assert_eq!(client.freshness(), None);
        id(&client).await;
        let fresh = client.freshness().expect("it says");
        assert_eq!((fresh.revision, fresh.age, fresh.store_reachable), (8, Duration::from_millis(1500), false));
        client.register(&kernel(), "", false).await.expect("a registration");
        let fresh = client.freshness().expect("it says");
        assert_eq!((fresh.revision, fresh.age, fresh.store_reachable), (9, Duration::ZERO, true));
        id(&client).await;
        assert_eq!(client.freshness(), Some(fresh));
    });
    assert_eq!(asked(&calls), ["GetKernel -", "FindMissingLayouts -", "RegisterKernel -", "GetKernel 9"]);
}

#[test]
fn a_kernel_is_sent_again_from_its_beginning() {
    for end in [refusal(14, "STORE_UNAVAILABLE"), status(14, "going down")] {
        let (first, some) = follower([end.clone(), end]);
        let judged = answer(&CheckKernelResponse { diagnostic_count: 3, ..Default::default() });
        let (second, others) = follower([registered(), judged]);
        block_on(async {
            let addresses = [&*first.address(), &second.address()];
            let answer = client(&addresses).register(&kernel(), "", false).await.expect("a registration");
            assert_eq!(answer.revision, 9);
            assert_eq!(client(&addresses).check(&kernel(), "s").await.expect("a check").diagnostic_count, 3);
        });
        assert_eq!(asked(&some), ["FindMissingLayouts -", "RegisterKernel -", "FindMissingLayouts -", "CheckKernel -"]);
        assert_eq!(asked(&others), asked(&some));
        let parts =
            |calls: &Calls| calls.lock().expect("no test failed").iter().map(|c| c.messages.len()).sum::<usize>();
        assert_eq!((parts(&some), parts(&others)), (6, 6));
    }
}

#[test]
fn a_write_that_may_have_been_done_is_not_sent_again() {
    let (first, _) = follower([refusal(2, "WRITE_UNCERTAIN")]);
    let (second, others) = follower([registered()]);
    block_on(async {
        let client = client(&[&first.address(), &second.address()]);
        let error = client.register(&kernel(), "", false).await.expect_err("nobody knows");
        assert_eq!((error.code(), error.reason()), (Code::Unknown, "WRITE_UNCERTAIN"));
    });
    assert!(asked(&others).is_empty());
}

#[test]
fn a_watch_goes_to_an_address_that_answers() {
    let (_listener, silent) = mute();
    let change = Reply { end: End::Silence, ..answer(&WatchResponse { revision: 3, ..Default::default() }) };
    let (server, _) = follower([change]);
    block_on(async {
        let mut watch = client(&[&silent, &server.address()]).watch(2).await.expect("a watch");
        assert_eq!(watch.next().await.expect("a revision").revision, 3);
    });
}
