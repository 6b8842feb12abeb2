"""Turns a plan into one Python function, so that a record costs one `struct` call and no decisions.

The function's text is made of the plan's numbers alone; no name of an event or field is in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import Struct, unpack
from typing import Any, Protocol, TypeVar

from ._interpret import bitmask, interpret
from ._plan import (
    BITMASK,
    BOOL,
    BYTES,
    DATA_LOC,
    FIXED,
    INTEGER,
    REL_LOC,
    STRING,
    Operation,
    Plan,
    Value,
)

# Beyond this a function is not worth its compilation. No event has as many fields.
_MAX_OPERATIONS = 1000


class HasValues(Protocol):
    """What holds a record's values."""

    _values: tuple[Value, ...]


Made = TypeVar("Made", bound=HasValues)


def compile_plan(plan: Plan, numbers: Sequence[int], made: type[Made]) -> Callable[[bytes], Made]:
    """A function from a record to a `made` whose `_values` are those of the fields with these numbers."""

    def slowly(record: bytes) -> Made:
        values = interpret(plan, record)
        result = made.__new__(made)
        result._values = tuple([values.get(number) for number in numbers])
        return result

    if len(plan.operations) > _MAX_OPERATIONS:
        return slowly
    compiler = _Compiler(plan)
    compiler.names |= {"slowly": slowly, "made": made, "new": made.__new__}
    decode: Callable[[bytes], Made] = compiler.compile(numbers)
    return decode


class _Compiler:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names: dict[str, Any] = {"text": str, "unpack": unpack}

    def compile(self, numbers: Sequence[int]) -> Any:
        end = max((operation.end for operation in self.plan.operations), default=0)
        lines = [
            "def decode(record):",
            "    length = len(record)",
            f"    if length < {end}:",
            "        return slowly(record)",
        ]
        lines += [f"    {line}" for line in self.fixed_part()]
        for index, operation in enumerate(self.plan.operations):
            lines += [f"    {line}" for line in self.conversion(index, operation)]
        places = {operation.number: index for index, operation in enumerate(self.plan.operations)}
        values = "".join(f"v{places[n]}, " if n in places else "None, " for n in numbers)
        lines += ["    result = new(made)", f"    result._values = ({values})", "    return result"]
        exec("\n".join(lines), self.names)  # noqa: S102
        return self.names["decode"]

    def fixed_part(self) -> list[str]:
        """One `unpack` of everything whose place is fixed; a further one for fields that overlap."""
        lines: list[str] = []
        waiting = sorted(enumerate(self.plan.operations), key=lambda pair: pair[1].offset)
        while waiting:
            form, names, at = self.plan.order, [], 0
            overlapping = []
            for index, operation in waiting:
                code, size = self.word(operation)
                if not code:
                    continue
                if operation.offset < at:
                    overlapping.append((index, operation))
                    continue
                form += f"{operation.offset - at}x{code}"
                at = operation.offset + size
                names.append(f"v{index}")
            if names:
                reader = f"read{len(lines)}"
                self.names[reader] = Struct(form).unpack_from
                lines.append(f"{', '.join(names)}, = {reader}(record)")
            waiting = overlapping
        return lines

    def word(self, operation: Operation) -> tuple[str, int]:
        """The `struct` code of what lies at a fixed place, and its size; empty if nothing does."""
        if operation.placement in (DATA_LOC, REL_LOC):
            return ("I" if operation.size == 4 else "H"), operation.size
        if operation.placement != FIXED or operation.size == 0:
            return "", 0
        if operation.conversion in (INTEGER, BOOL):
            if operation.size < operation.element_size:
                return "", 0
            return operation.code, operation.element_size
        return f"{operation.size}s", operation.size

    def conversion(self, index: int, operation: Operation) -> list[str]:
        """Makes `v{index}`, a word so far, the field's value."""
        v = f"v{index}"
        if operation.placement == FIXED:
            if operation.conversion in (INTEGER, BOOL):
                if operation.size < operation.element_size:
                    return [f"{v} = None"]
                return self.computed(index, operation)
            if operation.size == 0:
                empty = '""' if operation.conversion == STRING else 'b""' if operation.conversion == BYTES else "[]"
                return [f"{v} = {empty}"]
            return self.converted(index, operation)
        if operation.placement not in (DATA_LOC, REL_LOC):
            return [f"{v} = record[{operation.offset}:]", *self.converted(index, operation)]
        base = f" + {operation.end}" if operation.placement == REL_LOC else ""
        stop = "length" if operation.size == 2 else f"start + ({v} >> 16)"
        lines = [
            f"start = ({v} & 0xffff){base}",
            f"stop = {stop}",
            "if start <= stop <= length:",
            f"    {v} = record[start:stop]",
        ]
        lines += [f"    {line}" for line in self.converted(index, operation)]
        return [*lines, "else:", f"    {v} = None"]

    def converted(self, index: int, operation: Operation) -> list[str]:
        """Makes `v{index}`, bytes so far, the field's value."""
        v = f"v{index}"
        size = operation.element_size
        if operation.conversion == STRING:
            return [f'{v} = text({v}.partition(b"\\0")[0], "utf-8", "replace")']
        if operation.conversion == BYTES:
            return []
        if operation.conversion == BITMASK:
            self.names["bitmask"] = bitmask
            return [f"{v} = bitmask({v}, {size}, {self.plan.big_endian})"]
        if operation.conversion in (INTEGER, BOOL):
            reader = f"integer{index}"
            self.names[reader] = Struct(self.plan.order + operation.code).unpack_from
            lines = [f"    {v}, = {reader}({v})"]
            lines += [f"    {line}" for line in self.computed(index, operation)]
            return [f"if len({v}) >= {size}:", *lines, "else:", f"    {v} = None"]
        return [
            f"count = len({v}) // {size}",
            f'{v} = list(unpack(f"{self.plan.order}{{count}}{operation.code}", {v}[:count * {size}]))',
        ]

    def computed(self, index: int, operation: Operation) -> list[str]:
        """Makes `v{index}`, an integer so far, the field's value."""
        v = f"v{index}"
        if operation.conversion == BOOL:
            return [f"{v} = {v} != 0"]
        if operation.arithmetic is None:
            return []
        self.names[f"compute{index}"] = operation.arithmetic.apply
        return [f"{v} = compute{index}({v}, {operation.signed})"]
