"""A kernel's events on their way to the registry, with the texts of only those layouts that it does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

from ._formats import SeenKernel, check_event, event_id, layout_hash
from .v1.btf_pb2 import KernelTypes
from .v1.registry_service_pb2 import EventFormat, EventFormats

# Well below the 4 MiB at which servers refuse a message by default.
_CHUNK_BYTES = 1 << 20
# What FindMissingLayoutsRequest allows.
MAX_HASHES = 65_536

T = TypeVar("T")


class LocalEvent(NamedTuple):
    """An event as this machine has it."""

    event: str
    layout_hash: bytes
    text: bytes


def read_events(kernel: SeenKernel) -> list[LocalEvent]:
    """All of a kernel's events."""
    events = []
    for event in kernel.events():
        text = kernel.format(check_event(event))
        if text is not None:
            events.append(LocalEvent(event, layout_hash(text, kernel.identity), text))
    return events


def event_chunks(events: list[LocalEvent], missing: set[bytes]) -> Iterator[EventFormats]:
    """Messages of bounded size; each missing layout's text once."""
    unsent = set(missing)
    formats = []
    for event in events:
        format_ = EventFormat(event=event.event, id=event_id(event.text), layout_hash=event.layout_hash)
        if event.layout_hash in unsent:
            unsent.remove(event.layout_hash)
            format_.text = event.text
        formats.append(format_)
    for chunk in _chunks(formats, EventFormat.ByteSize):
        yield EventFormats(events=chunk)


def types_chunks(types: KernelTypes | None) -> Iterator[KernelTypes]:
    """What the kernel's BTF says, in messages of bounded size."""
    if types is not None:
        for tracepoints in _chunks(list(types.tracepoints), lambda each: each.ByteSize()):
            yield KernelTypes(tracepoints=tracepoints)
        for structs in _chunks(list(types.structs), lambda each: each.ByteSize()):
            yield KernelTypes(structs=structs)


def _chunks(items: list[T], size_of: Callable[[T], int]) -> Iterator[list[T]]:
    chunk: list[T] = []
    total = 0
    for item in items:
        size = size_of(item) + 8
        if chunk and total + size > _CHUNK_BYTES:
            yield chunk
            chunk, total = [], 0
        chunk.append(item)
        total += size
    if chunk:
        yield chunk
