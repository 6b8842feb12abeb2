use std::cell::Cell;
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage};
use tracery::descriptor::FileDescriptorProto;
use tracery::v1::{EventReading, NegotiateRequest};
use tracery::{Decoder, NegotiateError, NegotiateOptions, Negotiated, Source, Tool, Tracefs, Value, blocking};

use crate::support::vectors::{self, exchange, field_value};
use crate::support::{Folder, Reply, Server, root, status};

/// One kind's cases, and what is wrong with those that failed.
struct Tally {
    name: &'static str,
    cases: usize,
    failures: Vec<String>,
}

impl Tally {
    fn new(name: &'static str) -> Self {
        Self { name, cases: 0, failures: Vec::new() }
    }

    fn case(&mut self, name: &str, result: Result<(), String>) {
        self.cases += 1;
        if let Err(failure) = result {
            self.failures.push(format!("{}: {name}: {failure}", self.name));
        }
    }
}

#[test]
fn every_case_passes() {
    let tallies = [layouts(), plans(), records(), negotiations()];
    if let Ok(report) = std::env::var("TRACERY_CONFORMANCE_REPORT") {
        let mut lines = String::new();
        for Tally { name, cases, failures } in &tallies {
            let _ = writeln!(lines, "{name}\t{cases}\t{}", cases - failures.len());
        }
        fs::write(report, lines).expect("the report can be written");
    }
    for Tally { name, cases, .. } in &tallies {
        assert!(*cases > 0, "there are no {name}");
    }
    let failures: Vec<String> = tallies.into_iter().flat_map(|tally| tally.failures).collect();
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures[..failures.len().min(20)].join("\n"));
}

/// A file of the suite.
fn read<M: Message + Default>(file: &str, message: &str) -> M {
    let folder = root().join("clients/conformance");
    let pool = DescriptorPool::decode(&include_bytes!("support/conformance.binpb")[..]).expect("the suite's messages");
    let descriptor = pool.get_message_by_name(&format!("tracery.conformance.v1.{message}")).expect("a message");
    let text = fs::read_to_string(folder.join(file)).expect("a file of the suite");
    let mut json = serde_json::Deserializer::from_str(&text);
    let dynamic = DynamicMessage::deserialize(descriptor, &mut json).expect("protobuf's JSON");
    dynamic.transcode_to().expect("the same message")
}

fn layouts() -> Tally {
    let mut tally = Tally::new("layouts");
    for case in read::<vectors::LayoutVectors>("layouts.json", "LayoutVectors").cases {
        let hash = tracery::layout_hash(&case.text, case.word_size(), case.byte_order());
        let id = tracery::format_id(&case.text);
        let found = same("hash", &hash.to_vec(), &case.hash).and_then(|()| same("id", &id, &case.id));
        tally.case(&case.name, found);
    }
    tally
}

fn plan_cases() -> Vec<vectors::PlanCase> {
    read::<vectors::RecordVectors>("records.json", "RecordVectors").plans
}

fn decoder(case: &vectors::PlanCase) -> Result<Decoder, String> {
    let reading = EventReading {
        event: case.plan.as_ref().map(|plan| plan.event.clone()).unwrap_or_default(),
        message_name: case.message_name.clone(),
        file: Some(FileDescriptorProto::decode(case.file.as_slice()).map_err(|error| error.to_string())?),
        decode_plan: case.plan.clone(),
        ..Default::default()
    };
    Decoder::new(&reading).map_err(|error| error.to_string())
}

fn plans() -> Tally {
    let mut tally = Tally::new("plans");
    for case in plan_cases().iter().filter(|case| !case.refused.is_empty()) {
        let refused = match decoder(case) {
            Ok(_) => Err(format!("it must be refused: {}", case.refused)),
            Err(error) if error.contains(&case.plan.as_ref().map(|plan| plan.event.clone()).unwrap_or_default()) => {
                Ok(())
            }
            Err(error) => Err(format!("the error does not name the event: {error}")),
        };
        tally.case(&case.name, refused);
    }
    tally
}

