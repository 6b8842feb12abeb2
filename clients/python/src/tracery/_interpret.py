"""Runs a plan operation by operation: what is meant, slowly. Short records go this way, and tests compare with it."""

from __future__ import annotations

from ._plan import (
    BITMASK,
    BOOL,
    BYTES,
    FIXED,
    INTEGER,
    REL_LOC,
    REST,
    STRING,
    Operation,
    Plan,
    Value,
)


def interpret(plan: Plan, record: bytes) -> dict[int, Value]:
    """The value of each operation's field, by its number; None where there is none."""
    return {operation.number: _value(operation, record, plan.big_endian) for operation in plan.operations}


def _value(operation: Operation, record: bytes, big_endian: bool) -> Value:
    data = _locate(operation, record, big_endian)
    return None if data is None else convert(operation, data, big_endian)


def _locate(operation: Operation, record: bytes, big_endian: bool) -> bytes | None:
    if operation.end > len(record):
        return None
    if operation.placement == FIXED:
        return record[operation.offset : operation.end]
    if operation.placement == REST:
        return record[operation.offset :]
    word = _integer(record[operation.offset : operation.end], False, big_endian)
    start = (word & 0xFFFF) + (operation.end if operation.placement == REL_LOC else 0)
    end = len(record) if operation.size == 2 else start + (word >> 16)
    return record[start:end] if start <= end <= len(record) else None


def convert(operation: Operation, data: bytes, big_endian: bool) -> Value:
    """What is made of the bytes of a field."""
    size = operation.element_size
    if operation.conversion == STRING:
        return str(data.partition(b"\0")[0], "utf-8", "replace")
    if operation.conversion == BYTES:
        return data
    if operation.conversion == BITMASK:
        return bitmask(data, size, big_endian)
    if operation.conversion in (INTEGER, BOOL):
        if len(data) < size:
            return None
        if operation.conversion == BOOL:
            return any(data[:size])
        value = _integer(data[:size], operation.signed, big_endian)
        arithmetic = operation.arithmetic
        return arithmetic.apply(value, operation.signed) if arithmetic else value
    return [_integer(data[at : at + size], operation.signed, big_endian) for at in range(0, len(data) - size + 1, size)]


def bitmask(data: bytes, size: int, big_endian: bool) -> list[int]:
    """64-bit words, lowest first, of words of `size` bytes."""
    words = [_integer(data[at : at + size], False, big_endian) for at in range(0, len(data) - size + 1, size)]
    each = 8 // size
    return [
        sum(word << (8 * size * place) for place, word in enumerate(words[at : at + each]))
        for at in range(0, len(words), each)
    ]


def _integer(data: bytes, signed: bool, big_endian: bool) -> int:
    return int.from_bytes(data, "big" if big_endian else "little", signed=signed)
