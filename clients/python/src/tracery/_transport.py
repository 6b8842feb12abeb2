"""Calls of a registry that may have several addresses."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ._address import Address
from ._status import read_error

if TYPE_CHECKING:
    # Why only here: its import costs more time than everything else, and a start from the cache needs none.
    import grpc
    from google.protobuf.message import Message

_USER_AGENT = "tracery-python/0.1"
_PAUSES = (0.0, 0.05, 0.1, 0.2)
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


class Method(Generic[Request, Response]):
    """One call of the protocol."""

    def __init__(self, path: str, request: type[Request], response: type[Response]) -> None:
        self.path = path
        self.request = request
        self.response = response


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


class Transport:
    """Channels to a registry's addresses. Any number of threads may use it."""

    def __init__(self, addresses: Sequence[Address], tls: Tls | None, token: str | None) -> None:
        self._addresses = addresses
        self._tls = tls
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()
        self._channels: dict[int, grpc.Channel] = {}
        self._current = 0
        self._lock = threading.Lock()
        self._closed = False

    def call(self, method: Method[Request, Response], request: Request, timeout: float) -> Response:
        """Asks each address until one answers, with pauses, within `timeout` seconds for the whole."""
        import grpc

        end = time.monotonic() + timeout
        failure: grpc.RpcError | None = None
        for pause in _PAUSES:
            if failure is not None:
                if time.monotonic() + pause > end:
                    break
                time.sleep(pause)
            first = self._current
            for index in range(len(self._addresses)):
                at = (first + index) % len(self._addresses)
                left = end - time.monotonic()
                if failure is not None and left <= 0:
                    break
                stub = self._channel(at).unary_unary(
                    method.path, method.request.SerializeToString, method.response.FromString
                )
                try:
                    answer: Response = stub(request, timeout=max(left, 0.001), metadata=self._metadata)
                except grpc.RpcError as error:
                    if error.code() is not grpc.StatusCode.UNAVAILABLE:
                        raise read_error(error) from error
                    failure = error
                else:
                    self._current = at
                    return answer
        assert failure is not None
        raise read_error(failure) from failure

    def upload(self, method: Method[Request, Response], requests: Iterator[Request], timeout: float) -> Response:
        """Sends many and takes one."""
        import grpc

        stub = self._channel(self._current).stream_unary(
            method.path, method.request.SerializeToString, method.response.FromString
        )
        try:
            answer: Response = stub(requests, timeout=timeout, metadata=self._metadata)
        except grpc.RpcError as error:
            raise read_error(error) from error
        return answer

    def download(self, method: Method[Request, Response], request: Request) -> Any:
        """Sends one and takes many: a call that is iterated."""
        stub = self._channel(self._current).unary_stream(
            method.path, method.request.SerializeToString, method.response.FromString
        )
        return stub(request, metadata=self._metadata)

    def exchange(self, method: Method[Request, Response], requests: Iterator[Request]) -> Any:
        """Sends many and takes many: a call that is iterated."""
        stub = self._channel(self._current).stream_stream(
            method.path, method.request.SerializeToString, method.response.FromString
        )
        return stub(requests, metadata=self._metadata)

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
            ("grpc.max_reconnect_backoff_ms", 5000),
            ("grpc.use_local_subchannel_pool", 1),
            # Why: a watch has no deadline; this finds out that its server is gone for good. Servers by default take
            # pings more frequent than every 5 minutes for an attack.
            ("grpc.keepalive_time_ms", 360_000),
        ]
        if address.is_loopback:
            options.append(("grpc.enable_http_proxy", 0))
        target = f"dns:///{address}"
        if self._tls is None:
            return grpc.insecure_channel(target, options)
        credentials = grpc.ssl_channel_credentials(self._tls.roots, self._tls.key, self._tls.certificate)
        return grpc.secure_channel(target, credentials, options)
