//! Writes `src/generated` of the crate from the protocol's files, and `tests/support` from the conformance suite's.
//!
//! ```text
//! cargo run --release --manifest-path codegen/Cargo.toml
//! ```

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use prost::Message;
use prost_types::field_descriptor_proto::Label;
use prost_types::{FieldDescriptorProto, FileDescriptorSet};
use sha2::{Digest, Sha256};

const SERVICES: [&str; 6] = ["admin", "compatibility", "consumer", "negotiation", "registry", "translation"];

fn main() -> Result<(), Box<dyn Error>> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no parent")?;
    let root = crate_folder.join("../..").canonicalize()?;
    let protocol = root.join("registry-api/src/main/protobuf");
    let conformance = root.join("clients/conformance");

    let mut sources: Vec<PathBuf> =
        SERVICES.iter().map(|name| protocol.join(format!("tracery/v1/{name}_service.proto"))).collect();
    sources.push(protocol.join("tracery/v1/options.proto"));
    let mut files = protox::compile(&sources, [&protocol])?;
    declare_options(&mut files);

    let out = crate_folder.join("src/generated");
    let mut config = prost_build::Config::new();
    config.compile_well_known_types().disable_comments([".google.protobuf"]).bytes([
        ".tracery.v1.EventFormat.text",
        ".tracery.v1.RawPages.pages",
        ".tracery.v1.SeenEvent.text",
        ".tracery.v1.TraceEvent.message",
        ".tracery.v1.TranslateRequest.file_chunk",
    ]);
    for name in ["Any", "Duration", "Timestamp"] {
        config.extern_path(format!(".google.protobuf.{name}"), format!("::prost_types::{name}"));
    }
    tonic_prost_build::configure().build_server(false).out_dir(&out).compile_fds_with_config(files, config)?;

    let mut sources = vec![conformance.join("conformance.proto")];
    let files = protox::compile(&sources, [&conformance, &protocol])?;
    // Why not made by the tests: what reads protos is a third of all that they would have to compile.
    fs::write(crate_folder.join("tests/support/conformance.binpb"), files.encode_to_vec())?;
    let scratch = crate_folder.join("target/codegen/conformance");
    fs::create_dir_all(&scratch)?;
    prost_build::Config::new()
        .extern_path(".tracery.v1", "::tracery::v1")
        .extern_path(".google.protobuf.Timestamp", "::prost_types::Timestamp")
        .out_dir(&scratch)
        .compile_fds(files)?;
    fs::copy(scratch.join("tracery.conformance.v1.rs"), crate_folder.join("tests/support/conformance.rs"))?;

    // What a test compares: whether the protocol changed since, and whether somebody edited what is generated.
    for name in fs::read_dir(protocol.join("tracery/v1"))? {
        sources.push(name?.path());
    }
    sources.push(out.join("google.protobuf.rs"));
    sources.push(out.join("tracery.v1.rs"));
    sources.push(crate_folder.join("tests/support/conformance.rs"));
    sources.push(crate_folder.join("tests/support/conformance.binpb"));
    let mut sums = String::new();
    sources.sort();
    for source in sources {
        let hash: String = Sha256::digest(fs::read(&source)?).iter().map(|byte| format!("{byte:02x}")).collect();
        let place = source.canonicalize()?;
        sums += &format!("{hash}  {}\n", place.strip_prefix(&root)?.display());
    }
    fs::write(crate_folder.join("tests/generated.sha256"), sums)?;
    Ok(())
}

/// Makes ordinary fields of the options that extend `descriptor.proto`: prost has no extensions and would drop them, and
/// on the wire there is no difference.
fn declare_options(files: &mut FileDescriptorSet) {
    let mut extensions: Vec<FieldDescriptorProto> = Vec::new();
    for file in &mut files.file {
        if file.package() == "tracery.v1" {
            extensions.append(&mut file.extension);
        }
    }
    for file in files.file.iter_mut().filter(|file| file.package() == "google.protobuf") {
        for extension in &extensions {
            for message in &mut file.message_type {
                if extension.extendee() == format!(".google.protobuf.{}", message.name()) {
                    message.field.push(FieldDescriptorProto {
                        extendee: None,
                        label: Some(Label::Optional.into()),
                        ..extension.clone()
                    });
                }
            }
        }
    }
}
