"""Generates what `tracery` has of the registry's protocol, in place, whenever it is built."""

from __future__ import annotations

import os
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).parent
SOURCES = HERE / "src"
# In the repository the protocol is beside the server; an sdist has a copy.
REPOSITORY_PROTOS = HERE / "../../registry-api/src/main/protobuf"
SDIST_PROTOS = HERE / "protos"


def find_protos() -> Path:
    """The folder that has `tracery/v1/*.proto`."""
    for folder in (REPOSITORY_PROTOS, SDIST_PROTOS):
        if (folder / "tracery/v1").is_dir():
            return folder
    raise SystemExit(f"{SDIST_PROTOS}/tracery/v1 is missing: build from the repository or an sdist")


def generate() -> None:
    """Runs protoc."""
    import grpc_tools
    from grpc_tools import protoc

    protos = find_protos()
    files = [*sorted(protos.glob("tracery/v1/*.proto")), SOURCES / "tracery/_status.proto"]
    arguments = [
        "protoc",
        f"-I{protos}",
        f"-I{SOURCES}",
        f"-I{Path(grpc_tools.__file__).parent / '_proto'}",
        f"--python_out={SOURCES}",
        f"--pyi_out={SOURCES}",
        *map(str, files),
    ]
    if protoc.main(arguments) != 0:
        raise SystemExit("protoc failed: " + " ".join(arguments))


class BuildWithProtos(build_py):
    """Generates, then collects the package."""

    def run(self) -> None:
        """Also for an editable install."""
        generate()
        super().run()


class SdistWithProtos(sdist):
    """Adds the protocol, from which whoever builds the sdist generates."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        """Copies it to `protos/`."""
        super().make_release_tree(base_dir, files)
        protos = find_protos()
        for proto in sorted(protos.glob("tracery/v1/*.proto")):
            copy = Path(base_dir, "protos", proto.relative_to(protos))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(proto.read_bytes())


if __name__ == "__main__":
    os.chdir(HERE)
    setup(cmdclass={"build_py": BuildWithProtos, "sdist": SdistWithProtos})
