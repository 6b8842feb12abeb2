"""Asks a registry whether a tool can run, when it starts."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta

from ._cache import AnswerCache, Kept
from ._errors import Refused, RegistryError, Unreachable
from ._formats import SeenKernel, check_event, event_id, layout_hash
from ._negotiated import Negotiated, Outcome, Source
from ._transport import Method, Transport
from .v1.consumer_pb2 import Consumer
from .v1.negotiation_service_pb2 import NegotiateRequest, NegotiateResponse, SeenEvent

_NEGOTIATE = Method("/tracery.v1.NegotiationService/Negotiate", NegotiateRequest, NegotiateResponse)
_API_VERSION = "tracery.v1"


class Negotiator:
    """One negotiation."""

    def __init__(
        self,
        transport: Transport,
        cache: AnswerCache | None,
        timeout: float,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._transport = transport
        self._cache = cache
        self._timeout = timeout
        self._clock = clock

    def negotiate(self, tool: Consumer, kernel: SeenKernel, *, dry_run: bool) -> Negotiated:
        """Raises Refused, Unreachable or RegistryError; OSError if a format is there and cannot be read."""
        formats = _read_formats(tool, kernel)
        request = _request(tool, kernel, formats, dry_run=dry_run)
        key = cache_key(request)
        kept = self._cache.get(key) if self._cache else None
        if kept and self._is_fresh(kept):
            return self._started(tool, kept.answer, Source.CACHE, kept)
        try:
            answer = self._ask(request, formats)
        except RegistryError as error:
            why = _why_unreachable(error)
            if why is None:
                raise
            if kept is None:
                raise Unreachable(error.code, self._nothing_kept(tool, why)) from error
            return self._started(tool, kept.answer, Source.CACHE_OFFLINE, kept, why)
        if self._cache and not answer.need_formats:
            self._cache.put(key, self._clock() // 1_000_000, answer)
        return self._started(tool, answer, Source.REGISTRY)

    def _is_fresh(self, kept: Kept) -> bool:
        if kept.answer.outcome == Outcome.REJECTED.value:
            # Who was refused mends something, a bridge or a kernel, and asks again.
            return False
        age = self._clock() - kept.millis * 1_000_000
        allowed = kept.answer.cache_for
        # Why not negative: the clock was set back, and nobody knows how old the answer is.
        return 0 <= age < allowed.seconds * 1_000_000_000 + allowed.nanos

    def _ask(self, request: NegotiateRequest, formats: dict[str, bytes]) -> NegotiateResponse:
        """One round trip, or two where the registry needs texts."""
        end = time.monotonic() + self._timeout
        answer = self._transport.call(_NEGOTIATE, request, self._timeout)
        if not answer.need_formats:
            return answer
        again = NegotiateRequest()
        again.CopyFrom(request)
        for event in again.events:
            if event.event in answer.need_formats:
                event.text = formats[event.event]
        return self._transport.call(_NEGOTIATE, again, end - time.monotonic())

    def _started(
        self,
        tool: Consumer,
        answer: NegotiateResponse,
        source: Source,
        kept: Kept | None = None,
        why: str = "",
    ) -> Negotiated:
        age = max(0, self._clock() - kept.millis * 1_000_000) if kept else 0
        negotiated = Negotiated(tool, answer, source, timedelta(microseconds=age // 1000), why)
        if negotiated.outcome is Outcome.REJECTED:
            raise Refused(f"{tool.name} {tool.version}", negotiated)
        return negotiated

    def _nothing_kept(self, tool: Consumer, why: str) -> str:
        place = f" in {self._cache.folder}" if self._cache else ", for none are kept"
        return (
            f"the registry cannot be reached ({why}), and there is no answer of an earlier start of"
            f" {tool.name} {tool.version} on this kernel{place}"
        )


def _why_unreachable(error: RegistryError) -> str | None:
    if isinstance(error, Unreachable):
        return str(error)
    return "no answer in time" if error.code.name == "DEADLINE_EXCEEDED" else None


def _read_formats(tool: Consumer, kernel: SeenKernel) -> dict[str, bytes]:
    """The formats of the events that the tool names and the kernel has."""
    formats: dict[str, bytes] = {}
    named = dict.fromkeys(use.event for requirement in tool.requirements for use in requirement.any_of if use.event)
    for event in named:
        text = kernel.format(check_event(event))
        if text is not None:
            formats[event] = text
    return formats


def _request(tool: Consumer, kernel: SeenKernel, formats: dict[str, bytes], *, dry_run: bool) -> NegotiateRequest:
    return NegotiateRequest(
        tool=tool,
        kernel=kernel.identity,
        events=[
            SeenEvent(event=event, id=event_id(text), layout_hash=layout_hash(text, kernel.identity))
            for event, text in formats.items()
        ],
        dry_run=dry_run,
        api_versions=[_API_VERSION],
    )


def cache_key(request: NegotiateRequest) -> str:
    """What the answer depends on. Ids differ from boot to boot, and the answer does not."""
    content = NegotiateRequest()
    content.CopyFrom(request)
    content.ClearField("dry_run")
    for event in content.events:
        event.ClearField("id")
    return hashlib.sha256(content.SerializeToString(deterministic=True)).hexdigest()
