"""Calls of a registry that may have several addresses."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ._address import Address
from ._errors import RegistryError, Unreachable
from ._status import read_error
from .v1.admin_service_pb2 import GetStatusRequest, GetStatusResponse

if TYPE_CHECKING:
    # Why only here: its import costs more time than everything else, and a start from the cache needs none.
    import grpc
    from google.protobuf.message import Message

_USER_AGENT = "tracery-python/0.1"
_PAUSES = (0.0, 0.05, 0.1, 0.2)
_FIRST_LIMIT = 1.0
_AT_LEAST = "tracery-at-least-revision"
_REVISION = "tracery-revision"
_AGE = "tracery-age-ms"
_STORE = "tracery-store"
# The reason of an error of this library.
_LOST = "CONNECTION_LOST"
_MAX_ANSWER_BYTES = 256 << 20
_MAX_METADATA_BYTES = 1 << 20
# Where the system has the certificates that it trusts, if OpenSSL does not know.
_SYSTEM_ROOTS = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)

StrPath = str | os.PathLike[str]
Request = TypeVar("Request", bound="Message")
Response = TypeVar("Response", bound="Message")
T = TypeVar("T")


class Method(Generic[Request, Response]):
    """One call of the protocol."""

    def __init__(self, path: str, request: type[Request], response: type[Response]) -> None:
        self.path = path
        self.request = request
        self.response = response


GET_STATUS = Method("/tracery.v1.AdminService/GetStatus", GetStatusRequest, GetStatusResponse)


class _Write(NamedTuple):
    """A call that changes the registry, or is sent as such."""

    outcome: str
    """What is known where the server goes away in the middle of it."""
    harmless: bool
    """Whether it may be sent again then."""


_AGAIN = ", and doing it again is safe"
_WRITES = {
    "/tracery.v1.RegistryService/RegisterKernel": _Write("the kernel may or may not be registered" + _AGAIN, True),
    "/tracery.v1.CompatibilityService/CheckKernel": _Write("a check stores nothing" + _AGAIN, True),
    "/tracery.v1.ConsumerService/DeclareConsumer": _Write("the declaration may or may not be stored" + _AGAIN, True),
    "/tracery.v1.CompatibilityService/UpdatePolicy": _Write("the policy may or may not be changed" + _AGAIN, True),
    "/tracery.v1.ConsumerService/WithdrawConsumer": _Write("the claims may or may not have been withdrawn", False),
    "/tracery.v1.CompatibilityService/GiveWaiver": _Write("the waiver may or may not have been given", False),
    "/tracery.v1.TranslatorService/RemoveTranslator": _Write("the bundle may or may not have been removed", False),
}


@contextlib.contextmanager
def _told(write: _Write) -> Iterator[None]:
    """Says what is known of a write whose server has gone away in the middle of it."""
    import grpc

    try:
        yield
    except RegistryError as error:
        # With a reason it is the server that says no, and then nothing was done. A grpc-java server that is stopped
        # resets its streams, which arrives as CANCELLED.
        if error.reason or error.code not in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
            raise
        lost = Unreachable(
            grpc.StatusCode.UNAVAILABLE, f"the connection to the registry was lost ({error}); {write.outcome}"
        )
        lost.reason = _LOST
        raise lost from error


def _keep(failures: dict[int, RegistryError], at: int, failure: RegistryError) -> None:
    before = failures.pop(at, failure)
    failures[at] = failure if _rank(failure) >= _rank(before) else before


def _rank(failure: RegistryError) -> int:
    """What was lost on the way may have been done, which the caller must know. Silence says least."""
    return 2 if failure.reason == _LOST else 1 if isinstance(failure, Unreachable) else 0


def _number(text: str | bytes | None) -> int | None:
    return int(text) if isinstance(text, str) and re.fullmatch("[0-9]{1,18}", text) else None


class Tls(NamedTuple):
    """PEM files' content."""

    roots: bytes
    key: bytes | None
    certificate: bytes | None


def read_tls(ca: StrPath | None, certificate: StrPath | None, key: StrPath | None) -> Tls:
    """Reads them; the system's roots if there is no `ca`."""
    if (certificate is None) != (key is None):
        raise ValueError("expected a client certificate and its key, or neither")
    return Tls(
        roots=_system_roots() if ca is None else _read_pem(ca, "certificate"),
        key=None if key is None else _read_pem(key, "key"),
        certificate=None if certificate is None else _read_pem(certificate, "certificate"),
    )


def _read_pem(file: StrPath, what: str) -> bytes:
    content = Path(file).read_bytes()
    # Why here: gRPC would tell nobody but its log.
    if b"-----BEGIN " not in content:
        raise ValueError(f"{os.fspath(file)} has no {what} in PEM")
    return content


def _system_roots() -> bytes:
    import ssl

    for place in (ssl.get_default_verify_paths().cafile, *_SYSTEM_ROOTS):
        if place is not None and Path(place).is_file():
            return Path(place).read_bytes()
    raise FileNotFoundError("this system's root certificates were not found; name a CA file")


