//! Against a real registry, which the environment names (clients/README.md). Run by `run integration`.

use std::env;

use tracery::v1::*;
use tracery::{Client, NegotiateOptions, Source, Tls, Tool, Tracefs, Upload};

use crate::support::block_on;

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set; clients/README.md says what it is"))
}

fn client() -> Client {
    Client::connect(variable("TRACERY_TEST_SERVER")).expect("a client")
}

fn identity() -> KernelIdentity {
    let json: serde_json::Value = serde_json::from_str(&variable("TRACERY_TEST_IDENTITY")).expect("JSON");
    let words = ["release", "build", "machine", "bits", "order", "page_size"].map(|name| match &json[name] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    KernelIdentity::parse(&words).expect("an identity")
}

fn tracefs() -> Tracefs {
    Tracefs::new(variable("TRACERY_TEST_TRACEFS"), identity()).expect("a tracefs")
}

async fn kernel_id(client: &Client) -> String {
    let series = variable("TRACERY_TEST_SERIES");
    let kernels = client.kernels(ListKernelsRequest { series, ..Default::default() }).all().await.expect("kernels");
    let ours = |kernel: &&Kernel| kernel.identity.as_ref() == Some(&identity());
    kernels.iter().find(ours).expect("the series has the kernel").id.clone()
}

#[test]
#[ignore = "needs a registry"]
fn a_tool_starts_and_decodes() {
    let tool = Tool::new("rust-integration", "1.0")
        .require("sched/sched_switch", ["prev_comm", "prev_pid"])
        .like("sched/sched_switch", ["no_such_field"]);
    let options = NegotiateOptions::default().without_cache().dry_run();
    let negotiated = block_on(async { client().negotiate_with(&tool, &tracefs(), &options).await });
    let negotiated = negotiated.expect("the tool can run");
    assert_eq!((negotiated.source(), negotiated.outcome()), (Source::Registry, RunOutcome::Degraded));
    let warnings = negotiated.warnings();
    assert!(warnings.iter().all(|warning| warning.contains("no_such_field")) && !warnings.is_empty(), "{warnings:?}");
    let decoder = negotiated.decoder("sched/sched_switch").expect("a plan");
    assert_eq!(decoder.message_name(), "linux.sched.SchedSwitch");
    let comm = decoder.field("prev_comm").expect("the field");
    assert_eq!(decoder.info(comm).map(tracery::decode::FieldInfo::kind), Some(FieldKind::String));
    assert!(decoder.decode(&[0; 64]).get(comm).is_some());
}

#[test]
#[ignore = "needs a registry"]
fn kernels_events_schemas_and_what_differs() {
    block_on(async {
        let client = client();
        let id = kernel_id(&client).await;
        let kernel = client.kernel(GetKernelRequest { kernel: id.clone(), at_revision: 0 }).await.expect("a kernel");
        let events = ListEventsRequest { kernel: id.clone(), page_size: 100, ..Default::default() };
        let events = client.events(events).all().await.expect("events");
        assert_eq!(events.len(), kernel.kernel.expect("a kernel").event_count as usize);
        let schema = client
            .schema(GetSchemaRequest {
                event: "sched/sched_switch".to_owned(),
                selector: Some(get_schema_request::Selector::Kernel(id.clone())),
                ..Default::default()
            })
            .await
            .expect("a schema");
        let file = &schema.descriptor_set.expect("a descriptor").file[0];
        let options = file.message_type[0].options.as_ref().expect("options");
        assert_eq!(options.event.as_ref().map(|event| event.name.as_str()), Some("sched_switch"));
        let kernels = client.kernels(ListKernelsRequest::default()).all().await.expect("kernels");
        let other = kernels.iter().find(|kernel| kernel.id != id).expect("another kernel").id.clone();
        let diff = DiffKernelsRequest { from_kernel: id, to_kernel: other, ..Default::default() };
        assert!(!client.diff_kernels(diff).await.expect("a diff").events.is_empty());
        let diff = DiffSchemasRequest { event: "sched/sched_switch".to_owned(), from_version: 1, ..Default::default() };
        client.diff_schemas(diff).await.expect("a diff");
        let uses = FindUsesRequest { event: "sched/*".to_owned(), ..Default::default() };
        client.who_uses(uses).await.expect("uses");
        let missing = client.kernel(GetKernelRequest { kernel: "no-such-kernel".to_owned(), at_revision: 0 }).await;
        let error = missing.expect_err("there is none");
        assert_eq!(error.code(), tracery::tonic::Code::NotFound);
        assert_eq!(error.resource().map(|resource| resource.name.as_str()), Some("no-such-kernel"));
    });
}

#[test]
#[ignore = "needs a registry"]
fn a_kernel_is_checked_and_registered_again() {
    let upload = Upload::read(&tracefs()).expect("all formats");
    block_on(async {
        let client = client();
        let series = variable("TRACERY_TEST_SERIES");
        let report = client.check(&upload, &series).await.expect("a check").report.expect("a report");
        assert_eq!(report.series, series);
        let registered = client.register(&upload, "", true).await.expect("a registration");
        assert!(!registered.created);
        let fresh = client.freshness().expect("the registry says how new its answer is");
        assert!(fresh.revision >= registered.revision && fresh.store_reachable, "{fresh:?}");
        assert_eq!(registered.kernel.expect("a kernel").id, kernel_id(&client).await);
    });
}

#[test]
#[ignore = "needs a registry"]
fn a_watch_begins_with_the_first_revision() {
    block_on(async {
        let client = client();
        let now = client.status(GetStatusRequest::default()).await.expect("a status").revision;
        let mut watch = client.watch(0).await.expect("a watch");
        let mut last = 0;
        while last < now {
            let revision = watch.next().await.expect("a revision");
            assert!(revision.revision > last && !revision.changes.is_empty());
            last = revision.revision;
        }
    });
}

#[test]
#[ignore = "needs a registry"]
fn a_trace_is_translated() {
    let trace = std::fs::read(variable("TRACERY_TEST_TRACE")).expect("a trace");
    block_on(async {
        let source = translate_start::Source::File(TraceFileSource { name: "trace.dat".to_owned() });
        let (sender, mut items) = client().translate(TranslateStart { source: Some(source), ..Default::default() });
        sender.send_file(trace.as_slice()).await.expect("a file");
        let (mut events, mut end) = (0, None);
        while let Some(item) = items.next().await.expect("an item") {
            match item.item.expect("an item") {
                trace_item::Item::Events(batch) => events += batch.events.len() as u64,
                trace_item::Item::End(last) => end = Some(last),
                _ => {}
            }
        }
        assert_eq!(events.to_string(), variable("TRACERY_TEST_TRACE_EVENTS"));
        assert_eq!(end.map(|end| end.events), Some(events));
    });
}

#[test]
#[ignore = "needs a registry"]
fn a_file_that_is_no_trace_is_refused() {
    block_on(async {
        let source = translate_start::Source::File(TraceFileSource { name: "rubbish".to_owned() });
        let (sender, mut items) = client().translate(TranslateStart { source: Some(source), ..Default::default() });
        sender.send_file(&[7; 100_000][..]).await.expect("a file");
        let error = items.next().await.expect_err("it is no trace");
        assert_eq!(error.code(), tracery::tonic::Code::InvalidArgument);
        assert_eq!(error.diagnostics().len(), 1);
    });
}

#[test]
#[ignore = "needs a registry"]
fn a_registry_with_tls_wants_the_token() {
    block_on(async {
        let address = variable("TRACERY_TEST_TLS_SERVER");
        let tls = Tls::ca_file(variable("TRACERY_TEST_CA"));
        let builder = Client::builder().addresses(address).tls(tls);
        let client = builder.clone().token(variable("TRACERY_TEST_TOKEN")).build().expect("a client");
        client.status(GetStatusRequest::default()).await.expect("a status");
        let refused = builder.token("another").build().expect("a client").status(GetStatusRequest::default()).await;
        assert_eq!(refused.expect_err("another token").code(), tracery::tonic::Code::Unauthenticated);
    });
}
