from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf import any_pb2
from registry import Registry

import tracery
from tracery import _status_pb2, _upload
from tracery.v1 import btf_pb2, compatibility_pb2, diagnostic_pb2
from tracery.v1 import compatibility_service_pb2 as compatibility
from tracery.v1 import consumer_service_pb2 as consumers
from tracery.v1 import registry_service_pb2 as wire
from tracery.v1 import translation_service_pb2 as translation
from tracery.v1.kernel_pb2 import Kernel, KernelEvent
from tracery.v1.trace_pb2 import TraceEnd, TraceItem

KERNEL = tracery.kernel_identity("6.1.0", "#1 SMP", "x86_64")


def test_kernels_and_events_are_fetched_page_by_page_while_iterating() -> None:
    requests: list[Any] = []

    def kernels(request: Any, _: Any) -> Any:
        requests.append(request)
        if request.page_token:
            return wire.ListKernelsResponse(kernels=[Kernel(id="c")])
        return wire.ListKernelsResponse(kernels=[Kernel(id="a"), Kernel(id="b")], next_page_token="more")

    def events(request: Any, _: Any) -> Any:
        done = request.page_token == "2"
        token = "" if done else str(int(request.page_token or 0) + 1)
        return wire.ListEventsResponse(events=[KernelEvent(event=request.filter)], next_page_token=token)

    with Registry({"ListKernels": kernels, "ListEvents": events}) as registry, tracery.connect(registry.address) as c:
        listing = c.kernels("series", at_revision=3)
        assert next(listing).id == "a"
        assert len(requests) == 1
        assert [kernel.id for kernel in listing] == ["b", "c"]
        assert [(r.series, r.at_revision, r.page_token) for r in requests] == [("series", 3, ""), ("series", 3, "more")]
        assert [event.event for event in c.events("6.1", "sched/*")] == ["sched/*"] * 3


def test_each_question_says_what_it_was_asked() -> None:
    asked: list[Any] = []

    def note(response: Any) -> Any:
        def handler(request: Any, _: Any) -> Any:
            asked.append(request)
            return response

        return handler

    answers = {
        "GetKernel": note(wire.GetKernelResponse(kernel=Kernel(id="k"))),
        "GetSchema": note(wire.GetSchemaResponse(version=4)),
        "DiffKernels": note(wire.DiffKernelsResponse(unchanged=1)),
        "DiffSchemas": note(wire.DiffSchemasResponse(revision=2)),
        "FindUses": note(consumers.FindUsesResponse(use_count=9)),
    }
    with Registry(answers) as registry, tracery.connect(registry.address) as client:
        assert client.kernel("6.1", at_revision=1).id == "k"
        assert client.schema("a/b", kernel="6.1", parts=[wire.SCHEMA_PART_PROTO]).version == 4
        assert client.diff("old", "new", "sched/*").unchanged == 1
        assert client.diff_schemas("a/b", 1).revision == 2
        assert client.who_uses("a/b", "pid", include_ended=True).use_count == 9
    assert asked == [
        wire.GetKernelRequest(kernel="6.1", at_revision=1),
        wire.GetSchemaRequest(event="a/b", kernel="6.1", parts=[wire.SCHEMA_PART_PROTO]),
        wire.DiffKernelsRequest(from_kernel="old", to_kernel="new", filter="sched/*"),
        wire.DiffSchemasRequest(event="a/b", from_version=1),
        consumers.FindUsesRequest(event="a/b", field="pid", include_ended=True),
    ]


def test_a_call_that_has_no_method_is_made_by_its_name() -> None:
    def listed(request: Any, _: Any) -> Any:
        return consumers.ListConsumersResponse(next_page_token=request.page_token)

    with Registry({"ListConsumers": listed}) as registry, tracery.connect(registry.address) as client:
        request = consumers.ListConsumersRequest(page_token="next")
        assert client.call("ConsumerService/ListConsumers", request).next_page_token == "next"
        for name in ("ConsumerService/FindUses", "ConsumerService/List", "Service/ListConsumers", "ListConsumers"):
            with pytest.raises(ValueError, match=rf"no call '{name}' takes one tracery\.v1\.ListConsumersRequest"):
                client.call(name, request)


