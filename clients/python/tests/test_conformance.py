"""The suite that the clients of all languages run: see clients/conformance."""

from __future__ import annotations

import re
from concurrent import futures
from pathlib import Path
from typing import Any

import conformance_pb2 as conformance
import grpc
import pytest
from conftest import CLIENTS, Report
from google.protobuf import descriptor_pb2, json_format

import tracery
from tracery import _cache, _negotiator, _transport
from tracery._address import read_addresses
from tracery._formats import Tracefs
from tracery.v1.kernel_pb2 import KernelIdentity
from tracery.v1.negotiation_service_pb2 import NegotiateRequest


def read(file: str, message: Any) -> Any:
    path = CLIENTS / "conformance" / file
    if not path.exists():
        pytest.fail(f"{path} is missing")
    return json_format.Parse(path.read_text(), message)


def check(report: Report, kind: str, cases: list[Any], run: Any) -> None:
    """Runs all cases, whatever becomes of one."""
    failures = []
    for name, case in cases:
        try:
            run(case)
        except Exception as error:
            report.case(kind, False)
            failures.append(f"{name}: {type(error).__name__}: {error}")
        else:
            report.case(kind, True)
    assert cases, f"there are no {kind}"
    assert not failures, f"{len(failures)} of {len(cases)}:\n" + "\n".join(failures[:20])


def same(what: str, expected: object, found: object) -> None:
    if type(expected) is not type(found) or expected != found:
        raise AssertionError(f"{what}: expected {expected!r} but found {found!r}")


def test_every_layout_has_its_hash_and_its_id(report: Report) -> None:
    def run(case: Any) -> None:
        kernel = KernelIdentity(word_size=case.word_size, byte_order=case.byte_order)
        same("hash", case.hash, tracery.layout_hash(case.text, kernel))
        same("id", case.id, tracery.event_id(case.text))

    cases = read("layouts.json", conformance.LayoutVectors()).cases
    check(report, "layouts", [(case.name, case) for case in cases], run)


def decoder_of(plan_case: Any) -> tracery.Decoder:
    file = descriptor_pb2.FileDescriptorProto.FromString(plan_case.file)
    return tracery.Decoder(plan_case.plan, file, plan_case.message_name)


def plan_cases() -> Any:
    return read("records.json", conformance.RecordVectors()).plans


def test_plans_that_are_none_are_refused(report: Report) -> None:
    def run(case: Any) -> None:
        try:
            decoder_of(case)
        except tracery.PlanError:
            return
        raise AssertionError(f"expected a refusal because of {case.refused!r}")

    check(report, "plans", [(case.name, case) for case in plan_cases() if case.refused], run)


def value_of(field: Any) -> Any:
    kind = field.WhichOneof("value")
    value = getattr(field, kind)
    return list(value.values) if kind.endswith("list") else value


def test_every_record_has_its_values_and_its_message(report: Report) -> None:
    def run(pair: Any) -> None:
        decoder, case = pair
        record = decoder.decode(case.record)
        for field in case.fields:
            key = (field.name, field.occurrence)
            same(f"{field.name}", value_of(field), record[key])
            first = min(f.occurrence for f in decoder.fields if f.name == field.name)
            if field.occurrence == first:
                same(f"{field.name} by its name", value_of(field), record[field.name])
            if isinstance(record[key], int) and not isinstance(record[key], bool):
                symbols = [(tuple(s.names), s.rest) for s in field.symbols]
                same(f"{field.name}'s symbols", symbols, [tuple(s) for s in record.symbols(key)])
        with_value = {f.number for f in case.fields}
        for field in decoder.fields:
            if field.number not in with_value:
                same(f"{field.name}", None, dict(record).get(field.name))
                with pytest.raises(KeyError):
                    record[field.name, field.occurrence]
        same("message", case.message, decoder.message_bytes(case.record))
        decoder.message(case.record)

    cases = []
    for plan in plan_cases():
        if not plan.refused:
            decoder = decoder_of(plan)
            cases += [(f"{plan.name}, {r.name}", (decoder, r)) for r in plan.records]
    check(report, "records", cases, run)


