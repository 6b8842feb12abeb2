"""Decode plans that were found to be ones: what the compiler and the interpreter of this package run."""

from __future__ import annotations

from typing import NamedTuple

from ._errors import PlanError
from .v1 import decode_pb2, kernel_pb2

# No sub-buffer of the ring buffer is larger (RB_WRITE_MASK, kernel/trace/ring_buffer.c).
MAX_OFFSET = 1 << 20
MAX_FIELD_NUMBER = (1 << 29) - 1
BITS_64 = (1 << 64) - 1

FIXED = decode_pb2.PLACEMENT_FIXED
DATA_LOC = decode_pb2.PLACEMENT_DATA_LOC
REL_LOC = decode_pb2.PLACEMENT_REL_LOC
REST = decode_pb2.PLACEMENT_REST

INTEGER = decode_pb2.CONVERSION_INTEGER
BOOL = decode_pb2.CONVERSION_BOOL
STRING = decode_pb2.CONVERSION_STRING
BYTES = decode_pb2.CONVERSION_BYTES
INTEGERS = decode_pb2.CONVERSION_INTEGERS
BITMASK = decode_pb2.CONVERSION_BITMASK

Value = int | bool | str | bytes | list[int] | None

_UNSIGNED = {1: "B", 2: "H", 4: "I", 8: "Q"}


class Arithmetic(NamedTuple):
    """`((value >> shift_right) & mask) * multiply / divide + add`, without the parts that are 0."""

    shift_right: int
    mask: int
    multiply: int
    divide: int
    add: int

    def apply(self, value: int, signed: bool) -> int:
        """In 64 bits that wrap."""
        value >>= self.shift_right  # Of an unsigned value there is no sign to extend.
        if self.mask:
            value = wrap(value & self.mask, signed)
        if self.multiply:
            value = wrap(value * self.multiply, signed)
        if self.divide:
            divisor = self.divide if signed else self.divide & BITS_64
            # Why not //: it rounds down, and C towards zero.
            quotient = abs(value) // abs(divisor)
            value = wrap(quotient if (value < 0) == (divisor < 0) else -quotient, signed)
        return wrap(value + self.add, signed)


def wrap(value: int, signed: bool) -> int:
    """The lowest 64 bits."""
    value &= BITS_64
    return value - (1 << 64) if signed and value >> 63 else value


class Operation(NamedTuple):
    """Fills one field. The words are those of `decode.proto`."""

    number: int
    placement: int
    conversion: int
    offset: int
    size: int
    element_size: int
    signed: bool
    arithmetic: Arithmetic | None

    @property
    def end(self) -> int:
        """What must be in the record so that there can be a value."""
        return self.offset + self.size

    @property
    def code(self) -> str:
        """The `struct` code of one integer."""
        code = _UNSIGNED[self.element_size]
        return code.lower() if self.signed and self.conversion in (INTEGER, INTEGERS) else code


class Plan(NamedTuple):
    """A plan's operations, in the order of their fields' numbers."""

    event: str
    big_endian: bool
    word_bits: int
    operations: tuple[Operation, ...]

    @property
    def order(self) -> str:
        """The byte order as `struct` writes it."""
        return ">" if self.big_endian else "<"


def read_plan(plan: decode_pb2.DecodePlan) -> Plan:
    """Checks a plan. Raises PlanError."""
    if plan.byte_order not in (
        kernel_pb2.BYTE_ORDER_LITTLE_ENDIAN,
        kernel_pb2.BYTE_ORDER_BIG_ENDIAN,
    ):
        raise PlanError(f"the plan of {plan.event} has the unknown byte order {plan.byte_order}")
    if plan.word_size not in (kernel_pb2.WORD_SIZE_32, kernel_pb2.WORD_SIZE_64):
        raise PlanError(f"the plan of {plan.event} has the unknown word size {plan.word_size}")
    operations: dict[int, Operation] = {}
    for index, wire in enumerate(plan.operations):
        problem = _problem(wire)
        if not problem and wire.field_number in operations:
            problem = "another operation fills the same field"
        if problem:
            raise PlanError(f"the plan of {plan.event}: operation {index} (field {wire.field_number}): {problem}")
        operations[wire.field_number] = _operation(wire)
    return Plan(
        event=plan.event,
        big_endian=plan.byte_order == kernel_pb2.BYTE_ORDER_BIG_ENDIAN,
        word_bits=64 if plan.word_size == kernel_pb2.WORD_SIZE_64 else 32,
        operations=tuple(operations[number] for number in sorted(operations)),
    )


def _problem(wire: decode_pb2.DecodeOperation) -> str:
    if not 1 <= wire.field_number <= MAX_FIELD_NUMBER:
        return f"expected a field number from 1 to {MAX_FIELD_NUMBER}"
    if wire.placement not in (FIXED, DATA_LOC, REL_LOC, REST):
        return f"unknown placement {wire.placement}"
    if wire.conversion not in (INTEGER, BOOL, STRING, BYTES, INTEGERS, BITMASK):
        return f"unknown conversion {wire.conversion}"
    if wire.offset > MAX_OFFSET or wire.size > MAX_OFFSET:
        return f"offset {wire.offset}, size {wire.size}: no record has more than {MAX_OFFSET} bytes"
    if wire.placement in (DATA_LOC, REL_LOC) and wire.size not in (2, 4):
        return f"expected a location word of 2 or 4 bytes but found {wire.size}"
    if wire.conversion not in (STRING, BYTES) and wire.element_size not in _UNSIGNED:
        return f"expected integers of 1, 2, 4 or 8 bytes but found {wire.element_size}"
    if wire.arithmetic.shift_right > 63:
        return f"a shift by {wire.arithmetic.shift_right} bits; 63 at most"
    return ""


def _operation(wire: decode_pb2.DecodeOperation) -> Operation:
    arithmetic = None
    if wire.conversion == INTEGER and wire.HasField("arithmetic"):
        sent = wire.arithmetic
        arithmetic = Arithmetic(sent.shift_right, sent.mask, sent.multiply, sent.divide, sent.add)
    return Operation(
        number=wire.field_number,
        placement=wire.placement,
        conversion=wire.conversion,
        offset=wire.offset,
        size=wire.size,
        element_size=wire.element_size,
        signed=wire.signed,
        arithmetic=arithmetic,
    )