def test_a_schema_is_selected_once() -> None:
    with tracery.connect("localhost") as client, pytest.raises(ValueError, match="expected one of version, kernel"):
        client.schema("a/b", version=1, kernel="6.1")


def test_an_error_has_what_the_registry_said_of_it() -> None:
    details = [
        ("google.rpc.ErrorInfo", _status_pb2.ErrorInfo(reason="STORE_FULL")),
        (
            "google.rpc.BadRequest",
            _status_pb2.BadRequest(
                field_violations=[_status_pb2.BadRequest.FieldViolation(field="kernel", description="is empty")]
            ),
        ),
        ("google.rpc.ResourceInfo", _status_pb2.ResourceInfo(resource_type="kernel", resource_name="6.1")),
        ("tracery.v1.Diagnostic", diagnostic_pb2.Diagnostic(code="FIELD_OVERLAPS")),
        ("tracery.v1.CompatibilityReport", compatibility_pb2.CompatibilityReport(series="s")),
    ]
    status = _status_pb2.Status(code=9, message="the whole message")
    for name, message in details:
        status.details.append(any_pb2.Any(type_url=f"type.googleapis.com/{name}", value=message.SerializeToString()))
    status.details.append(any_pb2.Any(type_url="type.googleapis.com/google.rpc.BadRequest", value=b"\xff"))

    def handler(_: Any, context: Any) -> None:
        context.set_trailing_metadata([("grpc-status-details-bin", status.SerializeToString())])
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "short")

    with (
        Registry({"GetKernel": handler}) as registry,
        tracery.connect(registry.address) as client,
        pytest.raises(tracery.RegistryError, match=r"^the whole message$") as caught,
    ):
        client.kernel("6.1")
    error = caught.value
    assert error.code is grpc.StatusCode.FAILED_PRECONDITION
    assert (error.reason, error.missing) == ("STORE_FULL", ("kernel", "6.1"))
    assert error.violations == (tracery.Violation("kernel", "is empty"),)
    assert [diagnostic.code for diagnostic in error.diagnostics] == ["FIELD_OVERLAPS"]
    assert error.report is not None
    assert error.report.series == "s"


FORMATS: dict[str, bytes | str] = {"a/one": "ID: 1\nx", "a/two": "ID: 2\ny", "b/three": "ID: 3\nx"}
TYPES = btf_pb2.KernelTypes(
    tracepoints=[btf_pb2.Tracepoint(name="one")], structs=[btf_pb2.EventStruct(name="trace_event_raw_one")]
)


@pytest.mark.parametrize("call", ["check", "register"])
def test_an_upload_has_the_texts_that_the_registry_does_not_know_each_once(call: str) -> None:
    parts: list[Any] = []

    def missing(request: Any, _: Any) -> Any:
        assert len(request.layout_hashes) == 2  # one and three are the same layout.
        return wire.FindMissingLayoutsResponse(missing=request.layout_hashes[:1])

    def take(requests: Any, _: Any) -> Any:
        parts.extend(requests)
        if call == "check":
            return compatibility.CheckKernelResponse(diagnostic_count=7)
        return wire.RegisterKernelResponse(created=True)

    answers = {"FindMissingLayouts": missing, "CheckKernel": take, "RegisterKernel": take}
    with Registry(answers) as registry, tracery.connect(registry.address) as client:
        if call == "check":
            assert client.check("s", formats=FORMATS, kernel=KERNEL, types=TYPES).diagnostic_count == 7
        else:
            assert client.register("s", formats=FORMATS, kernel=KERNEL, types=TYPES, validate_only=True).created
            assert parts[0].header.validate_only
    assert (parts[0].header.series, parts[0].header.identity) == ("s", KERNEL)
    sent = [(e.event, e.id, e.text) for part in parts for e in part.events.events]
    assert sent == [("a/one", 1, b"ID: 1\nx"), ("a/two", 2, b""), ("b/three", 3, b"")]
    assert [part.WhichOneof("part") for part in parts] == ["header", "events", "types", "types"]


def test_a_large_upload_is_split() -> None:
    events = [_upload.LocalEvent(f"a/e{n}", bytes([n]) * 32, bytes(100_000)) for n in range(50)]
    chunks = list(_upload.event_chunks(events, {event.layout_hash for event in events}))
    assert len(chunks) == 5
    assert max(chunk.ByteSize() for chunk in chunks) <= 1 << 20
    assert [event.event for chunk in chunks for event in chunk.events] == [event.event for event in events]


