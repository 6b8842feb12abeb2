use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::support::root;

fn read(file: impl AsRef<Path>) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).expect("a file of the crate")
}

#[test]
fn the_generated_code_is_what_the_generator_made_of_the_protocol() {
    let sums = read("tests/generated.sha256");
    let mut protocol = 0;
    for line in sums.lines() {
        let (expected, file) = line.split_once("  ").expect("a sum and a file");
        let hash = Sha256::digest(fs::read(root().join(file)).expect("a file"));
        let found: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            found, expected,
            "{file} is another; in clients/rust: cargo run --release --manifest-path codegen/Cargo.toml"
        );
        protocol += usize::from(file.starts_with("registry-api/"));
    }
    let files = fs::read_dir(root().join("registry-api/src/main/protobuf/tracery/v1")).expect("the protocol");
    assert_eq!(protocol, files.count(), "a file of the protocol was added or removed");
}

#[test]
fn the_crate_has_the_projects_licence() {
    assert_eq!(read("LICENSE"), read(root().join("LICENSE")));
}

#[test]
fn the_readme_has_the_example_and_it_is_short() {
    let example = read("examples/switches.rs");
    assert!(example.lines().count() < 40);
    assert!(read("README.md").contains(&format!("```rust,no_run\n{example}```\n")));
}