fn records() -> Tally {
    let mut tally = Tally::new("records");
    for case in plan_cases().iter().filter(|case| case.refused.is_empty()) {
        let decoder = decoder(case);
        for record in &case.records {
            let name = format!("{}, {}", case.name, record.name);
            tally.case(&name, decoder.as_ref().map_err(Clone::clone).and_then(|decoder| check_record(decoder, record)));
        }
    }
    tally
}

fn check_record(decoder: &Decoder, case: &vectors::RecordCase) -> Result<(), String> {
    let record = decoder.decode(&case.record);
    let mut message = vec![42];
    record.write_message(&mut message);
    same("message", &message[1..].to_vec(), &case.message)?;
    let found: Vec<vectors::FieldValue> = record
        .values()
        .map(|(field, value)| {
            let info = decoder.info(field).expect("its own field");
            let symbols = value.bits().map_or(Vec::new(), |bits| {
                info.symbols()
                    .iter()
                    .map(|table| {
                        let names = table.names(bits);
                        vectors::SymbolNames { rest: names.rest(), names: names.map(str::to_owned).collect() }
                    })
                    .collect()
            });
            vectors::FieldValue {
                number: info.number(),
                name: info.name().to_owned(),
                occurrence: info.occurrence(),
                value: Some(native(&value)),
                symbols,
            }
        })
        .collect();
    for (found, expected) in found.iter().zip(&case.fields) {
        same("field", found, expected)?;
    }
    same("number of fields", &found.len(), &case.fields.len())?;
    for field in &case.fields {
        let handle = decoder.field_at(&field.name, field.occurrence).ok_or("not found by name")?;
        same("number", &decoder.info(handle).map(tracery::decode::FieldInfo::number), &Some(field.number))?;
        if field.occurrence == 0 {
            same("by name", &decoder.field(&field.name), &Some(handle))?;
        }
    }
    Ok(())
}

fn native(value: &Value<'_>) -> field_value::Value {
    match value {
        Value::I64(value) => field_value::Value::SignedInteger(*value),
        Value::U64(value) => field_value::Value::UnsignedInteger(*value),
        Value::Bool(value) => field_value::Value::Boolean(*value),
        Value::Str(text) => field_value::Value::Text(text.clone().into_owned()),
        Value::Bytes(bytes) => field_value::Value::Data(bytes.to_vec()),
        Value::I64List(list) => field_value::Value::SignedList(vectors::SignedList { values: list.iter().collect() }),
        Value::U64List(list) => {
            field_value::Value::UnsignedList(vectors::UnsignedList { values: list.iter().collect() })
        }
        other => panic!("a new kind of value: {other:?}"),
    }
}

thread_local! {
    static NOW: Cell<SystemTime> = const { Cell::new(SystemTime::UNIX_EPOCH) };
}

/// What the server is to answer next, and what it was asked.
#[derive(Default)]
struct Script {
    replies: VecDeque<Reply>,
    requests: Vec<NegotiateRequest>,
}

fn negotiations() -> Tally {
    let script = Arc::new(Mutex::new(Script::default()));
    let scripted = Arc::clone(&script);
    let server = Server::start(move |call| {
        let mut script = scripted.lock().expect("no test failed");
        script.requests.push(call.message());
        script.replies.pop_front().unwrap_or_else(|| status(9, "an answer too many"))
    });
    let mut tally = Tally::new("negotiations");
    for case in read::<vectors::NegotiationVectors>("negotiations.json", "NegotiationVectors").cases {
        tally.case(&case.name, check_negotiation(&server, &script, &case));
    }
    tally
}

