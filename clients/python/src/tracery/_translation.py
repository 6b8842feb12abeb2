"""A trace that the registry translates."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from ._errors import TraceryError
from ._messages import message_class
from ._status import read_error
from ._transport import Method, Transport
from .v1.trace_pb2 import EventSchema, TraceEvent, TraceItem
from .v1.translation_service_pb2 import (
    RawPages,
    TranslateRequest,
    TranslateResponse,
    TranslateStart,
)

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import FileDescriptorProto
    from google.protobuf.message import Message

_TRANSLATE = Method("/tracery.v1.TranslationService/Translate", TranslateRequest, TranslateResponse)
_CHUNK_BYTES = 256 << 10
_MAX_PAGES_BYTES = 1 << 20


class Translation(Iterator[TraceItem]):
    """The parts of a translated trace, as they come. A context manager.

    The trace is sent while its parts are taken, and no faster: neither side holds more than a few answers. Leaving the
    `with` block, or `close`, ends the call.
    """

    def __init__(self, transport: Transport, start: TranslateStart, parts: Iterator[TranslateRequest]) -> None:
        self._failure: BaseException | None = None
        self._items: Iterator[TraceItem] = iter(())
        self._imports: list[FileDescriptorProto] = []
        self._classes: dict[int, type[Message]] = {}
        self._ended = False
        self.schemas: dict[int, EventSchema] = {}
        """The schemas that came so far, by the number that events refer to."""
        self._call: Any = None
        self._transport = transport
        self._call = transport.exchange(_TRANSLATE, self._requests(start, parts))
        if self._failure is not None:  # Before there was a call to cancel.
            self._call.cancel()

    def _requests(self, start: TranslateStart, parts: Iterator[TranslateRequest]) -> Iterator[TranslateRequest]:
        """Runs in a thread of gRPC's, which asks for the next part when the one before is on its way."""
        yield TranslateRequest(start=start)
        try:
            yield from parts
        except GeneratorExit:
            raise
        except BaseException as error:
            self._failure = error
            if self._call is not None:
                self._call.cancel()

    def __next__(self) -> TraceItem:
        import grpc

        while True:
            for item in self._items:
                self._note(item)
                return item
            if self._ended:
                raise StopIteration
            try:
                self._items = iter(next(self._call).items)
                self._transport.note(self._call)
            except StopIteration:
                self._ended = True
            except grpc.RpcError as failure:
                self._ended = True
                if self._failure is not None:
                    raise self._failure from None
                raise read_error(failure) from failure

    def _note(self, item: TraceItem) -> None:
        if item.HasField("start"):
            self._imports = list(item.start.imports)
        elif item.HasField("schema"):
            self.schemas[item.schema.index] = item.schema

    def message(self, event: TraceEvent) -> Message:
        """An event's message, of a class that protobuf makes of the trace's own schema."""
        made = self._classes.get(event.schema)
        if made is None:
            schema = self.schemas.get(event.schema)
            if schema is None:
                raise TraceryError(f"the trace has no schema {event.schema} before this event")
            made = message_class(schema.file, schema.message_name, self._imports)
            self._classes[event.schema] = made
        return made.FromString(event.message)

    def close(self) -> None:
        """Ends the call."""
        self._ended = True
        self._items = iter(())
        self._call.cancel()

    def __enter__(self) -> Translation:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def file_parts(file: str | os.PathLike[str] | BinaryIO) -> Iterator[TranslateRequest]:
    """A file in chunks."""
    with contextlib.ExitStack() as stack:
        if isinstance(file, str | os.PathLike):
            stream: BinaryIO = stack.enter_context(open(file, "rb"))
        else:
            stream = file
        while chunk := stream.read(_CHUNK_BYTES):
            yield TranslateRequest(file_chunk=chunk)


def page_parts(pages: Iterable[tuple[int, bytes]]) -> Iterator[TranslateRequest]:
    """Whole pages; what is longer than a message may be is split where pages end, whose sizes are powers of two."""
    for cpu, data in pages:
        for at in range(0, len(data), _MAX_PAGES_BYTES):
            part = RawPages(cpu=cpu, pages=data[at : at + _MAX_PAGES_BYTES])
            yield TranslateRequest(pages=part)