class Script:
    """A registry that expects these calls."""

    def __init__(self) -> None:
        self.exchanges: list[Any] = []
        self.problems: list[str] = []
        handler = grpc.method_handlers_generic_handler(
            "tracery.v1.NegotiationService",
            {
                "Negotiate": grpc.unary_unary_rpc_method_handler(
                    self.answer, NegotiateRequest.FromString, lambda data: data
                )
            },
        )
        self.server = grpc.server(futures.ThreadPoolExecutor(1), handlers=[handler])
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def answer(self, request: Any, context: Any) -> bytes:
        if not self.exchanges:
            self.problems.append(f"one call too many: {request}")
            context.abort(grpc.StatusCode.INTERNAL, "one call too many")
        exchange = self.exchanges.pop(0)
        if request != exchange.request:
            self.problems.append(f"expected {exchange.request} but found {request}")
        if exchange.WhichOneof("answer") == "status":
            code = next(c for c in grpc.StatusCode if c.value[0] == exchange.status)
            context.abort(code, "as the script says")
        response: bytes = exchange.response
        return response


def start(script: Script, case: Any, start: Any, tracefs: Path, cache: Path) -> Any:
    script.exchanges = list(start.exchanges)
    kept = cache / start.kept_name
    if start.HasField("kept"):
        cache.mkdir(mode=0o700, exist_ok=True)
        kept.write_bytes(start.kept)
    transport = _transport.Transport(read_addresses(f"127.0.0.1:{script.port}"), None, None)
    negotiator = _negotiator.Negotiator(
        transport,
        _cache.AnswerCache(cache, 16 << 20),
        2.0,
        lambda: start.time.seconds * 1_000_000_000 + start.time.nanos,
    )
    expected = start.result
    kind, status, negotiated = conformance.KIND_STARTED, 0, None
    try:
        negotiated = negotiator.negotiate(case.tool, Tracefs(tracefs, case.kernel), dry_run=start.dry_run)
    except tracery.Refused as error:
        kind, negotiated = conformance.KIND_REFUSED, error.negotiated
        for reason in expected.reasons:
            assert reason in str(error)
    except tracery.Unreachable:
        kind = conformance.KIND_UNREACHABLE
    except tracery.RegistryError as error:
        kind, status = conformance.KIND_FAILED, error.code.value[0]
    finally:
        transport.close()
    found = conformance.Started(kind=kind, status=status)
    if negotiated:
        sources = {
            tracery.Source.REGISTRY: conformance.SOURCE_REGISTRY,
            tracery.Source.CACHE: conformance.SOURCE_CACHE,
            tracery.Source.CACHE_OFFLINE: conformance.SOURCE_CACHE_OFFLINE,
        }
        found.outcome = negotiated.outcome.value
        found.source = sources[negotiated.source]
        found.reasons.extend(negotiated.reasons)
        found.warnings.extend(re.sub(r"\(.*\); going", "(...); going", w) for w in negotiated.warnings)
        found.notes.extend(negotiated.notes)
        found.events.extend(negotiated.decoders)
    assert not script.problems, script.problems
    assert not script.exchanges, f"{len(script.exchanges)} calls too few"
    assert found == expected, f"expected {expected} but found {found}"
    assert kept.exists() == start.is_kept, f"{start.kept_name} kept: {kept.exists()}"


def test_every_negotiation_goes_as_it_must(report: Report, tmp_path: Path) -> None:
    def run(numbered: Any) -> None:
        number, case = numbered
        tracefs, cache = tmp_path / f"{number}/tracefs", tmp_path / f"{number}/cache"
        (tracefs / "events").mkdir(parents=True)
        for file in case.formats:
            path = tracefs / "events" / file.event / "format"
            path.parent.mkdir(parents=True)
            path.write_bytes(file.text)
        for event in case.unreadable:
            (tracefs / "events" / event / "format").mkdir(parents=True)
        script = Script()
        try:
            for one in case.starts:
                start(script, case, one, tracefs, cache)
        finally:
            script.server.stop(None)

    cases = read("negotiations.json", conformance.NegotiationVectors()).cases
    check(report, "negotiations", [(c.name, (i, c)) for i, c in enumerate(cases)], run)