class Freshness(NamedTuple):
    """How fresh an answer of a server is, which answers from memory what it has read of the registry's log."""

    revision: int
    """What the server had read; after a write, the write's revision at least."""
    age: timedelta
    """How long before the answer it was known that this is all there is."""
    store_reachable: bool
    """Whether the server reaches its store. One that does not refuses writes and goes on answering from memory."""


class _Silence(Exception):
    """A server has taken a call and has not said anything until its limit."""

    def __init__(self, failure: RegistryError) -> None:
        self.failure = failure


Asking = Callable[[Method[Any, Any], Any], Any]
"""Asks the server that is to get an upload."""


class Transport:
    """Channels to a registry's addresses. Any number of threads may use it."""

    def __init__(
        self, addresses: Sequence[Address], tls: Tls | None, token: str | None, at_least_revision: int = 0
    ) -> None:
        self._addresses = addresses
        self._tls = tls
        self._token = (("authorization", f"Bearer {token}"),) if token else ()
        self._channels: dict[int, grpc.Channel] = {}
        self._current = 0
        self._lock = threading.Lock()
        self._closed = False
        self._at_least = at_least_revision
        self.freshness: Freshness | None = None
        """Of the answer that came last."""

    def at_least(self, revision: int) -> None:
        """Has later calls answered from this revision, or a later one."""
        with self._lock:
            self._at_least = max(self._at_least, revision)

    def call(self, method: Method[Request, Response], request: Request, timeout: float) -> Response:
        """A call of one message each way: goes on to the next address as `clients/conformance` says."""
        write = _WRITES.get(method.path)
        if write is None:
            return self._try_each(timeout, lambda at, limit: self._ask(at, method, request, limit))
        end = time.monotonic() + timeout

        def attempt(at: int, limit: float) -> Response:
            self._find_out(at, limit)
            with _told(write):
                return self._unary(at, method, request, end - time.monotonic())

        return self._try_each(timeout, attempt, harmless=write.harmless)

    def upload(
        self,
        method: Method[Request, Response],
        prepare: Callable[[Asking], Iterator[Request]],
        timeout: float,
        question_timeout: float,
    ) -> Response:
        """Sends many and takes one; to the next address from the beginning.

        `prepare` makes what is sent of what it asks the server first, which is at least one question.
        """
        import grpc

        end = time.monotonic() + timeout

        def attempt(at: int, limit: float) -> Response:
            limit = min(limit, question_timeout)
            requests = prepare(lambda question, request: self._ask(at, question, request, limit))
            stub = self._channel(at).stream_unary(
                method.path, method.request.SerializeToString, method.response.FromString
            )
            with _told(_WRITES[method.path]):
                try:
                    answer, call = stub.with_call(
                        requests, timeout=max(end - time.monotonic(), 0.001), metadata=self._metadata()
                    )
                except grpc.RpcError as error:
                    self.note(error, ended=True)
                    raise read_error(error) from error
            self._answered(method, call)
            return answer

        return self._try_each(timeout, attempt)

    def download(self, method: Method[Request, Response], request: Request) -> Any:
        """Sends one and takes many: a call that is iterated."""
        stub = self._channel(self._current).unary_stream(
            method.path, method.request.SerializeToString, method.response.FromString
        )
        return stub(request, metadata=self._metadata())

    def exchange(self, method: Method[Request, Response], requests: Iterator[Request]) -> Any:
        """Sends many and takes many: a call that is iterated."""
        stub = self._channel(self._current).stream_stream(
            method.path, method.request.SerializeToString, method.response.FromString
        )
        return stub(requests, metadata=self._metadata())

    def find_answering(self, timeout: float) -> None:
        """Finds a server that answers, for a stream."""
        self._try_each(timeout, self._find_out)

    @property
    def has_several(self) -> bool:
        """Whether there is another address to go on to."""
        return len(self._addresses) > 1

    def note(self, call: Any, *, ended: bool = False) -> Freshness | None:
        """Keeps how fresh an answer is, if it says so. Waits until something of it has come."""
        said = dict(call.initial_metadata() or ())
        if ended and _REVISION not in said:
            said = dict(call.trailing_metadata() or ())
        revision, age = (_number(said.get(name)) for name in (_REVISION, _AGE))
        if revision is None:
            return None
        self.freshness = Freshness(revision, timedelta(milliseconds=age or 0), said.get(_STORE) != "unreachable")
        return self.freshness

    def _try_each(self, timeout: float, attempt: Callable[[int, float], T], *, harmless: bool = True) -> T:
        """Tries one address after the other, and all of them some more times after pauses, within `timeout` seconds.

        `attempt` has an address and how long its server may be silent. What is not `harmless` to be done twice is not
        tried again where it may have been done.
        """
        import grpc

        end = time.monotonic() + timeout
        several = self.has_several
        failures: dict[int, RegistryError] = {}
        for round_, pause in enumerate(_PAUSES):
            if round_ > 0:
                if time.monotonic() + pause > end:
                    break
                time.sleep(pause)
            first = self._current
            for turn in range(len(self._addresses)):
                at = (first + turn) % len(self._addresses)
                left = end - time.monotonic()
                if failures and left <= 0:
                    break
                limit = left / (len(self._addresses) - turn)
                if several and round_ == 0:
                    limit = min(limit, _FIRST_LIMIT)
                try:
                    answer = attempt(at, max(limit, 0.001))
                except _Silence as silence:
                    _keep(failures, at, silence.failure)
                    if not several:
                        raise self._failure(failures) from silence.failure
                except RegistryError as error:
                    if error.code is not grpc.StatusCode.UNAVAILABLE or (not harmless and error.reason == _LOST):
                        raise
                    _keep(failures, at, error)
                else:
                    self._current = at
                    return answer
        raise self._failure(failures)

    def _failure(self, failures: dict[int, RegistryError]) -> RegistryError:
        """What says most of why no address did it."""
        return max(failures.values(), key=_rank)

    def _ask(self, at: int, method: Method[Request, Response], request: Request, limit: float) -> Response:
        import grpc

        try:
            return self._unary(at, method, request, limit)
        except RegistryError as error:
            if error.code is grpc.StatusCode.DEADLINE_EXCEEDED and not error.reason:
                raise _Silence(error) from error
            raise

    def _find_out(self, at: int, limit: float) -> None:
        """Whether a server is there, before it is sent what should not be sent in vain."""
        import grpc

        try:
            self._ask(at, GET_STATUS, GET_STATUS.request(), limit)
        except RegistryError as error:
            # Any other answer is one, too.
            if error.code is grpc.StatusCode.UNAVAILABLE:
                raise

    def _unary(self, at: int, method: Method[Request, Response], request: Request, timeout: float) -> Response:
        import grpc

        stub = self._channel(at).unary_unary(method.path, method.request.SerializeToString, method.response.FromString)
        try:
            answer, call = stub.with_call(request, timeout=max(timeout, 0.001), metadata=self._metadata())
        except grpc.RpcError as error:
            self.note(error, ended=True)
            raise read_error(error) from error
        self._answered(method, call)
        return answer

    def _answered(self, method: Method[Any, Any], call: Any) -> None:
        freshness = self.note(call)
        if freshness and method.path in _WRITES:
            self.at_least(freshness.revision)

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        return (*self._token, (_AT_LEAST, str(self._at_least))) if self._at_least > 0 else self._token

    def go_on_elsewhere(self) -> None:
        """Prefers the next address from now on."""
        self._current = (self._current + 1) % len(self._addresses)

    def close(self) -> None:
        """Ends every call."""
        with self._lock:
            self._closed = True
            channels = list(self._channels.values())
            self._channels.clear()
        for channel in channels:
            channel.close()

    def _channel(self, index: int) -> grpc.Channel:
        with self._lock:
            if self._closed:
                raise ValueError("the client is closed")
            channel = self._channels.get(index)
            if channel is None:
                channel = self._channels[index] = self._connect(self._addresses[index])
            return channel

    def _connect(self, address: Address) -> grpc.Channel:
        import grpc

        options = [
            ("grpc.primary_user_agent", _USER_AGENT),
            ("grpc.max_receive_message_length", _MAX_ANSWER_BYTES),
            # Why: the diagnostics of a refused registration come as trailers.
            ("grpc.max_metadata_size", _MAX_METADATA_BYTES),
            ("grpc.absolute_max_metadata_size", _MAX_METADATA_BYTES),
            # Why: what is tried again, and when, is decided in `call`.
            ("grpc.enable_retries", 0),
            ("grpc.initial_reconnect_backoff_ms", 50),
            # Why: it is also how long gRPC waits for a connection. With several addresses, a machine that does not even
            # refuse must leave time for the next.
            ("grpc.min_reconnect_backoff_ms", 20_000 if len(self._addresses) == 1 else 1000),
            # Why no more: who comes back should be found.
            ("grpc.max_reconnect_backoff_ms", 1000),
            ("grpc.use_local_subchannel_pool", 1),
            # Why: a stream has no limit; this finds out that its server is gone for good, or stopped. A server takes a
            # ping every 10 seconds.
            ("grpc.keepalive_time_ms", 15_000),
            ("grpc.keepalive_timeout_ms", 5000),
            ("grpc.http2.max_pings_without_data", 0),
        ]
        if address.is_loopback:
            options.append(("grpc.enable_http_proxy", 0))
        target = f"dns:///{address}"
        if self._tls is None:
            return grpc.insecure_channel(target, options)
        credentials = grpc.ssl_channel_credentials(self._tls.roots, self._tls.key, self._tls.certificate)
        return grpc.secure_channel(target, credentials, options)
