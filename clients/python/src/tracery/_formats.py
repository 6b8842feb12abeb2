"""Format files of a tracefs, and who a kernel is."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from .v1 import kernel_pb2

# Kernels of 2025 write 40 KiB at most.
_MAX_FORMAT_BYTES = 1 << 20
_TRACEFS = ("sys/kernel/tracing", "sys/kernel/debug/tracing")

_ID_LINE = re.compile(rb"^ID:[ \t]*(\d{1,9})?[^\n]*\n?", re.MULTILINE)
# `commit` is a local_t, a long of the kernel (kernel/trace/ring_buffer.c).
_COMMIT = re.compile(rb"\bcommit;\s*offset:\d{1,9};\s*size:([48]);")
# No event name has a blank, and `*`, `?` and `:` mean something to commands.
_EVENT = re.compile(r"(?!\.{1,2}/)[!-~]{1,255}/(?!\.{1,2}$)[!-~]{1,255}")


def layout_hash(text: bytes, kernel: kernel_pb2.KernelIdentity) -> bytes:
    """The identity of a format's layout, 32 bytes: the same for all kernels that lay the event out alike."""
    body = _ID_LINE.sub(b"", text.rstrip(b"\n\0"), count=1).rstrip(b"\n\0")
    word = 8 if kernel.word_size == kernel_pb2.WORD_SIZE_64 else 4
    order = "big" if kernel.byte_order == kernel_pb2.BYTE_ORDER_BIG_ENDIAN else "little"
    head = f"tracery-layout 1 word={word} order={order}\n".encode()
    return hashlib.sha256(head + body + b"\n").digest()


def event_id(text: bytes) -> int:
    """The number of a format's `ID:` line, which is `common_type` in its records; 0 if there is none."""
    line = _ID_LINE.search(text.rstrip(b"\n\0"))
    return int(line[1] or 0) if line else 0


def check_event(event: str) -> str:
    """`event`, if it is `system/name`; ValueError otherwise."""
    if not _EVENT.fullmatch(event) or event.count("/") != 1 or any(c in event for c in "*?:"):
        hint = f": write {event.replace(':', '/')!r}" if event.count(":") == 1 else ""
        raise ValueError(f"expected system/name but found {event!r}{hint}")
    return event


def kernel_identity(
    release: str,
    build: str,
    machine: str,
    *,
    bits: int = 64,
    order: str = "little",
    page_size: int = 4096,
) -> kernel_pb2.KernelIdentity:
    """A kernel, by what `uname -r`, `uname -v` and `uname -m` say on it."""
    words = {32: kernel_pb2.WORD_SIZE_32, 64: kernel_pb2.WORD_SIZE_64}
    orders = {
        "little": kernel_pb2.BYTE_ORDER_LITTLE_ENDIAN,
        "big": kernel_pb2.BYTE_ORDER_BIG_ENDIAN,
    }
    if bits not in words:
        raise ValueError(f"expected 32 or 64 bits but found {bits}")
    if order not in orders:
        raise ValueError(f"expected the byte order 'little' or 'big' but found {order!r}")
    return kernel_pb2.KernelIdentity(
        release=release,
        build=build,
        machine=machine,
        word_size=words[bits],
        byte_order=orders[order],
        page_size=page_size,
    )


def running_kernel(tracefs: str | os.PathLike[str] | None = None) -> kernel_pb2.KernelIdentity:
    """What the running kernel says of itself. Its tracefs tells a 32-bit Python that the kernel has 64 bits."""
    try:
        events = _running_events() if tracefs is None else _events(Path(tracefs))
    except OSError:
        events = None
    return _running_identity(events)


def _running_identity(events: Path | None, root: Path = Path("/")) -> kernel_pb2.KernelIdentity:
    uname = os.uname()
    # Why not uname alone: under `setarch linux32` it names another machine. The file is there since Linux 6.1.
    arch = _read_if_there(root / "proc/sys/kernel/arch")
    page = _read_if_there(events / "header_page") if events else None
    commit = _COMMIT.search(page or b"")
    return kernel_identity(
        uname.release,
        uname.version,
        arch.decode().strip() if arch else uname.machine,
        bits=8 * (int(commit[1]) if commit else struct.calcsize("P")),
        order=sys.byteorder,
        page_size=os.sysconf("SC_PAGE_SIZE"),
    )


def _read_if_there(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _running_events(root: Path = Path("/")) -> Path:
    for place in _TRACEFS:
        events = root / place / "events"
        if os.access(events, os.R_OK | os.X_OK, effective_ids=True):
            return events
    raise FileNotFoundError(
        f"{root / _TRACEFS[0]}/events is not there or not readable; run as root, and if there is no events folder,"
        " mount it: mount -t tracefs nodev /sys/kernel/tracing"
    )


def _events(folder: Path) -> Path:
    events = folder / "events"
    if events.is_dir():
        return events
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder of a tracefs")
    return folder


class SeenKernel(Protocol):
    """A kernel as the caller sees it."""

    identity: kernel_pb2.KernelIdentity

    def format(self, event: str) -> bytes | None:
        """The format of an event; None if it is not there."""

    def events(self) -> Iterator[str]:
        """All its events."""


class Tracefs:
    """A folder with formats. Reads only those that it is asked for."""

    def __init__(
        self,
        folder: str | os.PathLike[str] | None,
        identity: kernel_pb2.KernelIdentity | None,
    ) -> None:
        self._events = _running_events() if folder is None else _events(Path(folder))
        self.identity = identity or _running_identity(self._events)

    def format(self, event: str) -> bytes | None:
        """Reads it whole, for a tracefs file has no size."""
        file = self._events / event / "format"
        try:
            with file.open("rb") as stream:
                text = stream.read(_MAX_FORMAT_BYTES + 1)
        except FileNotFoundError:
            return None
        if len(text) > _MAX_FORMAT_BYTES:
            raise ValueError(f"{file} has more than {_MAX_FORMAT_BYTES} bytes")
        return text

    def events(self) -> Iterator[str]:
        """By their names."""
        for system in _folders(self._events):
            for event in _folders(self._events / system):
                if (self._events / system / event / "format").exists():
                    yield f"{system}/{event}"


def _folders(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir())


class FormatTexts:
    """Formats that the caller has read."""

    def __init__(self, formats: Mapping[str, bytes | str], identity: kernel_pb2.KernelIdentity | None) -> None:
        self._formats = formats
        self.identity = identity or running_kernel()

    def format(self, event: str) -> bytes | None:
        """As it was given."""
        text = self._formats.get(event)
        # Why surrogateescape: it is how Python reads bytes that are no text.
        return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text

    def events(self) -> Iterator[str]:
        """In their order."""
        return iter(self._formats)


def seen_kernel(
    tracefs: str | os.PathLike[str] | None,
    formats: Mapping[str, bytes | str] | None,
    kernel: kernel_pb2.KernelIdentity | None,
) -> SeenKernel:
    """What the arguments of a call name: the running kernel if nothing."""
    if formats is None:
        if tracefs is None and kernel is not None and kernel != running_kernel():
            raise ValueError(f"{kernel.release} is not the running kernel; give its formats, too: tracefs= or formats=")
        return Tracefs(tracefs, kernel)
    if tracefs is not None:
        raise ValueError("expected tracefs or formats, not both")
    return FormatTexts(formats, kernel)
