"""The calls of a registry."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from . import _cache
from ._address import read_addresses
from ._errors import RegistryError
from ._formats import seen_kernel
from ._negotiated import Negotiated
from ._negotiator import Negotiator
from ._translation import Translation, file_parts, page_parts
from ._transport import GET_STATUS, Asking, Freshness, Method, StrPath, Transport, read_tls
from ._upload import MAX_HASHES, LocalEvent, event_chunks, read_events, types_chunks
from ._watch import Watch
from .v1 import admin_service_pb2 as admin
from .v1 import compatibility_service_pb2 as compatibility
from .v1 import consumer_service_pb2 as consumers
from .v1 import registry_service_pb2 as registry
from .v1.btf_pb2 import KernelTypes
from .v1.consumer_pb2 import Consumer, Requirement
from .v1.kernel_pb2 import Kernel, KernelEvent, KernelIdentity
from .v1.translation_service_pb2 import RawPagesSource, TraceFileSource, TranslateRequest, TranslateStart

if TYPE_CHECKING:
    from google.protobuf.message import Message

Formats = Mapping[str, bytes | str]

_REGISTRY = "/tracery.v1.RegistryService/"
_GET_KERNEL = Method(_REGISTRY + "GetKernel", registry.GetKernelRequest, registry.GetKernelResponse)
_LIST_KERNELS = Method(_REGISTRY + "ListKernels", registry.ListKernelsRequest, registry.ListKernelsResponse)
_LIST_EVENTS = Method(_REGISTRY + "ListEvents", registry.ListEventsRequest, registry.ListEventsResponse)
_GET_SCHEMA = Method(_REGISTRY + "GetSchema", registry.GetSchemaRequest, registry.GetSchemaResponse)
_DIFF_KERNELS = Method(_REGISTRY + "DiffKernels", registry.DiffKernelsRequest, registry.DiffKernelsResponse)
_DIFF_SCHEMAS = Method(_REGISTRY + "DiffSchemas", registry.DiffSchemasRequest, registry.DiffSchemasResponse)
_FIND_MISSING = Method(
    _REGISTRY + "FindMissingLayouts",
    registry.FindMissingLayoutsRequest,
    registry.FindMissingLayoutsResponse,
)
_REGISTER = Method(_REGISTRY + "RegisterKernel", registry.RegisterKernelRequest, registry.RegisterKernelResponse)
_CHECK = Method(
    "/tracery.v1.CompatibilityService/CheckKernel",
    compatibility.CheckKernelRequest,
    compatibility.CheckKernelResponse,
)
_FIND_USES = Method(
    "/tracery.v1.ConsumerService/FindUses",
    consumers.FindUsesRequest,
    consumers.FindUsesResponse,
)


def connect(
    address: str | Iterable[str] | None = None,
    *,
    tls: bool = False,
    ca: StrPath | None = None,
    certificate: StrPath | None = None,
    key: StrPath | None = None,
    token: str | None = None,
    timeout: float = 30.0,
    at_least_revision: int = 0,
) -> Client:
    """A client of the registry at `address`: `HOST`, `HOST:PORT` or `[IPV6]:PORT`; several with commas, or as a list.

    Without one, `TRACERY_SERVER` says it, or it is `localhost:7411`. Nothing is sent yet: the first call connects.

    `tls` trusts the system's root certificates; `ca`, a PEM file, trusts those instead. `certificate` and `key`, PEM
    files, are the client's own. Each of them turns TLS on. `token` is sent as a bearer token, over TLS or to this
    machine only. `timeout`, in seconds, is for each call that does not have one of its own.

    Raises ValueError for a malformed address and for a token that would be sent in the clear, OSError for a file that
    cannot be read.
    """
    addresses = read_addresses(address)
    uses_tls = tls or any(file is not None for file in (ca, certificate, key))
    if token is not None:
        token = token.strip()
        if not token or not all("!" <= character <= "~" for character in token):
            raise ValueError("expected a token of printable ASCII characters without blanks")
        for each in addresses:
            if not uses_tls and not each.is_loopback:
                raise ValueError(f"a token is not sent to {each} without TLS; use tls=True or ca=...")
    if timeout <= 0:
        raise ValueError("expected a timeout of more than 0 seconds")
    _check_revision(at_least_revision)
    secured = read_tls(ca, certificate, key) if uses_tls else None
    return Client(Transport(addresses, secured, token, at_least_revision), timeout)


def _check_revision(revision: int) -> None:
    if not 0 <= revision < 1 << 63:
        raise ValueError("expected a revision of 0 or more")


class Client:
    """A connection to a registry: `connect` makes one. A context manager; any number of threads may use it.

    Every call raises RegistryError if the registry refuses it, and Unreachable, which is one, if it cannot be reached.
    `at_revision` reads the registry as it was at that revision; 0 is now. A kernel is named by its id, an unambiguous
    prefix of it of 4 digits or more, or an unambiguous release.
    """

    def __init__(self, transport: Transport, timeout: float) -> None:
        self._transport = transport
        self._timeout = timeout

    def at_least(self, revision: int) -> None:
        """Has later calls answered from this revision or a later one, whichever server answers.

        That is for what another client wrote: what this one wrote it reads without. Never takes back a higher one.
        """
        _check_revision(revision)
        self._transport.at_least(revision)

    @property
    def freshness(self) -> Freshness | None:
        """How fresh the answer is that came last, to whichever thread, refusals too. None before there is one."""
        return self._transport.freshness

    def negotiate(
        self,
        name: str,
        version: str,
        requirements: Iterable[Requirement],
        *,
        tracefs: StrPath | None = None,
        formats: Formats | None = None,
        kernel: KernelIdentity | None = None,
        source: str = "",
        dry_run: bool = False,
        timeout: float = 2.0,
        cache: StrPath | bool = True,
        cache_bytes: int = 16 << 20,
    ) -> Negotiated:
        """How the tool `name` `version` runs on a kernel: the running one, unless `kernel` names another.

        The formats of the events that `requirements` name, and no others, are read from `tracefs`, a folder, or from
        `formats`, texts by event; without either from the running kernel's tracefs. `source` says where the
        requirements are from, for people. `dry_run` only asks: it is no start of the tool. The whole takes `timeout`
        seconds at most.

        The answer is kept in the folder `cache` (True: `~/.cache/tracery/negotiations`; False: nowhere), of
        `cache_bytes` at most. Within the time that the registry allows it is used without asking; while the registry
        cannot be reached, however old it is, and then the first warning says so.

        Raises Refused if the tool cannot run here, Unreachable if the registry cannot be reached and nothing is kept,
        PlanError if the answer is unusable, OSError if a format is there and cannot be read.
        """
        if timeout <= 0:
            raise ValueError("expected a timeout of more than 0 seconds")
        if cache_bytes <= 0:
            raise ValueError("expected a cache of more than 0 bytes; cache=False keeps none")
        tool = Consumer(name=name, version=version, source=source, requirements=requirements)
        folder = _cache.default_folder() if cache is True else Path(cache) if cache else None
        answers = _cache.AnswerCache(folder, cache_bytes) if folder else None
        negotiator = Negotiator(self._transport, answers, timeout)
        return negotiator.negotiate(tool, seen_kernel(tracefs, formats, kernel), dry_run=dry_run)

    def status(self) -> admin.GetStatusResponse:
        """What the registry is and holds."""
        return self._transport.call(GET_STATUS, admin.GetStatusRequest(), self._timeout)

    def kernel(self, kernel: str, *, at_revision: int = 0) -> Kernel:
        """One kernel."""
        request = registry.GetKernelRequest(kernel=kernel, at_revision=at_revision)
        return self._transport.call(_GET_KERNEL, request, self._timeout).kernel

    def kernels(self, series: str = "", *, at_revision: int = 0) -> Iterator[Kernel]:
        """Kernels in the order of their registration, or of their joining `series`. Pages are fetched on the way."""
        request = registry.ListKernelsRequest(series=series, page_size=1000, at_revision=at_revision)
        for page in self._pages(_LIST_KERNELS, request):
            yield from page.kernels

    def events(
        self,
        kernel: str = "",
        glob: str = "",
        *,
        at_revision: int = 0,
    ) -> Iterator[KernelEvent]:
        """The events of a kernel, or the latest version of every event, by name. Pages are fetched on the way.

        `glob` is over `system/name`: `sched/*`.
        """
        request = registry.ListEventsRequest(kernel=kernel, filter=glob, page_size=5000, at_revision=at_revision)
        for page in self._pages(_LIST_EVENTS, request):
            yield from page.events

    def _pages(self, method: Method[Any, Any], request: Any) -> Iterator[Any]:
        while True:
            page = self._transport.call(method, request, self._timeout)
            yield page
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def schema(
        self,
        event: str,
        *,
        version: int | None = None,
        kernel: str | None = None,
        layout_hash: bytes | None = None,
        parts: Iterable[registry.SchemaPart] = (),
        at_revision: int = 0,
    ) -> registry.GetSchemaResponse:
        """One schema version of an event: that version, that of a kernel or of a layout, or the latest."""
        if sum(selector is not None for selector in (version, kernel, layout_hash)) > 1:
            raise ValueError("expected one of version, kernel and layout_hash")
        request = registry.GetSchemaRequest(
            event=event,
            version=version,
            kernel=kernel,
            layout_hash=layout_hash,
            parts=parts,
            at_revision=at_revision,
        )
        return self._transport.call(_GET_SCHEMA, request, self._timeout)

    def diff(
        self,
        from_kernel: str,
        to_kernel: str,
        glob: str = "",
        *,
        at_revision: int = 0,
    ) -> registry.DiffKernelsResponse:
        """What differs between two kernels, event by event."""
        request = registry.DiffKernelsRequest(
            from_kernel=from_kernel, to_kernel=to_kernel, filter=glob, at_revision=at_revision
        )
        return self._transport.call(_DIFF_KERNELS, request, self._timeout)

    def diff_schemas(
        self, event: str, from_version: int, to_version: int = 0, *, at_revision: int = 0
    ) -> registry.DiffSchemasResponse:
        """What differs between two schema versions of an event; 0 is the latest."""
        request = registry.DiffSchemasRequest(
            event=event, from_version=from_version, to_version=to_version, at_revision=at_revision
        )
        return self._transport.call(_DIFF_SCHEMAS, request, self._timeout)

    def who_uses(
        self, event: str, field: str = "", *, include_ended: bool = False, at_revision: int = 0
    ) -> consumers.FindUsesResponse:
        """Who uses an event, or a field of it. `event` may be a glob: `sched/*`."""
        request = consumers.FindUsesRequest(
            event=event, field=field, include_ended=include_ended, at_revision=at_revision
        )
        return self._transport.call(_FIND_USES, request, self._timeout)

    def check(
        self,
        series: str,
        *,
        tracefs: StrPath | None = None,
        formats: Formats | None = None,
        kernel: KernelIdentity | None = None,
        types: KernelTypes | None = None,
        timeout: float = 600.0,
    ) -> compatibility.CheckKernelResponse:
        """Judges a kernel against the latest of a series, without registering it.

        The kernel is given as for `negotiate`, but all its formats are read. Only those are sent that the registry does
        not know. `types` is what its BTF says.
        """
        seen = seen_kernel(tracefs, formats, kernel)
        events = read_events(seen)

        def requests(ask: Asking) -> Iterator[compatibility.CheckKernelRequest]:
            return parts(_missing(ask, events))

        def parts(missing: set[bytes]) -> Iterator[compatibility.CheckKernelRequest]:
            header = compatibility.CheckKernelHeader(identity=seen.identity, series=series)
            yield compatibility.CheckKernelRequest(header=header)
            for chunk in event_chunks(events, missing):
                yield compatibility.CheckKernelRequest(events=chunk)
            for part in types_chunks(types):
                yield compatibility.CheckKernelRequest(types=part)

        return self._transport.upload(_CHECK, requests, timeout, self._timeout)

    def register(
        self,
        series: str = "",
        *,
        tracefs: StrPath | None = None,
        formats: Formats | None = None,
        kernel: KernelIdentity | None = None,
        types: KernelTypes | None = None,
        validate_only: bool = False,
        timeout: float = 600.0,
    ) -> registry.RegisterKernelResponse:
        """Registers a kernel, all or nothing, and appends it to `series`. To do it again is safe.

        The kernel is given as for `check`. `validate_only` checks everything and stores nothing.
        """
        seen = seen_kernel(tracefs, formats, kernel)
        events = read_events(seen)

        def requests(ask: Asking) -> Iterator[registry.RegisterKernelRequest]:
            return parts(_missing(ask, events))

        def parts(missing: set[bytes]) -> Iterator[registry.RegisterKernelRequest]:
            header = registry.RegisterKernelHeader(identity=seen.identity, series=series, validate_only=validate_only)
            yield registry.RegisterKernelRequest(header=header)
            for chunk in event_chunks(events, missing):
                yield registry.RegisterKernelRequest(events=chunk)
            for part in types_chunks(types):
                yield registry.RegisterKernelRequest(types=part)

        return self._transport.upload(_REGISTER, requests, timeout, self._timeout)

    def watch(
        self,
        after_revision: int = 0,
        *,
        on_lost: Callable[[RegistryError], object] | None = None,
    ) -> Watch:
        """Every change after a revision, and then every change as it happens: `for revision in client.watch(): ...`.

        Goes on where it was when the registry went away and came back; `on_lost` is told each time. Raises Unreachable
        if the registry is not there at first.
        """
        self.status()
        return Watch(self._transport, after_revision, on_lost)

    def translate(
        self,
        file: StrPath | BinaryIO,
        *,
        events: Iterable[str] = (),
        cpus: Iterable[int] = (),
        from_time: int | None = None,
        to_time: int | None = None,
    ) -> Translation:
        """Has a trace.dat or perf.data translated: a path, or a file that is open for reading bytes.

        `events` are globs over `system/name`, `cpus` numbers: only those. Times are the trace's clock's; `to_time` is
        the first that is not wanted. There is no deadline.
        """
        name = file if isinstance(file, str | os.PathLike) else getattr(file, "name", "")
        start = TranslateStart(
            file=TraceFileSource(name=str(name)),
            events=events,
            cpus=cpus,
            from_time=from_time,
            to_time=to_time,
        )
        return self._translate(start, file_parts(file))

    def translate_pages(
        self,
        kernel: str,
        pages: Iterable[tuple[int, bytes]],
        *,
        header_page: bytes = b"",
        page_size: int = 0,
        events: Iterable[str] = (),
        cpus: Iterable[int] = (),
        from_time: int | None = None,
        to_time: int | None = None,
    ) -> Translation:
        """Has pages of the ring buffer translated, as `trace_pipe_raw` gives them.

        `kernel` is a registered one. `pages` are pairs of a CPU and some whole pages of it; a thread of this library
        takes them as the registry does. `header_page` and `page_size` are the kernel's, if they are not what it
        implies.
        """
        start = TranslateStart(
            raw_pages=RawPagesSource(kernel=kernel, header_page=header_page, page_size=page_size),
            events=events,
            cpus=cpus,
            from_time=from_time,
            to_time=to_time,
        )
        return self._translate(start, page_parts(pages))

    def _translate(self, start: TranslateStart, parts: Iterator[TranslateRequest]) -> Translation:
        # A stream is not tried again.
        self._transport.find_answering(self._timeout)
        return Translation(self._transport, start, parts)

    def call(self, name: str, request: Message, *, timeout: float | None = None) -> Any:
        """A call that has no method here, of one message each way. Its name is `Service/Method`.

        `client.call("ConsumerService/ListConsumers", consumer_service_pb2.ListConsumersRequest())`. Like the others it
        is tried again while the registry is unavailable. Raises ValueError if the protocol has no such call.
        """
        from google.protobuf import message_factory

        service, _, method = name.partition("/")
        described: Any = request.DESCRIPTOR.file.services_by_name.get(service)
        found = described and described.methods_by_name.get(method)
        if not found or found.input_type != request.DESCRIPTOR or found.client_streaming or found.server_streaming:
            raise ValueError(f"no call {name!r} takes one {request.DESCRIPTOR.full_name} and answers with one message")
        answer = message_factory.GetMessageClass(found.output_type)
        return self._transport.call(
            Method(f"/{described.full_name}/{method}", type(request), answer),
            request,
            self._timeout if timeout is None else timeout,
        )

    def close(self) -> None:
        """Ends the connection and every call that is running."""
        self._transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _missing(ask: Asking, events: list[LocalEvent]) -> set[bytes]:
    hashes = list(dict.fromkeys(event.layout_hash for event in events))
    missing: set[bytes] = set()
    # Why even without a hash: it finds out, too, whether the server is there.
    for at in range(0, max(1, len(hashes)), MAX_HASHES):
        request = registry.FindMissingLayoutsRequest(layout_hashes=hashes[at : at + MAX_HASHES])
        missing.update(ask(_FIND_MISSING, request).missing)
    return missing
