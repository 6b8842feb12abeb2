"""Servers that follow one log: clients/conformance/README.md."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import grpc
import pytest
from registry import Registry

import tracery
from tracery import _status_pb2
from tracery.v1 import compatibility_service_pb2 as compatibility
from tracery.v1 import consumer_service_pb2 as consumers
from tracery.v1 import registry_service_pb2 as wire
from tracery.v1.admin_service_pb2 import GetStatusResponse
from tracery.v1.negotiation_service_pb2 import NegotiateResponse

KERNEL = tracery.kernel_identity("6.1.0", "#1 SMP", "x86_64")
FORMATS = {"a/b": "ID: 2\nformat:\n"}
DECLARE = ("ConsumerService/DeclareConsumer", consumers.DeclareConsumerRequest())
WAIVE = ("CompatibilityService/GiveWaiver", compatibility.GiveWaiverRequest())

Refusal = tuple[grpc.StatusCode, str, str]
LOST: Refusal = (grpc.StatusCode.UNAVAILABLE, "gone", "")


def one_log(
    name: str = "",
    said: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    port: int = 0,
    watch: Callable[..., Any] | None = None,
) -> Registry:
    """A server whose answers say this, and which refuses writes so."""

    def say(context: Any) -> None:
        context.send_initial_metadata(tuple((said or {}).items()))

    def reads(answer: Any) -> Callable[..., Any]:
        def handler(request: Any, context: Any) -> Any:
            say(context)
            return answer(request) if callable(answer) else answer

        return handler

    def writes(answer: Any) -> Callable[..., Any]:
        def handler(request: Any, context: Any) -> Any:
            if not hasattr(request, "DESCRIPTOR"):
                list(request)
            say(context)
            if refusal:
                refuse(context, refusal)
            return answer

        return handler

    watches = {"Watch": watch} if watch else {}
    return Registry(
        {
            **watches,
            "GetStatus": reads(GetStatusResponse(version=name)),
            "Negotiate": reads(NegotiateResponse(outcome=tracery.Outcome.ACCEPTED.value)),
            "FindMissingLayouts": reads(lambda request: wire.FindMissingLayoutsResponse(missing=request.layout_hashes)),
            "RegisterKernel": writes(wire.RegisterKernelResponse(revision=9)),
            "DeclareConsumer": writes(consumers.DeclareConsumerResponse()),
            "GiveWaiver": writes(compatibility.GiveWaiverResponse()),
        },
        port,
    )


def refuse(context: Any, refusal: Refusal) -> None:
    code, message, reason = refusal
    if reason:
        status = _status_pb2.Status(code=code.value[0], message=message)
        info = _status_pb2.ErrorInfo(reason=reason)
        status.details.add(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=info.SerializeToString())
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, message)


@contextlib.contextmanager
def silent() -> Iterator[str]:
    """Takes connections and never says anything, like a server that is stopped."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def register(client: tracery.Client) -> Any:
    return client.register(kernel=KERNEL, formats=FORMATS)


def wanted(registry: Registry) -> list[tuple[str, str | None]]:
    return [
        (call, metadata.get("tracery-at-least-revision"))
        for call, metadata in zip(registry.calls, registry.metadata, strict=True)
    ]


def test_it_tells_how_fresh_the_last_answer_is() -> None:
    with one_log(said={"tracery-revision": "41", "tracery-age-ms": "1500"}) as a, tracery.connect(a.address) as client:
        assert client.freshness is None
        client.status()
        assert client.freshness == tracery.Freshness(41, timedelta(seconds=1.5), True)
    gone = {"tracery-revision": "40", "tracery-age-ms": "9", "tracery-store": "unreachable"}
    with (
        one_log(said=gone, refusal=(grpc.StatusCode.NOT_FOUND, "no", "")) as b,
        tracery.connect(b.address) as client,
    ):
        with pytest.raises(tracery.RegistryError):
            client.call(*WAIVE)
        assert client.freshness == tracery.Freshness(40, timedelta(milliseconds=9), False)
    with one_log() as old, tracery.connect(old.address) as client:
        client.status()
        assert client.freshness is None


def test_it_wants_what_it_wrote_and_what_it_is_told_to_and_nothing_else() -> None:
    with (
        one_log(said={"tracery-revision": "41"}) as a,
        tracery.connect(a.address, at_least_revision=7) as client,
    ):
        client.status()
        client.status()
        client.call(*DECLARE)
        client.status()
        client.at_least(50)
        client.at_least(45)
        client.status()
        assert [revision for _, revision in wanted(a)] == ["7", "7", "7", "7", "41", "50"]
        with pytest.raises(ValueError, match="expected a revision of 0 or more"):
            client.at_least(-1)
    with pytest.raises(ValueError, match="expected a revision of 0 or more"):
        tracery.connect("localhost", at_least_revision=-1)


def test_it_wants_it_of_a_negotiation_too_after_a_registration() -> None:
    with one_log(said={"tracery-revision": "9"}) as a, tracery.connect(a.address) as client:
        register(client)
        client.negotiate("tool", "1", [], kernel=KERNEL, formats=FORMATS, cache=False)
        assert wanted(a) == [("FindMissingLayouts", None), ("RegisterKernel", None), ("Negotiate", "9")]