def test_an_upload_that_the_registry_refuses_half_way_ends_with_its_reason() -> None:
    def refuse(requests: Any, context: Any) -> None:
        next(requests)
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "series s enforces")

    formats: dict[str, bytes | str] = {f"a/e{n}": bytes([65 + n]) * 900_000 for n in range(20)}
    answers = {
        "FindMissingLayouts": lambda r, _: wire.FindMissingLayoutsResponse(missing=r.layout_hashes),
        "RegisterKernel": refuse,
    }
    with (
        Registry(answers) as registry,
        tracery.connect(registry.address) as client,
        pytest.raises(tracery.RegistryError, match="series s enforces"),
    ):
        client.register("s", formats=formats, kernel=KERNEL)


def change(revision: int, name: str, *, more: bool = False) -> wire.WatchResponse:
    event = wire.SchemaVersionAdded(event=name)
    return wire.WatchResponse(revision=revision, changes=[wire.RegistryChange(schema_version_added=event)], more=more)


def names(revision: wire.WatchResponse) -> list[str]:
    return [each.schema_version_added.event for each in revision.changes]


def test_a_watch_puts_parts_together_and_resumes_without_gap_or_repeat() -> None:
    after: list[int] = []

    def watch(request: Any, context: Any) -> Any:
        after.append(request.after_revision)
        if len(after) == 1:
            yield change(1, "one")
            yield change(2, "two a", more=True)
            yield change(2, "two b")
            yield change(3, "lost", more=True)  # The rest of revision 3 is cut off.
            context.abort(grpc.StatusCode.UNAVAILABLE, "going away")
        if len(after) == 2:
            return  # Ended without a word.
        yield change(3, "three a", more=True)
        yield change(3, "three b")
        context.abort(grpc.StatusCode.PERMISSION_DENIED, "no more")

    lost: list[str] = []
    with (
        Registry({"Watch": watch}) as registry,
        tracery.connect(registry.address) as client,
        client.watch(on_lost=lambda error: lost.append(str(error))) as changes,
    ):
        got = [next(changes) for _ in range(3)]
        assert [(r.revision, r.more, names(r)) for r in got] == [
            (1, False, ["one"]),
            (2, False, ["two a", "two b"]),
            (3, False, ["three a", "three b"]),
        ]
        assert changes.revision == 3
        with pytest.raises(tracery.RegistryError, match="no more"):
            next(changes)
        assert list(changes) == []
    assert after == [0, 2, 2]
    assert lost == ["going away", "the watch was ended"]


def test_a_watch_outlives_its_registry() -> None:
    def watch(request: Any, _: Any) -> Any:
        yield change(request.after_revision + 1, "next")
        time.sleep(30)

    first = Registry({"Watch": watch})
    with tracery.connect(first.address) as client, client.watch(6) as changes:
        assert next(changes).revision == 7
        first.stop()
        with Registry({"Watch": watch}, port=first.port):
            assert next(changes).revision == 8
            changes.close()
            assert list(changes) == []


def test_a_watch_is_closed_from_another_thread() -> None:
    hold = threading.Event()

    def watch(*_: Any) -> Any:
        yield change(1, "one")
        hold.wait(30)

    with Registry({"Watch": watch}) as registry, tracery.connect(registry.address) as client:
        changes = client.watch()
        next(changes)
        timer = threading.Timer(0.1, changes.close)
        timer.start()
        assert list(changes) == []
        hold.set()


def test_a_watch_of_a_registry_that_is_not_there_is_an_error() -> None:
    registry = Registry({})
    registry.stop()
    with tracery.connect(registry.address) as client, pytest.raises(tracery.Unreachable):
        client.watch()


def end(events: int) -> translation.TranslateResponse:
    return translation.TranslateResponse(items=[TraceItem(end=TraceEnd(events=events))])


