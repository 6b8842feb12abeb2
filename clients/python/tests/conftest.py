"""What several tests need: the conformance data, a report of it, and the servers of the integration tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CLIENTS = HERE.parent.parent
TARGET = HERE.parent / "target"


def _generate_conformance() -> None:
    import grpc_tools
    from grpc_tools import protoc

    out = TARGET / "conformance"
    out.mkdir(parents=True, exist_ok=True)
    protos = CLIENTS.parent / "registry-api/src/main/protobuf"
    source = CLIENTS / "conformance/conformance.proto"
    if not source.exists():
        pytest.exit("the conformance suite is in the repository: run the tests there", 1)
    arguments = [
        f"-I{source.parent}",
        f"-I{protos}",
        f"-I{Path(grpc_tools.__file__).parent / '_proto'}",
        f"--python_out={out}",
        str(source),
    ]
    if protoc.main(["protoc", *arguments]) != 0:
        pytest.exit("protoc failed on conformance.proto", 1)
    sys.path.insert(0, str(out))


_generate_conformance()


class Report:
    """How many cases there were and how many passed."""

    def __init__(self) -> None:
        self.counts: dict[str, list[int]] = {name: [0, 0] for name in ("layouts", "plans", "records", "negotiations")}

    def case(self, name: str, passed: bool) -> None:
        self.counts[name][0] += 1
        self.counts[name][1] += passed


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    report = Report()
    yield report
    file = os.environ.get("TRACERY_CONFORMANCE_REPORT")
    if file:
        lines = (f"{name}\t{cases}\t{ok}\n" for name, (cases, ok) in report.counts.items())
        Path(file).write_text("".join(lines))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the cache of who runs it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg-cache"))
    monkeypatch.delenv("TRACERY_SERVER", raising=False)
