from __future__ import annotations

import logging
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from events import EVENT_FIELD, P, file_of, operation
from registry import Registry

import tracery
from tracery import _cache, _formats
from tracery.v1 import kernel_pb2
from tracery.v1.compatibility_pb2 import (
    FIT_REASON_MISSING,
    RUN_OUTCOME_ACCEPTED,
    RUN_OUTCOME_DEGRADED,
    RUN_OUTCOME_REJECTED,
)
from tracery.v1.negotiation_service_pb2 import NegotiateRequest, NegotiateResponse

SWITCH = "sched/sched_switch"
KERNEL = tracery.kernel_identity("6.1.0", "#1 SMP", "x86_64")
FORMATS: dict[str, bytes | str] = {
    SWITCH: b"name: sched_switch\nID: 310\nformat:\n",
    "irq/irq_handler_entry": "name: x\nID: 7\n",
}
NEEDS = [tracery.require(SWITCH, "prev_pid"), tracery.like(SWITCH, "gone")]


def answer(outcome: Any = RUN_OUTCOME_ACCEPTED, cache_seconds: int = 0) -> NegotiateResponse:
    made = NegotiateResponse(outcome=outcome)
    made.cache_for.seconds = cache_seconds
    made.requirements.add(outcome=RUN_OUTCOME_ACCEPTED)
    missing = made.requirements.add(outcome=outcome)
    missing.fields.add(name="gone", reason=FIT_REASON_MISSING, usable=outcome == RUN_OUTCOME_ACCEPTED)
    plan = P.DecodePlan(
        event=SWITCH,
        byte_order=KERNEL.byte_order,
        word_size=KERNEL.word_size,
        operations=[operation(1, P.CONVERSION_INTEGER, 8, 4, signed=True)],
    )
    file = file_of(plan, {1: "prev_pid"})
    assert file.message_type[0].field[0].options.Extensions[EVENT_FIELD].name == "prev_pid"
    made.events.add(event=SWITCH, decode_plan=plan, file=file, message_name="test.Event")
    return made


def fail(code: grpc.StatusCode) -> Callable[..., Any]:
    def handler(_: Any, context: Any) -> None:
        context.abort(code, "as the test says")

    return handler


def negotiate(address: Any, **options: Any) -> tracery.Negotiated:
    token = options.pop("token", None)
    with tracery.connect(address, token=token) as client:
        return client.negotiate("tool", "1", NEEDS, **{"formats": FORMATS, "kernel": KERNEL, **options})


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_degraded_start_has_its_reasons_as_warnings_and_decodes() -> None:
    with Registry({"Negotiate": lambda *_: answer(RUN_OUTCOME_DEGRADED)}) as registry:
        negotiated = negotiate(registry.address)
    assert negotiated.outcome is tracery.Outcome.DEGRADED
    assert negotiated.warnings == negotiated.reasons == ("sched/sched_switch.gone: missing",)
    assert negotiated.decoders[SWITCH].decode(bytes(8) + b"\5\0\0\0").prev_pid == 5
    assert repr(negotiated) == "<Negotiated DEGRADED from REGISTRY: sched/sched_switch>"


def test_a_refusal_says_why() -> None:
    with (
        Registry({"Negotiate": lambda *_: answer(RUN_OUTCOME_REJECTED)}) as registry,
        pytest.raises(tracery.Refused) as caught,
    ):
        negotiate(registry.address)
    assert str(caught.value) == "tool 1 cannot run on this kernel: sched/sched_switch.gone: missing"
    assert caught.value.negotiated.outcome is tracery.Outcome.REJECTED


def test_only_the_formats_that_the_tool_names_are_sent_as_hashes_and_the_client_says_who_it_is() -> None:
    seen: list[NegotiateRequest] = []

    def note(request: NegotiateRequest, _: Any) -> NegotiateResponse:
        seen.append(request)
        return answer()

    with Registry({"Negotiate": note}) as registry:
        negotiate(registry.address, dry_run=True)
        assert registry.metadata[0]["user-agent"].startswith("tracery-python/0.1 ")
        assert "authorization" not in registry.metadata[0]
    (request,) = seen
    assert [(e.event, e.id, len(e.layout_hash), e.text) for e in request.events] == [(SWITCH, 310, 32, b"")]
    assert (request.dry_run, list(request.api_versions), request.kernel) == (True, ["tracery.v1"], KERNEL)