@pytest.mark.parametrize("revision", ["-1", "x", "1.5", "99999999999999999999"])
def test_what_is_no_number_is_not_there(revision: str) -> None:
    with one_log(said={"tracery-revision": revision}) as a, tracery.connect(a.address) as client:
        client.call(*DECLARE)
        client.status()
        assert client.freshness is None
        assert {revision for _, revision in wanted(a)} == {None}


def test_one_that_is_silent_is_passed_over_by_what_reads_and_what_writes_and_by_a_watch() -> None:
    def watch(request: Any, _: Any) -> Iterator[wire.WatchResponse]:
        yield wire.WatchResponse(revision=request.after_revision + 1)
        time.sleep(60)

    with silent() as nobody, one_log("b", watch=watch) as b:
        both = [nobody, b.address]
        with tracery.connect(both) as client:
            assert client.status().version == "b"
        with tracery.connect(both) as client:
            assert register(client).revision == 9
        with tracery.connect(both) as client:
            client.call(*WAIVE)
        with tracery.connect(both) as client:
            client.negotiate("tool", "1", [], kernel=KERNEL, formats=FORMATS, cache=False)
        with tracery.connect(both) as client, client.watch(3) as changes:
            assert next(changes).revision == 4


def test_where_all_are_silent_there_is_no_answer_in_time() -> None:
    with silent() as a, silent() as b, tracery.connect([a, b], timeout=2.5) as client:
        with pytest.raises(tracery.RegistryError) as raised:
            client.status()
        assert raised.value.code in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE)


def test_an_answer_that_takes_long_comes_in_a_later_round() -> None:
    def slow(*_: Any) -> GetStatusResponse:
        time.sleep(2)
        return GetStatusResponse(version="slow")

    with silent() as nobody, Registry({"GetStatus": slow}) as b, tracery.connect([nobody, b.address]) as client:
        assert client.status().version == "slow"


@pytest.mark.parametrize("reason", ["REVISION_NOT_HERE", "STORE_UNAVAILABLE"])
def test_one_that_refuses_for_now_sends_to_the_next(reason: str) -> None:
    refusal = (grpc.StatusCode.UNAVAILABLE, "not now", reason)
    with one_log(refusal=refusal) as a, one_log() as b, tracery.connect([a.address, b.address]) as client:
        client.call(*WAIVE)
        assert (a.calls, b.calls) == (["GetStatus", "GiveWaiver"], ["GetStatus", "GiveWaiver"])


def test_a_refusal_says_its_reason() -> None:
    refusal = (grpc.StatusCode.UNAVAILABLE, "the store cannot be reached", "STORE_UNAVAILABLE")
    with one_log(refusal=refusal) as a, tracery.connect(a.address) as client:
        with pytest.raises(tracery.Unreachable) as raised:
            client.call(*WAIVE)
        assert (str(raised.value), raised.value.reason) == ("the store cannot be reached", "STORE_UNAVAILABLE")


def test_what_was_lost_is_not_sent_again_where_that_does_harm() -> None:
    with one_log(refusal=LOST) as a, one_log() as b, tracery.connect([a.address, b.address]) as client:
        with pytest.raises(tracery.Unreachable) as raised:
            client.call(*WAIVE)
        assert raised.value.reason == "CONNECTION_LOST"
        assert str(raised.value) == (
            "the connection to the registry was lost (gone); the waiver may or may not have been given"
        )
        assert (a.calls, b.calls) == (["GetStatus", "GiveWaiver"], [])


def test_what_the_server_is_uncertain_of_is_not_sent_again() -> None:
    refusal = (grpc.StatusCode.UNKNOWN, "who knows", "WRITE_UNCERTAIN")
    with one_log(refusal=refusal) as a, one_log() as b, tracery.connect([a.address, b.address]) as client:
        with pytest.raises(tracery.RegistryError) as raised:
            register(client)
        assert raised.value.reason == "WRITE_UNCERTAIN"
        assert (a.calls, b.calls) == (["FindMissingLayouts", "RegisterKernel"], [])


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED])
def test_a_registration_that_was_lost_is_sent_to_the_next_from_the_beginning(code: grpc.StatusCode) -> None:
    with one_log(refusal=(code, "gone", "")) as a, one_log() as b, tracery.connect([a.address, b.address]) as client:
        assert register(client).revision == 9
        assert (a.calls, b.calls) == (["FindMissingLayouts", "RegisterKernel"],) * 2


def test_a_registration_that_nobody_takes_may_have_been_done() -> None:
    refusal = (grpc.StatusCode.UNAVAILABLE, "not now", "STORE_UNAVAILABLE")
    with one_log(refusal=LOST) as a, one_log(refusal=refusal) as b, tracery.connect([a.address, b.address]) as client:
        with pytest.raises(tracery.Unreachable) as raised:
            register(client)
        assert str(raised.value) == (
            "the connection to the registry was lost (gone); the kernel may or may not be registered,"
            " and doing it again is safe"
        )
        assert a.calls == ["FindMissingLayouts", "RegisterKernel"] * 4


def test_one_that_was_silent_is_asked_again_when_the_other_goes_away() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with one_log("other") as other, tracery.connect([f"127.0.0.1:{port}", other.address]) as client:
        assert client.status().version == "other"
        listener.close()
        other.stop()
        with one_log("recovered", port=port):
            # Not at once: gRPC connects again after a pause of its own.
            deadline = time.monotonic() + 30
            while True:
                try:
                    version = client.status().version
                    break
                except tracery.Unreachable:
                    assert time.monotonic() < deadline
            assert version == "recovered"
