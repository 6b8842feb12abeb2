use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use prost::Message;
use tracery::tonic::Code;
use tracery::v1::*;
use tracery::{CallError, Client, Upload};

use crate::support::{Call, End, Reply, Server, answer, block_on, status};

/// A server that answers as the test says, in this order, and what it was asked.
fn scripted(replies: impl IntoIterator<Item = Reply>) -> (Server, Arc<Mutex<Vec<Call>>>) {
    let mut replies: VecDeque<Reply> = replies.into_iter().collect();
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    let server = Server::start(move |call| {
        seen.lock().expect("no test failed").push(call.clone());
        replies.pop_front().unwrap_or(Reply { end: End::Silence, ..Default::default() })
    });
    (server, calls)
}

fn revision(number: u64, system: &str, more: bool) -> Vec<u8> {
    let added = SchemaVersionAdded { event: format!("{system}/x"), version: 1 };
    let change = RegistryChange { change: Some(registry_change::Change::SchemaVersionAdded(added)) };
    WatchResponse { revision: number, changes: vec![change], more, ..Default::default() }.encode_to_vec()
}

fn sent(messages: Vec<Vec<u8>>, end: End) -> Reply {
    Reply { messages, end, ..Default::default() }
}

#[test]
fn a_watch_goes_on_after_its_last_whole_revision() {
    let unavailable = End::Status { code: 14, message: "stopped".to_owned(), details: Vec::new() };
    let (server, calls) = scripted([
        answer(&GetStatusResponse::default()),
        sent(vec![revision(1, "a", false), revision(2, "b", true)], End::Cut),
        sent(vec![revision(2, "b", true), revision(2, "c", true)], unavailable),
        sent(vec![revision(2, "b", true), revision(2, "c", false), revision(3, "d", false)], End::default()),
        sent(
            vec![revision(4, "e", false)],
            End::Status { code: 7, message: "no more".to_owned(), details: Vec::new() },
        ),
    ]);
    let lost = Arc::new(Mutex::new(0));
    let count = Arc::clone(&lost);
    block_on(async {
        let client = Client::connect(server.address()).expect("a client");
        let watch = client.watch(0).await.expect("a watch");
        let mut watch = watch.on_lost(move |_| *count.lock().expect("no test failed") += 1);
        let mut seen = Vec::new();
        for _ in 0..4 {
            let revision = watch.next().await.expect("a revision");
            assert!(!revision.more);
            seen.push((revision.revision, revision.changes.len()));
        }
        assert_eq!(seen, [(1, 1), (2, 2), (3, 1), (4, 1)]);
        assert_eq!(watch.next().await.expect_err("it was refused").code(), Code::PermissionDenied);
        assert_eq!(watch.last_revision(), 4);
    });
    assert_eq!(*lost.lock().expect("no test failed"), 3);
    let calls = calls.lock().expect("no test failed");
    let after: Vec<u64> = calls[1..].iter().map(|call| call.message::<WatchRequest>().after_revision).collect();
    assert_eq!(after, [0, 1, 1, 3]);
}

