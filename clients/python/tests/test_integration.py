"""Against a real registry: clients/README.md names the environment."""

from __future__ import annotations

import itertools
import json
import os
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import tracery
from tracery.v1 import registry_service_pb2 as wire
from tracery.v1.kernel_pb2 import KernelIdentity

pytestmark = pytest.mark.integration

SWITCH = "sched/sched_switch"


def environment(*names: str) -> list[str]:
    missing = [name for name in names if not os.environ.get(name)]
    if missing:
        pytest.skip(f"{', '.join(missing)} not set: see clients/README.md")
    return [os.environ[name] for name in names]


@pytest.fixture
def client() -> Any:
    (server,) = environment("TRACERY_TEST_SERVER")
    with tracery.connect(server) as made:
        yield made


@pytest.fixture
def kernel() -> KernelIdentity:
    (text,) = environment("TRACERY_TEST_IDENTITY")
    said = json.loads(text)
    return tracery.kernel_identity(
        said["release"],
        said["build"],
        said["machine"],
        bits=int(said["bits"]),
        order=said["order"],
        page_size=int(said["page_size"]),
    )


@pytest.fixture
def tracefs() -> Path:
    (folder,) = environment("TRACERY_TEST_TRACEFS")
    return Path(folder)


NEEDS = [tracery.require(SWITCH, "prev_pid", "next_comm"), tracery.like(SWITCH, "no_such_field")]


def test_a_tool_starts_and_starts_again_without_the_registry(
    client: tracery.Client, tracefs: Path, kernel: KernelIdentity
) -> None:
    options: dict[str, Any] = {"tracefs": tracefs, "kernel": kernel, "dry_run": True}
    first = client.negotiate("python-test", "1", NEEDS, **options)
    assert (first.outcome, first.source) == (tracery.Outcome.DEGRADED, tracery.Source.REGISTRY)
    assert any("no_such_field" in warning for warning in first.warnings)
    assert [field.name for field in first.decoders[SWITCH].fields if field.filled][:2] == ["prev_comm", "prev_pid"]
    with tracery.connect("127.0.0.1:1") as nobody:
        again = nobody.negotiate("python-test", "1", NEEDS, **options)
    assert again.source in (tracery.Source.CACHE, tracery.Source.CACHE_OFFLINE)
    assert list(again.decoders) == [SWITCH]


def test_a_layout_that_nobody_knows_is_sent_and_read(
    client: tracery.Client, tracefs: Path, kernel: KernelIdentity
) -> None:
    text = (tracefs / "events" / SWITCH / "format").read_bytes()
    # Why the print format: it makes another layout, but no schema version, which would stay in the registry.
    unknown = text.replace(b'print fmt: "', b'print fmt: "' + os.urandom(8).hex().encode() + b" ")
    assert unknown != text
    needs = [tracery.require(SWITCH, "next_pid")]
    started = client.negotiate("python-test", "1", needs, formats={SWITCH: unknown}, kernel=kernel, dry_run=True)
    assert list(started.decoders) == [SWITCH]


def test_a_tool_that_cannot_run_is_told_why(client: tracery.Client, tracefs: Path, kernel: KernelIdentity) -> None:
    needs = [tracery.require(SWITCH, "no_such_field")]
    with pytest.raises(tracery.Refused, match="no_such_field"):
        client.negotiate("python-test", "1", needs, tracefs=tracefs, kernel=kernel, dry_run=True)


def test_the_registry_is_read(client: tracery.Client, kernel: KernelIdentity) -> None:
    (series,) = environment("TRACERY_TEST_SERIES")
    kernels = list(client.kernels())
    known = next(each for each in kernels if each.identity == kernel)
    assert client.kernel(known.id) == known
    assert known.id in [each.id for each in client.kernels(series)]
    events = list(client.events(known.id))
    assert len(events) == known.event_count
    assert [e.event for e in client.events(known.id, SWITCH)] == [SWITCH]
    parts = [wire.SCHEMA_PART_DESCRIPTOR, wire.SCHEMA_PART_DECODE_PLAN]
    schema = client.schema(SWITCH, kernel=known.id, parts=parts)
    decoder = tracery.Decoder(schema.decode_plan, schema.descriptor_set.file[-1], schema.message_name)
    assert decoder.event == SWITCH
    other = next(each for each in kernels if each.id != known.id)
    assert client.diff(known.id, other.id).events
    assert client.diff_schemas(SWITCH, 1, 1).diff.changes == []
    assert client.who_uses("*").revision > 0


def test_a_kernel_is_checked_and_would_be_registered(
    client: tracery.Client, tracefs: Path, kernel: KernelIdentity
) -> None:
    (series,) = environment("TRACERY_TEST_SERIES")
    assert client.check(series, tracefs=tracefs, kernel=kernel).report.series == series
    answer = client.register(series, tracefs=tracefs, kernel=kernel, validate_only=True)
    assert answer.kernel.identity == kernel


def test_changes_are_watched_from_any_revision(client: tracery.Client) -> None:
    last = client.status().revision
    with client.watch() as changes:
        revisions = [each.revision for each in itertools.takewhile(lambda each: each.revision < last, changes)]
    assert revisions == sorted(set(revisions))
    with client.watch(last - 1) as changes:
        assert next(changes).revision == last


def test_a_trace_is_translated_whole(client: tracery.Client) -> None:
    file, events = environment("TRACERY_TEST_TRACE", "TRACERY_TEST_TRACE_EVENTS")
    items: Counter[str] = Counter()
    read = 0
    with client.translate(file) as trace:
        for item in trace:
            items[item.WhichOneof("item") or ""] += 1
            for event in item.events.events:
                trace.message(event)
                read += 1
    assert read == int(events)
    assert items["start"] == items["end"] == 1


def test_an_address_that_is_silent_is_passed_over_and_answers_say_how_fresh_they_are() -> None:
    (server,) = environment("TRACERY_TEST_SERVER")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with tracery.connect([f"127.0.0.1:{port}", server]) as client:
            revision = client.status().revision
            assert client.freshness
            assert client.freshness.revision >= revision
            assert client.freshness.store_reachable
            client.at_least(revision)
            assert client.status().revision >= revision


def test_a_revision_that_nobody_has_is_not_here() -> None:
    (server,) = environment("TRACERY_TEST_SERVER")
    with (
        tracery.connect(server, at_least_revision=1_000_000_000, timeout=5) as client,
        pytest.raises(tracery.Unreachable) as caught,
    ):
        client.status()
    assert caught.value.reason == "REVISION_NOT_HERE"


def test_tls_and_a_token() -> None:
    server, ca, token = environment("TRACERY_TEST_TLS_SERVER", "TRACERY_TEST_CA", "TRACERY_TEST_TOKEN")
    with tracery.connect(server, ca=ca, token=token) as client:
        assert client.status().version
    with tracery.connect(server, ca=ca) as client, pytest.raises(tracery.RegistryError) as caught:
        client.status()
    assert caught.value.code.name == "UNAUTHENTICATED"