def test_unavailable_is_tried_four_times_and_nothing_else_is() -> None:
    with Registry({"Negotiate": fail(grpc.StatusCode.UNAVAILABLE)}) as registry:
        with pytest.raises(tracery.Unreachable, match="as the test says"):
            negotiate(registry.address)
        assert registry.calls == ["Negotiate"] * 4
    for code in (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.RESOURCE_EXHAUSTED):
        with Registry({"Negotiate": fail(code)}) as registry:
            with pytest.raises(tracery.RegistryError, match="as the test says") as caught:
                negotiate(registry.address)
            assert (caught.value.code, len(registry.calls)) == (code, 1)
            assert not isinstance(caught.value, tracery.Unreachable)


def test_the_next_address_is_asked_and_then_preferred() -> None:
    with (
        Registry({"Negotiate": fail(grpc.StatusCode.UNAVAILABLE)}) as first,
        Registry({"Negotiate": lambda *_: answer()}) as second,
        tracery.connect(f"{first.address}, {second.address}") as client,
    ):
        for _ in range(2):
            client.negotiate("tool", "1", NEEDS, formats=FORMATS, kernel=KERNEL, cache=False)
        assert (len(first.calls), len(second.calls)) == (1, 2)


def test_an_address_where_nobody_listens_is_left_for_one_where_somebody_does() -> None:
    with Registry({"Negotiate": lambda *_: answer()}) as registry:
        assert negotiate([f"127.0.0.1:{free_port()}", registry.address]).outcome is tracery.Outcome.ACCEPTED


def test_without_a_registry_and_an_answer_the_error_says_what_was_tried(tmp_path: Path) -> None:
    with pytest.raises(tracery.Unreachable) as caught:
        negotiate(f"127.0.0.1:{free_port()}", cache=tmp_path / "none")
    assert str(caught.value) == (
        "the registry cannot be reached (Connection refused), and there is no answer of an earlier start of"
        f" tool 1 on this kernel in {tmp_path}/none"
    )


def test_a_registry_that_does_not_answer_costs_no_more_than_the_deadline() -> None:
    release = threading.Event()

    def hang(*_: Any) -> NegotiateResponse:
        release.wait(30)
        return answer()

    with Registry({"Negotiate": hang}) as registry:
        with pytest.raises(tracery.Unreachable, match="no answer in time"):
            negotiate(registry.address, timeout=0.2)
        release.set()


def test_a_registry_that_is_slow_to_take_a_connection_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(tracery.Unreachable, match="no answer in time"):
            negotiate(f"127.0.0.1:{port}", timeout=1.0)


def test_the_formats_of_the_running_kernel_are_not_taken_for_anothers() -> None:
    with pytest.raises(ValueError, match="is not the running kernel; give its formats, too"):
        negotiate("127.0.0.1:1", formats=None, kernel=tracery.kernel_identity("6.1.0", "#1", "x86_64"))


def test_a_cache_of_no_bytes_is_refused_and_loses_nothing() -> None:
    with pytest.raises(ValueError, match="cache=False keeps none"):
        negotiate("127.0.0.1:1", cache_bytes=0)


