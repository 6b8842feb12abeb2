"""How a tool runs on a kernel."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from datetime import timedelta

from ._decoder import Decoder
from .v1 import compatibility_pb2
from .v1.consumer_pb2 import Consumer
from .v1.negotiation_service_pb2 import NegotiateResponse


class Outcome(enum.Enum):
    """Whether a tool can run."""

    ACCEPTED = compatibility_pb2.RUN_OUTCOME_ACCEPTED
    """Everything that it requires and would like is there."""
    DEGRADED = compatibility_pb2.RUN_OUTCOME_DEGRADED
    """Everything that it requires is there; the warnings say what it would like and is not."""
    REJECTED = compatibility_pb2.RUN_OUTCOME_REJECTED
    """Something that it requires is not there."""
    UNKNOWN = compatibility_pb2.RUN_OUTCOME_UNKNOWN
    """The registry cannot tell; the warnings say why."""


class Source(enum.Enum):
    """Where an answer comes from."""

    REGISTRY = "registry"
    """From the registry, now."""
    CACHE = "cache"
    """Kept from an earlier start, and not older than the registry allows."""
    CACHE_OFFLINE = "cache offline"
    """Kept from an earlier start, however old: the registry cannot be reached."""


class Negotiated:
    """How a tool runs here, or in a Refused that it does not."""

    def __init__(self, tool: Consumer, answer: NegotiateResponse, source: Source, age: timedelta, why: str) -> None:
        self.answer: NegotiateResponse = answer
        """The registry's answer, whole."""
        self.source: Source = source
        """Where it comes from."""
        self.age: timedelta = age
        """How long ago the registry gave it; zero if now."""
        self.outcome: Outcome = _outcome(answer)
        """How the tool runs."""
        self.reasons: tuple[str, ...] = tuple(_reasons(tool, answer))
        """Why the tool is not accepted without reserve."""
        self.notes: tuple[str, ...] = tuple(_notes(tool, answer))
        """What is not read as the kernel wrote it: fields that the registry's bridges fill, and from what."""
        self.warnings: tuple[str, ...] = self.reasons
        """What the tool's user should know: what is missing and why, and that the answer is an old one."""
        if source is Source.CACHE_OFFLINE:
            first = f"the registry cannot be reached ({why}); going by its answer of {_ago(age)}"
            self.warnings = (first, *self.reasons)
        self.decoders: Mapping[str, Decoder] = {
            reading.event: Decoder(reading.decode_plan, reading.file, reading.message_name) for reading in answer.events
        }
        """What decodes the records of each event that a requirement chose, by `system/name`."""

    def __repr__(self) -> str:
        return f"<Negotiated {self.outcome.name} from {self.source.name}: {', '.join(self.decoders)}>"


def _outcome(answer: NegotiateResponse) -> Outcome:
    try:
        return Outcome(answer.outcome)
    except ValueError:
        return Outcome.UNKNOWN  # A newer registry's.


def _reasons(tool: Consumer, answer: NegotiateResponse) -> Iterator[str]:
    """One sentence for each requirement and field that is not as the tool would have it."""
    for index, fit in enumerate(answer.requirements):
        if fit.outcome == compatibility_pb2.RUN_OUTCOME_ACCEPTED:
            continue
        subject = _subject(tool, index, fit.chosen)
        unusable = [field for field in fit.fields if not field.usable]
        if fit.explanation or not unusable:
            yield f"{subject}: {_text(fit.reason, fit.explanation)}"
        for field in unusable:
            yield f"{subject}.{field.name}: {_text(field.reason, field.explanation)}"


def _notes(tool: Consumer, answer: NegotiateResponse) -> Iterator[str]:
    for index, fit in enumerate(answer.requirements):
        for field in fit.fields:
            if field.reason == compatibility_pb2.FIT_REASON_BRIDGED:
                yield f"{_subject(tool, index, fit.chosen)}.{field.name}: {field.explanation}"


def _subject(tool: Consumer, index: int, chosen: int) -> str:
    if index >= len(tool.requirements):
        return f"requirement {index}"
    uses = tool.requirements[index].any_of
    return (uses[chosen].event if chosen < len(uses) else "") or "the kernel"


def _text(reason: compatibility_pb2.FitReason, explanation: str) -> str:
    if explanation:
        return explanation
    values = compatibility_pb2.FitReason.DESCRIPTOR.values_by_number
    return values[reason].name.removeprefix("FIT_REASON_").lower() if reason in values else str(reason)


def _ago(age: timedelta) -> str:
    minutes = age // timedelta(minutes=1)
    if minutes < 1:
        return "less than a minute ago"
    if minutes == 1:
        return "1 minute ago"
    if minutes < 120:
        return f"{minutes} minutes ago"
    hours = minutes // 60
    return f"{hours} hours ago" if hours < 48 else f"{hours // 24} days ago"
