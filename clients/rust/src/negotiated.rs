use std::time::Duration;

use crate::decode::{Decoder, PlanError};
use crate::tool::Tool;
use crate::v1::{Consumer, EventReading, FitReason, NegotiateResponse, RunOutcome};

/// How a tool runs here.
#[derive(Clone, Debug)]
pub struct Negotiated {
    tool: Tool,
    answer: NegotiateResponse,
    source: Source,
    age: Duration,
    offline_reason: String,
}

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// From the registry, now.
    Registry,
    /// Kept from an earlier start, and not older than the registry allows.
    Cache,
    /// Kept from an earlier start, however old: the registry cannot be reached.
    CacheOffline,
}

impl Negotiated {
    pub(crate) fn new(
        tool: &Tool,
        answer: NegotiateResponse,
        source: Source,
        age: Duration,
        offline_reason: String,
    ) -> Self {
        Self { tool: tool.clone(), answer, source, age, offline_reason }
    }

    /// Whether the tool can run: accepted, degraded, or unknown, where the registry cannot tell and the warnings say why.
    #[must_use]
    pub fn outcome(&self) -> RunOutcome {
        self.answer.outcome()
    }

    /// Where the answer comes from.
    #[must_use]
    pub fn source(&self) -> Source {
        self.source
    }

    /// How long ago the registry gave the answer; zero if now.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.age
    }

    /// Who asked.
    #[must_use]
    pub fn tool(&self) -> &Consumer {
        self.tool.consumer()
    }

    /// The registry's answer.
    #[must_use]
    pub fn answer(&self) -> &NegotiateResponse {
        &self.answer
    }

    /// How to read the records of an event; none if no requirement chose it.
    #[must_use]
    pub fn reading(&self, event: &str) -> Option<&EventReading> {
        self.answer.events.iter().find(|reading| reading.event == event)
    }

    /// The decoder of an event's records.
    ///
    /// # Errors
    ///
    /// If no requirement chose the event, or the registry's plan cannot be run.
    pub fn decoder(&self, event: &str) -> Result<Decoder, PlanError> {
        let reading = self
            .reading(event)
            .ok_or_else(|| PlanError::new(format!("{event}: the registry did not say how to read it")))?;
        Decoder::new(reading)
    }

    /// What the tool's user should know: that the answer is an old one, and what is missing and why.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.source == Source::CacheOffline {
            warnings.push(format!(
                "the registry cannot be reached ({}); going by its answer of {}",
                self.offline_reason,
                ago(self.age)
            ));
        }
        warnings.append(&mut self.reasons());
        warnings
    }

    /// Why it is not accepted without reserve: one sentence for each requirement and field that is not as the tool would have
    /// it.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        for (index, fit) in self.answer.requirements.iter().enumerate() {
            if fit.outcome() == RunOutcome::Accepted {
                continue;
            }
            let subject = self.subject(index, fit.chosen);
            let mut fields = fit.fields.iter().filter(|field| !field.usable).peekable();
            if !fit.explanation.is_empty() || fields.peek().is_none() {
                reasons.push(format!("{subject}: {}", text(fit.reason(), &fit.explanation)));
            }
            reasons.extend(
                fields.map(|field| format!("{subject}.{}: {}", field.name, text(field.reason(), &field.explanation))),
            );
        }
        reasons
    }

    /// What is not read as the kernel wrote it: one sentence for each field that a translator of the registry fills, and from
    /// what.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        for (index, fit) in self.answer.requirements.iter().enumerate() {
            for field in fit.fields.iter().filter(|field| field.reason() == FitReason::Bridged) {
                notes.push(format!("{}.{}: {}", self.subject(index, fit.chosen), field.name, field.explanation));
            }
        }
        notes
    }

    fn subject(&self, requirement: usize, chosen: u32) -> String {
        let Some(asked) = self.tool().requirements.get(requirement) else {
            return format!("requirement {requirement}");
        };
        match asked.any_of.get(chosen as usize) {
            Some(event_use) if !event_use.event.is_empty() => event_use.event.clone(),
            _ => "the kernel".to_owned(),
        }
    }
}

fn text(reason: FitReason, explanation: &str) -> String {
    if explanation.is_empty() {
        reason.as_str_name().trim_start_matches("FIT_REASON_").to_ascii_lowercase()
    } else {
        explanation.to_owned()
    }
}

fn ago(age: Duration) -> String {
    let minutes = age.as_secs() / 60;
    match minutes {
        0 => "less than a minute ago".to_owned(),
        1 => "1 minute ago".to_owned(),
        2..120 => format!("{minutes} minutes ago"),
        120..2880 => format!("{} hours ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1440),
    }
}