def test_a_file_is_translated_from_its_path_or_as_it_is_read(tmp_path: Path) -> None:
    starts: list[Any] = []

    def translate(requests: Any, _: Any) -> Any:
        start = next(requests).start
        starts.append(start)
        data = b"".join(part.file_chunk for part in requests)
        assert data == content
        yield translation.TranslateResponse()
        yield end(len(data))

    content = os.urandom(700_000)
    file = tmp_path / "trace.dat"
    file.write_bytes(content)
    with Registry({"Translate": translate}) as registry, tracery.connect(registry.address) as client:
        for source in (file, str(file), io.BytesIO(content)):
            with client.translate(source, events=["sched/*"], cpus=[1], from_time=0) as trace:
                assert [item.end.events for item in trace] == [700_000]
    assert [start.file.name for start in starts] == [str(file), str(file), ""]
    assert list(starts[0].events) == ["sched/*"]
    assert starts[0].HasField("from_time")
    assert not starts[0].HasField("to_time")


def test_a_trace_goes_to_the_address_that_answers() -> None:
    gone = Registry({})
    gone.stop()
    with Registry({"Translate": lambda *_: iter([end(1)])}) as registry:
        with tracery.connect([gone.address, registry.address]) as client:
            with client.translate(io.BytesIO(b"x")) as trace:
                assert [item.end.events for item in trace] == [1]


def test_pages_are_sent_cpu_by_cpu_in_messages_that_are_not_too_long() -> None:
    got: list[Any] = []

    def translate(requests: Any, _: Any) -> Any:
        got.extend(requests)
        yield end(0)

    pages = [(0, bytes(4096)), (1, bytes((1 << 20) + 4096))]
    with Registry({"Translate": translate}) as registry, tracery.connect(registry.address) as client:
        with client.translate_pages("6.1", pages, header_page=b"h", page_size=4096) as trace:
            assert len(list(trace)) == 1
    source = got[0].start.raw_pages
    assert (source.kernel, source.header_page, source.page_size) == ("6.1", b"h", 4096)
    assert [(p.pages.cpu, len(p.pages.pages)) for p in got[1:]] == [(0, 4096), (1, 1 << 20), (1, 4096)]


def test_a_registry_that_takes_nothing_is_sent_nothing() -> None:
    """Flow control: the pages are taken from their source as the registry takes them."""
    go, taken = threading.Event(), 0

    def pages() -> Any:
        nonlocal taken
        for _ in range(200):
            taken += 1
            yield 0, bytes(1 << 18)

    def translate(requests: Any, _: Any) -> Any:
        next(requests)
        yield translation.TranslateResponse(items=[TraceItem()])
        go.wait(30)
        yield end(sum(1 for _ in requests))

    with Registry({"Translate": translate}) as registry, tracery.connect(registry.address) as client:
        with client.translate_pages("6.1", pages()) as trace:
            next(trace)
            before = -1
            while before != taken:  # Until nothing moves.
                before = taken
                time.sleep(0.3)
            assert taken < 100
            go.set()
            assert next(trace).end.events == 200


def test_a_source_that_fails_ends_the_translation_with_its_own_error() -> None:
    def pages() -> Any:
        yield 0, bytes(4096)
        raise OSError("the disk is gone")

    def translate(requests: Any, _: Any) -> Any:
        for _ in requests:
            yield translation.TranslateResponse()

    with Registry({"Translate": translate}) as registry, tracery.connect(registry.address) as client:
        with client.translate_pages("6.1", pages()) as trace, pytest.raises(OSError, match="the disk is gone"):
            list(trace)


def test_what_the_registry_has_against_a_trace_is_an_error() -> None:
    def translate(requests: Any, context: Any) -> Any:
        next(requests)
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "this is no trace")
        yield

    with Registry({"Translate": translate}) as registry, tracery.connect(registry.address) as client:
        with client.translate(io.BytesIO(bytes(5_000_000))) as trace:
            with pytest.raises(tracery.RegistryError, match="this is no trace"):
                list(trace)
            assert list(trace) == []


def test_a_trace_that_is_left_early_ends_its_call() -> None:
    ended = threading.Event()

    def translate(_: Any, context: Any) -> Any:
        context.add_callback(ended.set)
        while context.is_active():
            yield translation.TranslateResponse(items=[TraceItem()])

    with Registry({"Translate": translate}) as registry, tracery.connect(registry.address) as client:
        with client.translate(io.BytesIO(b"x")) as trace:
            next(trace)
        assert list(trace) == []
        assert ended.wait(10)