fn check_negotiation(server: &Server, script: &Mutex<Script>, case: &vectors::NegotiationCase) -> Result<(), String> {
    let (tracefs, cache) = (Folder::new(), Folder::new());
    fs::create_dir_all(tracefs.path().join("events")).map_err(|error| error.to_string())?;
    for format in &case.formats {
        tracefs.write(format!("events/{}/format", format.event), &format.text);
    }
    for event in &case.unreadable {
        let _ = fs::create_dir_all(tracefs.path().join(format!("events/{event}/format")));
    }
    let folder = cache.path().join("a/negotiations");
    let kernel = Tracefs::new(tracefs.path(), case.kernel.clone().unwrap_or_default()).expect("a folder");
    let tool = Tool::from(case.tool.clone().unwrap_or_default());
    for (number, start) in case.starts.iter().enumerate() {
        if let Some(kept) = &start.kept {
            make_private(&folder);
            fs::write(folder.join(&start.kept_name), kept).map_err(|error| error.to_string())?;
        }
        let time = start.time.unwrap_or_default();
        NOW.set(SystemTime::try_from(time).map_err(|error| error.to_string())?);
        {
            let mut script = script.lock().expect("no test failed");
            script.requests.clear();
            script.replies = start.exchanges.iter().map(reply).collect();
        }
        let mut options =
            NegotiateOptions::default().cache(&folder).clock(|| NOW.get()).deadline(Duration::from_secs(60));
        if start.dry_run {
            options = options.dry_run();
        }
        let client = blocking::Client::connect(server.address()).map_err(|error| error.to_string())?;
        let result = client.negotiate_with(&tool, &kernel, &options);
        let expected: Vec<_> = start.exchanges.iter().filter_map(|exchange| exchange.request.clone()).collect();
        let check = same("requests", &script.lock().expect("no test failed").requests, &expected)
            .and_then(|()| check_result(result, &start.result.clone().unwrap_or_default()))
            .and_then(|()| same("is kept", &folder.join(&start.kept_name).is_file(), &start.is_kept));
        check.map_err(|failure| format!("start {number}: {failure}"))?;
    }
    Ok(())
}

fn make_private(folder: &std::path::Path) {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).expect("a folder");
}

fn reply(exchange: &vectors::Exchange) -> Reply {
    match &exchange.answer {
        Some(exchange::Answer::Response(bytes)) => Reply { messages: vec![bytes.clone()], ..Default::default() },
        Some(exchange::Answer::Status(code)) => status(*code, "as the test says"),
        None => Reply { messages: vec![Vec::new()], ..Default::default() },
    }
}

fn check_result(result: Result<Negotiated, NegotiateError>, expected: &vectors::Started) -> Result<(), String> {
    let error = result.as_ref().err().map(ToString::to_string);
    let found = match result {
        Ok(negotiated) => started(vectors::Kind::Started, &negotiated),
        Err(NegotiateError::Refused(negotiated)) => started(vectors::Kind::Refused, &negotiated),
        Err(NegotiateError::Unreachable { .. }) => {
            vectors::Started { kind: vectors::Kind::Unreachable.into(), ..Default::default() }
        }
        Err(NegotiateError::Failed(error)) => {
            vectors::Started { kind: vectors::Kind::Failed.into(), status: error.code() as u32, ..Default::default() }
        }
        Err(error) => return Err(error.to_string()),
    };
    same("result", &found, expected)?;
    match error {
        Some(text) if !expected.reasons.iter().all(|reason| text.contains(reason)) => {
            Err(format!("the error has not all reasons: {text}"))
        }
        _ => Ok(()),
    }
}

fn started(kind: vectors::Kind, negotiated: &Negotiated) -> vectors::Started {
    let source = match negotiated.source() {
        Source::Registry => vectors::Source::Registry,
        Source::Cache => vectors::Source::Cache,
        Source::CacheOffline => vectors::Source::CacheOffline,
    };
    let mut warnings = negotiated.warnings();
    if source == vectors::Source::CacheOffline {
        let (begin, end) = ("the registry cannot be reached (", "); going by its answer of ");
        if let Some((why, age)) = warnings[0].split_once(end) {
            assert!(why.len() > begin.len(), "it says why: {why}");
            warnings[0] = format!("{begin}...{end}{age}");
        }
    }
    let events = negotiated.answer().events.iter().map(|reading| reading.event.clone());
    vectors::Started {
        kind: kind.into(),
        outcome: negotiated.outcome().into(),
        source: source.into(),
        reasons: negotiated.reasons(),
        warnings,
        notes: negotiated.notes(),
        events: events.filter(|event| negotiated.decoder(event).is_ok()).collect(),
        status: 0,
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what}: expected {expected:?} but found {found:?}")) }
}