def test_a_kept_answer_is_used_without_asking_and_without_grpc(tmp_path: Path) -> None:
    with Registry({"Negotiate": lambda *_: answer(cache_seconds=3600)}) as registry:
        negotiate(registry.address, cache=tmp_path / "cache")
        assert negotiate(registry.address, cache=tmp_path / "cache").source is tracery.Source.CACHE
        assert registry.calls == ["Negotiate"]
    program = f"""
import sys, tracery
client = tracery.connect("127.0.0.1:{free_port()}")
needs = [tracery.require("{SWITCH}", "prev_pid"), tracery.like("{SWITCH}", "gone")]
kernel = tracery.kernel_identity("6.1.0", "#1 SMP", "x86_64")
formats = {{"{SWITCH}": {FORMATS[SWITCH]!r}}}
got = client.negotiate("tool", "1", needs, formats=formats, kernel=kernel, cache={str(tmp_path / "cache")!r})
print(got.source.name, sorted({{"grpc", "asyncio", "tempfile"}} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "CACHE []\n"


def test_without_a_registry_an_old_answer_is_used_and_the_first_warning_says_so() -> None:
    with Registry({"Negotiate": lambda *_: answer(RUN_OUTCOME_DEGRADED)}) as registry:
        negotiate(registry.address)
    negotiated = negotiate(registry.address)
    assert negotiated.source is tracery.Source.CACHE_OFFLINE
    assert negotiated.warnings == (
        "the registry cannot be reached (Connection refused); going by its answer of less than a minute ago",
        "sched/sched_switch.gone: missing",
    )


def test_the_cache_is_for_the_user_only_and_leaves_no_parts(tmp_path: Path) -> None:
    folder = tmp_path / "xdg-cache/tracery/negotiations"
    with Registry({"Negotiate": lambda *_: answer()}) as registry:
        negotiate(registry.address)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (file,) = folder.iterdir()
    assert file.suffix == ".answer"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_cache_that_others_can_write_to_is_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o777)
    with Registry({"Negotiate": lambda *_: answer(cache_seconds=3600)}) as registry:
        for _ in range(2):
            assert negotiate(registry.address, cache=folder).source is tracery.Source.REGISTRY
    assert list(folder.iterdir()) == []
    assert f"{folder} can be written to by others; chmod 700 it" in caplog.text


def test_a_cache_that_cannot_be_used_is_a_warning_in_the_log_and_no_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with Registry({"Negotiate": lambda *_: answer()}) as registry:
        assert negotiate(registry.address, cache=file).outcome is tracery.Outcome.ACCEPTED
        assert negotiate(registry.address, cache=file / "below").outcome is tracery.Outcome.ACCEPTED
    assert all(record.name == "tracery" for record in caplog.records)
    assert caplog.records[0].levelno == logging.WARNING


def test_a_damaged_file_is_removed_and_costs_its_answer_only(tmp_path: Path) -> None:
    cache = _cache.AnswerCache(tmp_path / "cache", 1 << 20)
    cache.put("a", 5, answer())
    file = tmp_path / "cache/a.answer"
    whole = file.read_bytes()
    assert cache.get("a") == (5, answer())
    for damaged in (b"", whole[:40], whole[:-1], whole + b"x", b"tracery-answer 2\n" + whole[17:], whole[::-1]):
        file.write_bytes(damaged)
        assert cache.get("a") is None
        assert not file.exists()


def test_the_cache_drops_what_was_not_used_for_longest_and_what_was_abandoned(tmp_path: Path) -> None:
    size = len(_cache._format(0, answer()))
    cache = _cache.AnswerCache(tmp_path, 2 * size)
    tmp_path.chmod(0o700)
    part = tmp_path / "dead.part"
    fresh = tmp_path / "alive.part"
    for path, age in ((part, 7200), (fresh, 60)):
        path.write_bytes(b"")
        _touch(path, age)
    for age, name in ((300, "a"), (200, "b")):
        cache.put(name, 0, answer())
        _touch(tmp_path / f"{name}.answer", age)
    assert cache.get("a") is not None
    cache.put("c", 0, answer())
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.answer", "alive.part", "c.answer"]
    _cache.AnswerCache(tmp_path, size - 1).put("d", 0, answer())
    assert not (tmp_path / "d.answer").exists()


def _touch(path: Path, age: float) -> None:
    os.utime(path, (time.time() - age,) * 2)


def test_a_tool_starts_while_other_processes_fill_and_empty_the_cache(tmp_path: Path) -> None:
    cache = _cache.AnswerCache(tmp_path / "cache", 3 * len(_cache._format(0, answer())))
    failures: list[Any] = []

    def work(name: str) -> None:
        for n in range(60):
            cache.put(f"{name}{n % 4}", n, answer())
            kept = cache.get(f"x{n % 4}")
            if kept is not None and kept.answer != answer():
                failures.append(kept)

    threads = [threading.Thread(target=work, args=(name,)) for name in "xxy"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert not list((tmp_path / "cache").glob("*.part"))


@pytest.mark.parametrize(
    "event", ["sched_switch", "sched:sched_switch", "../switch", "sched/..", "a/b/c", "a/", "s*/x"]
)
def test_an_event_that_is_no_event_is_refused(event: str) -> None:
    with pytest.raises(ValueError, match="expected system/name but found"):
        tracery.require(event)


def test_names_with_dots_are_events() -> None:
    assert tracery.like("a.b/..c").any_of[0].event == "a.b/..c"


def test_alternatives_are_one_requirement() -> None:
    needs = tracery.any_of(tracery.require("power/cpu_idle", ("state", "old")), tracery.require("power/power_start"))
    assert [use.event for use in needs.any_of] == ["power/cpu_idle", "power/power_start"]
    assert list(needs.any_of[0].fields[0].names) == ["state", "old"]
    assert not needs.optional
    assert tracery.any_of(tracery.require("a/b"), tracery.like("a/c")).optional


def test_a_tracefs_or_its_events_folder_will_do(tmp_path: Path) -> None:
    (tmp_path / "events/sched/sched_switch").mkdir(parents=True)
    (tmp_path / "events/sched/sched_switch/format").write_bytes(b"ID: 5\n")
    (tmp_path / "events/enable").write_text("0")
    for folder in (tmp_path, tmp_path / "events"):
        tracefs = _formats.Tracefs(folder, KERNEL)
        assert tracefs.format(SWITCH) == b"ID: 5\n"
        assert tracefs.format("sched/gone") is None
        assert list(tracefs.events()) == [SWITCH]
    with pytest.raises(NotADirectoryError, match="is no folder of a tracefs"):
        _formats.Tracefs(tmp_path / "gone", KERNEL)


def test_a_format_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "sched/sched_switch/format").mkdir(parents=True)
    with pytest.raises(OSError, match="sched_switch/format"):
        negotiate("localhost", formats=None, tracefs=tmp_path)


def test_a_format_without_end_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "sched/sched_switch").mkdir(parents=True)
    (tmp_path / "sched/sched_switch/format").symlink_to("/dev/zero")
    with pytest.raises(ValueError, match="has more than 1048576 bytes"):
        negotiate("localhost", formats=None, tracefs=tmp_path)


def test_the_running_kernel_says_who_it_is(tmp_path: Path) -> None:
    (tmp_path / "proc/sys/kernel").mkdir(parents=True)
    (tmp_path / "proc/sys/kernel/arch").write_text("riscv64\n")
    events = tmp_path / "sys/kernel/debug/tracing/events"
    events.mkdir(parents=True)
    (events / "header_page").write_text("\tfield: local_t commit;\toffset:8;\tsize:4;\tsigned:1;\n")
    assert _formats._running_events(tmp_path) == events
    identity = _formats._running_identity(events, tmp_path)
    assert (identity.release, identity.build) == (os.uname().release, os.uname().version)
    assert (identity.machine, identity.word_size) == ("riscv64", kernel_pb2.WORD_SIZE_32)
    assert identity.page_size == os.sysconf("SC_PAGE_SIZE")
    assert tracery.running_kernel().release == identity.release


def test_a_machine_without_tracefs_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="mount -t tracefs nodev /sys/kernel/tracing"):
        _formats._running_events(tmp_path)


def test_who_may_not_read_the_tracefs_is_told_what_to_do(tmp_path: Path) -> None:
    tracing = tmp_path / "sys/kernel/tracing"
    (tracing / "events").mkdir(parents=True)
    tracing.chmod(0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        with pytest.raises(FileNotFoundError, match="run as root"):
            _formats._running_events(tmp_path)
    finally:
        os.seteuid(user)
        tracing.chmod(0o700)


@pytest.mark.parametrize("wrong", [{"bits": 16}, {"order": "middle"}])
def test_an_identity_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(ValueError, match="expected"):
        tracery.kernel_identity("6.1", "", "x86_64", **wrong)
