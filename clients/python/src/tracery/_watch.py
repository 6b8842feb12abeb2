"""The changes of a registry, as they happen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

from ._errors import RegistryError
from ._status import read_error
from ._transport import Method, Transport
from .v1.registry_service_pb2 import WatchRequest, WatchResponse

_WATCH = Method("/tracery.v1.RegistryService/Watch", WatchRequest, WatchResponse)
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 10.0
# Why no longer: a watch that is closed in the meantime should notice.
_PATIENCE = 5.0


class Watch(Iterator[WatchResponse]):
    """Whole revision by whole revision, without gaps and without repeats.

    Waits for the next change. When the registry goes away, it is asked again, with growing pauses, for what follows
    the last revision that came whole. One thread iterates; `close` may be called from any and ends the iteration. A
    context manager.
    """

    def __init__(
        self,
        transport: Transport,
        after_revision: int,
        on_lost: Callable[[RegistryError], object] | None,
    ) -> None:
        self._transport = transport
        self._on_lost = on_lost
        self._pause = _FIRST_PAUSE
        self._call: Any = None
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.revision: int = after_revision
        """The last revision that came whole: what a later watch may begin after."""

    def __next__(self) -> WatchResponse:
        import grpc

        while not self._closed.is_set():
            try:
                revision = self._read_revision()
            except (grpc.RpcError, RegistryError) as failure:
                if self._closed.is_set():
                    break
                error = failure if isinstance(failure, RegistryError) else read_error(failure)
                # A grpc-java server that is stopped resets its streams, which arrives as CANCELLED.
                if error.code not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
                    self.close()
                    raise error from failure
                self._lost(error)
            else:
                if revision is not None:
                    self.revision = revision.revision
                    return revision
                self._lost(RegistryError(grpc.StatusCode.UNAVAILABLE, "the watch was ended"))
        raise StopIteration

    def _read_revision(self) -> WatchResponse | None:
        """The next revision, its parts put together; None if the registry ended the watch."""
        revision: WatchResponse | None = None
        call = self._open()
        for part in call:
            self._transport.note(call)
            self._pause = _FIRST_PAUSE
            if revision is None:
                revision = part
            else:
                revision.changes.extend(part.changes)
            if not part.more:
                revision.more = False
                return revision
        return None

    def _open(self) -> Any:
        # Why only of several: one that is silent may be waited for.
        if self._call is None and self._transport.has_several:
            self._transport.find_answering(_PATIENCE)
        with self._lock:
            if self._closed.is_set():
                return ()
            if self._call is None:
                request = WatchRequest(after_revision=self.revision)
                self._call = self._transport.download(_WATCH, request)
            return self._call

    def _lost(self, error: RegistryError) -> None:
        with self._lock:
            self._call = None
        if self._closed.is_set():
            return
        if self._on_lost:
            self._on_lost(error)
        self._transport.go_on_elsewhere()
        self._closed.wait(self._pause)
        self._pause = min(_LONGEST_PAUSE, self._pause * 2)

    def close(self) -> None:
        """Ends the iteration."""
        with self._lock:
            self._closed.set()
            if self._call is not None:
                self._call.cancel()

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