#[test]
fn a_listing_fetches_its_pages() {
    let page = |names: &[&str], token: &str| {
        let kernels = names.iter().map(|id| Kernel { id: (*id).to_owned(), ..Default::default() }).collect();
        answer(&ListKernelsResponse { kernels, next_page_token: token.to_owned(), revision: 1 })
    };
    let (server, calls) = scripted([page(&["a", "b"], "1"), page(&[], "2"), status(14, "busy"), page(&["c"], "")]);
    block_on(async {
        let client = Client::connect(server.address()).expect("a client");
        let request = ListKernelsRequest { series: "debian".to_owned(), ..Default::default() };
        let kernels = client.kernels(request).all().await.expect("kernels");
        assert_eq!(kernels.iter().map(|kernel| kernel.id.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    });
    let calls = calls.lock().expect("no test failed");
    let requests: Vec<ListKernelsRequest> = calls.iter().map(Call::message).collect();
    assert_eq!(requests.iter().map(|request| request.page_token.as_str()).collect::<Vec<_>>(), ["", "1", "2", "2"]);
    assert!(requests.iter().all(|request| request.series == "debian"));
}

fn kernel() -> Upload {
    let event = |number: u8, name: &str| EventFormat {
        event: format!("test/{name}"),
        id: number.into(),
        layout_hash: vec![number; 32],
        text: vec![number; 600_000].into(),
    };
    Upload {
        identity: KernelIdentity { release: "6.12".to_owned(), ..Default::default() },
        events: vec![event(1, "a"), event(2, "b"), event(1, "c"), event(3, "d")],
        types: Some(KernelTypes {
            structs: vec![EventStruct { name: "trace_event_raw_a".to_owned(), ..Default::default() }],
            ..Default::default()
        }),
    }
}

#[test]
fn an_upload_sends_the_texts_that_are_missing_once_in_parts() {
    let missing =
        FindMissingLayoutsResponse { missing: vec![vec![1; 32], vec![3; 32]], revision: 1, ..Default::default() };
    let (server, calls) = scripted([
        answer(&missing),
        answer(&CheckKernelResponse { diagnostic_count: 4, ..Default::default() }),
        answer(&missing),
        answer(&RegisterKernelResponse { revision: 9, ..Default::default() }),
    ]);
    block_on(async {
        let client = Client::connect(server.address()).expect("a client");
        assert_eq!(client.check(&kernel(), "debian").await.expect("an answer").diagnostic_count, 4);
        assert_eq!(client.register(&kernel(), "", true).await.expect("an answer").revision, 9);
    });
    let calls = calls.lock().expect("no test failed");
    let mut hashes = calls[0].message::<FindMissingLayoutsRequest>().layout_hashes;
    hashes.sort();
    assert_eq!(hashes, [vec![1; 32], vec![2; 32], vec![3; 32]]);
    let parts: Vec<_> = calls[1]
        .messages
        .iter()
        .map(|message| CheckKernelRequest::decode(message.clone()).expect("a part").part.expect("a part"))
        .collect();
    let [check_kernel_request::Part::Header(header), events @ .., check_kernel_request::Part::Types(_)] = &parts[..]
    else {
        panic!("{} parts", parts.len())
    };
    assert_eq!(header.series, "debian");
    let texts: Vec<Vec<(String, usize)>> = events
        .iter()
        .map(|part| match part {
            check_kernel_request::Part::Events(some) => {
                some.events.iter().map(|event| (event.event.clone(), event.text.len())).collect()
            }
            _ => panic!("no events"),
        })
        .collect();
    let expected = |name: &str, length| (format!("test/{name}"), length);
    assert_eq!(texts, [vec![expected("a", 600_000), expected("b", 0), expected("c", 0)], vec![expected("d", 600_000)]]);
    let header = RegisterKernelRequest::decode(calls[3].messages[0].clone()).expect("a header").part;
    assert!(matches!(header, Some(register_kernel_request::Part::Header(header)) if header.validate_only));
}

#[test]
fn a_registration_whose_connection_breaks_says_what_that_means() {
    let cut = || [answer(&FindMissingLayoutsResponse::default()), sent(Vec::new(), End::Cut)];
    let (server, calls) = scripted((0..4).flat_map(|_| cut()));
    block_on(async {
        let client = Client::connect(server.address()).expect("a client");
        let error = client.register(&kernel(), "", false).await.expect_err("the connection broke");
        assert_eq!(error.reason(), "CONNECTION_LOST");
        assert!(
            error.message().ends_with("the kernel may or may not be registered, and doing it again is safe"),
            "{error}"
        );
    });
    assert_eq!(calls.lock().expect("no test failed").len(), 8);
}

#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
    #[prost(message, repeated, tag = "3")]
    details: Vec<prost_types::Any>,
}

fn detail(name: &str, value: Vec<u8>) -> prost_types::Any {
    prost_types::Any { type_url: format!("type.googleapis.com/{name}"), value }
}

/// The details of a status that says what is wrong with a field.
fn bad_request(field: &str, description: &str) -> Vec<u8> {
    let violation = tracery::FieldViolation { field: field.to_owned(), description: description.to_owned() };
    let mut value = vec![10, violation.encoded_len() as u8];
    value.extend(violation.encode_to_vec());
    RpcStatus { details: vec![detail("google.rpc.BadRequest", value)], ..Default::default() }.encode_to_vec()
}

#[test]
fn an_error_has_what_the_registry_said() {
    let diagnostic =
        Diagnostic { code: "FIELD_OVERLAPS".to_owned(), message: "overlaps".to_owned(), ..Default::default() };
    let violation = tracery::FieldViolation { field: "header.series".to_owned(), description: "is empty".to_owned() };
    let mut bad_request = vec![10, violation.encoded_len() as u8];
    bad_request.extend(violation.encode_to_vec());
    let details = RpcStatus {
        details: vec![
            detail("google.rpc.ErrorInfo", b"\x0a\x0aSTORE_FULL".to_vec()),
            detail("google.rpc.ErrorInfo.unknown", vec![255]),
            detail("google.rpc.BadRequest", bad_request),
            detail("google.rpc.ResourceInfo", b"\x0a\x06kernel\x12\x036.1".to_vec()),
            detail("tracery.v1.Diagnostic", diagnostic.encode_to_vec()),
            detail("tracery.v1.Diagnostic", vec![255]),
            detail("tracery.v1.CompatibilityReport", CompatibilityReport::default().encode_to_vec()),
        ],
        ..Default::default()
    };
    let end = End::Status { code: 9, message: "refused".to_owned(), details: details.encode_to_vec() };
    let (server, _) = scripted([sent(Vec::new(), end)]);
    let error: CallError = block_on(async {
        let client = Client::connect(server.address()).expect("a client");
        client.kernel(GetKernelRequest::default()).await.expect_err("it is refused")
    });
    assert_eq!((error.code(), error.message(), error.reason()), (Code::FailedPrecondition, "refused", "STORE_FULL"));
    assert_eq!(error.violations(), [violation]);
    assert_eq!(error.diagnostics(), [diagnostic]);
    assert_eq!(error.resource().map(|resource| resource.name.as_str()), Some("6.1"));
    assert!(error.report().is_some());
    assert_eq!(error.to_string(), "refused; header.series: is empty; :0:0: overlaps");
}

#[test]
fn an_error_says_nothing_twice() {
    let end = End::Status { code: 3, message: "a: is empty".to_owned(), details: bad_request("a", "is empty") };
    let (server, _) = scripted([sent(Vec::new(), end)]);
    let client = tracery::blocking::Client::connect(server.address()).expect("a client");
    let error = client.wait(client.calls().kernel(GetKernelRequest::default())).expect_err("it is refused");
    assert_eq!((error.to_string().as_str(), error.violations().len()), ("a: is empty", 1));
}

#[test]
fn a_client_without_a_runtime_of_the_callers_translates_too() {
    let (server, _) = scripted([sent(vec![items(2)], End::default())]);
    let client = tracery::blocking::Client::connect(server.address()).expect("a client");
    let (sender, mut items) = client.calls().translate(TranslateStart::default());
    client.wait(sender.send_file(&[1, 2, 3][..])).expect("a file");
    assert!(client.wait(items.next()).expect("an item").is_some());
}

fn items(count: usize) -> Vec<u8> {
    let item = TraceItem { item: Some(trace_item::Item::End(TraceEnd { events: 1, ..Default::default() })) };
    TranslateResponse { items: vec![item; count] }.encode_to_vec()
}

#[test]
fn a_translated_file_is_sent_in_chunks_and_ended() {
    let (server, calls) = scripted([sent(vec![items(2), items(0), items(1)], End::default())]);
    let file: Vec<u8> = (0..700_000u32).map(|byte| byte as u8).collect();
    block_on(async {
        let client = Client::connect(server.address()).expect("a client");
        let (sender, mut items) = client.translate(TranslateStart::default());
        sender.send_file(file.as_slice()).await.expect("a file");
        let mut count = 0;
        while items.next().await.expect("an item").is_some() {
            count += 1;
        }
        assert_eq!(count, 3);
    });
    let calls = calls.lock().expect("no test failed");
    let mut sent = Vec::new();
    for (number, message) in calls[0].messages.iter().enumerate() {
        match TranslateRequest::decode(message.clone()).expect("a part").part.expect("a part") {
            translate_request::Part::Start(_) => assert_eq!(number, 0),
            translate_request::Part::FileChunk(chunk) => sent.extend_from_slice(&chunk),
            translate_request::Part::Pages(_) => panic!("no pages were sent"),
        }
    }
    assert_eq!(calls[0].messages.len(), 4);
    assert!(sent == file);
}

#[test]
fn a_trace_that_is_not_sent_to_its_end_is_cancelled() {
    let (server, calls) = scripted([sent(vec![items(1)], End::default())]);
    block_on(async {
        let client = Client::connect(server.address()).expect("a client");
        let (sender, mut items) = client.translate(TranslateStart::default());
        assert!(sender.send_pages(0, vec![0; 4096]).await);
        drop(sender);
        let error = items.next().await.expect_err("half a trace is no trace");
        assert_eq!((error.code(), error.message()), (Code::Cancelled, "the trace was not sent to its end"));
    });
    assert!(calls.lock().expect("no test failed").is_empty());
}
