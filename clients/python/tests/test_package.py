from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import CLIENTS, HERE

import tracery

FOLDER = HERE.parent
BUILD = "import sys, setuptools.build_meta as backend; print(getattr(backend, sys.argv[1])(sys.argv[2]))"


def build(kind: str, source: Path, out: Path) -> Path:
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", BUILD, f"build_{kind}", str(out)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (made,) = out.iterdir()
    return made


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("sdist")
    return build("sdist", FOLDER, folder / "out")


def test_an_sdist_builds_without_the_repository_and_its_wheel_is_typed_and_runs(sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        assert not [name for name in archive.getnames() if name.endswith(("_pb2.py", "_pb2.pyi"))]
        archive.extractall(tmp_path, filter="data")
    wheel = build("wheel", tmp_path / "tracery-0.1.0", tmp_path / "out")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    protos = sorted((CLIENTS.parent / "registry-api/src/main/protobuf/tracery/v1").glob("*.proto"))
    for suffix in (".py", ".pyi"):
        assert {f"tracery/v1/{proto.stem}_pb2{suffix}" for proto in protos} <= names
    assert {"tracery/py.typed", "tracery/_status_pb2.py"} <= names
    assert not [name for name in names if not name.startswith(("tracery/", "tracery-0.1.0.dist-info/"))]
    code = "import tracery; print(tracery.__file__, tracery.require('a/b').any_of[0].event)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{tmp_path}/installed/tracery/__init__.py a/b\n"


def test_a_broken_source_says_where_the_protocol_is_missing(sdist: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    shutil.rmtree(tmp_path / "tracery-0.1.0/protos")
    with pytest.raises(AssertionError, match=r"protos/tracery/v1 is missing: build from the repository or an sdist"):
        build("wheel", tmp_path / "tracery-0.1.0", tmp_path / "out")


def test_grpc_and_protobuf_are_all_that_it_needs() -> None:
    text = (FOLDER / "pyproject.toml").read_text()
    listed = re.search(r"^dependencies = \[(.*)]$", text, re.MULTILINE)
    assert listed
    assert re.findall(r'"([a-z]+)', listed[1]) == ["grpcio", "protobuf"]


def test_the_versions_of_the_tools_are_exact_and_name_no_registry() -> None:
    lines = [line for line in (FOLDER / "requirements-dev.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z_-]+==[0-9.]+", line)] == []
    pinned = re.search(r"grpcio-tools==[0-9.]+", (FOLDER / "pyproject.toml").read_text())
    assert pinned
    assert pinned[0] in lines


def public(value: Any) -> Any:
    for name, member in vars(value).items():
        if not name.startswith("_") and (callable(member) or isinstance(member, property)):
            yield name, member


def test_everything_public_is_documented() -> None:
    undocumented = []
    for name in tracery.__all__:
        value = getattr(tracery, name)
        if not value.__doc__:
            undocumented.append(name)
        if isinstance(value, type):
            undocumented += [f"{name}.{m}" for m, member in public(value) if not member.__doc__]
    assert undocumented == []
