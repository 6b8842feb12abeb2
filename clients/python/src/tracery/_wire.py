"""Writes values as the event's message has them on the wire."""

from __future__ import annotations

from collections.abc import Callable

from ._plan import BITS_64, BOOL, BYTES, INTEGER, STRING, Operation, Value


def varint(value: int) -> bytes:
    """64 bits in groups of 7, lowest first; negative numbers in two's complement."""
    value &= BITS_64
    if value < 0x80:
        return _SMALL[value]
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


_SMALL = [bytes((value,)) for value in range(0x80)]


def writer(operation: Operation) -> Callable[[Value], bytes]:
    """What writes a value that is not 0, false or empty, tag included."""
    if operation.conversion in (INTEGER, BOOL):
        tag = varint(operation.number << 3)
        return lambda value: tag + varint(int(value))  # type: ignore[arg-type]
    tag = varint(operation.number << 3 | 2)
    if operation.conversion == STRING:

        def write_text(value: Value) -> bytes:
            data = str(value).encode()
            return tag + varint(len(data)) + data

        return write_text

    def write_bytes(value: Value) -> bytes:
        data = value if operation.conversion == BYTES else b"".join(map(varint, value))  # type: ignore[arg-type]
        return tag + varint(len(data)) + data  # type: ignore[arg-type, operator]

    return write_bytes
