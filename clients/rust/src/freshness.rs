//! Which revision a client wants at least, and how new what it was answered is.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tonic::codegen::http::{HeaderMap, HeaderValue};

const AT_LEAST: &str = "tracery-at-least-revision";
const REVISION: &str = "tracery-revision";
const AGE: &str = "tracery-age-ms";
const STORE: &str = "tracery-store";

/// The calls after which a client wants to read what they wrote.
const WRITES: [&str; 8] = [
    "/tracery.v1.RegistryService/RegisterKernel",
    "/tracery.v1.ConsumerService/DeclareConsumer",
    "/tracery.v1.ConsumerService/WithdrawConsumer",
    "/tracery.v1.CompatibilityService/GiveWaiver",
    "/tracery.v1.CompatibilityService/UpdatePolicy",
    "/tracery.v1.AdminService/Import",
    "/tracery.v1.TranslatorService/InstallTranslator",
    "/tracery.v1.TranslatorService/RemoveTranslator",
];

/// How new an answer is. A server answers from memory what it has read of the registry's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Freshness {
    /// What the server had read when it answered; after a write, the write's revision at least.
    pub revision: u64,
    /// How long before the answer it was known that this is all there is.
    pub age: Duration,
    /// Whether the server reaches its store. One that does not answers from memory, and refuses writes.
    pub store_reachable: bool,
}

/// What all connections of a client know.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    at_least: AtomicU64,
    last: Mutex<Option<Freshness>>,
}

impl Notes {
    pub(crate) fn at_least(&self, revision: u64) {
        self.at_least.fetch_max(revision, Ordering::Relaxed);
    }

    pub(crate) fn last(&self) -> Option<Freshness> {
        *self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Says in a request what is wanted.
    pub(crate) fn ask(&self, headers: &mut HeaderMap) {
        let revision = self.at_least.load(Ordering::Relaxed);
        if revision > 0 {
            headers.insert(AT_LEAST, HeaderValue::from(revision));
        }
    }

    /// Notes what an answer's first metadata says.
    pub(crate) fn answered(&self, path: &str, headers: &HeaderMap) {
        let Some(revision) = number(headers, REVISION) else { return };
        let fresh = Freshness {
            revision,
            age: Duration::from_millis(number(headers, AGE).unwrap_or_default()),
            store_reachable: headers.get(STORE).is_none_or(|state| state != "unreachable"),
        };
        *self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(fresh);
        // Where a write fails the status is here already, in the only metadata that there is.
        if WRITES.contains(&path) && headers.get("grpc-status").is_none_or(|status| status == "0") {
            self.at_least(revision);
        }
    }
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}
