"""Raw records of one event as values, and as the event's message."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from ._compile import compile_plan
from ._errors import PlanError
from ._plan import INTEGER, Operation, read_plan
from ._symbols import Symbols, SymbolTable
from ._wire import writer
from .v1 import decode_pb2, options_pb2

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto
    from google.protobuf.message import Message

# Why Any: the generated stub says Never.
_EVENT_FIELD: Any = options_pb2.event_field

_OWN = {"_decoder", "_places", "_values"}

Buffer = bytes | bytearray | memoryview


class Field(NamedTuple):
    """A field of an event."""

    name: str
    """The kernel's name."""
    occurrence: int
    """Which of the event's fields of that name, from 0. The first is the one that the name means."""
    number: int
    """The number in the event's message."""
    c_type: str
    """The C declaration's type: `char[16]`."""
    filled: bool
    """Whether records of this kernel have it."""


class Record(Mapping[str, Any]):
    """The values of one record.

    It is a mapping from the kernel's field names to those fields that have a value. Each field is an attribute, too,
    which is None where there is no value: the record is too short, a location points outside of it, or this kernel does
    not have the field. A field whose name is no Python name, or that of a method here, is found by `record["name"]`
    alone. Of several fields of one name the second is `record["name", 1]`.

    Integers are `int`, strings `str`, byte arrays `bytes`, and arrays and bitmasks `list[int]`.
    """

    __slots__ = ("_values",)
    _decoder: ClassVar[Decoder]
    _places: ClassVar[dict[str | tuple[str, int], int]]
    _values: tuple[Any, ...]

    def __getitem__(self, field: str | tuple[str, int]) -> Any:
        value = self._values[self._places[field]]
        if value is None:
            raise KeyError(field)
        return value

    def __iter__(self) -> Iterator[str]:
        values = self._values
        return (name for name, place in self._places.items() if isinstance(name, str) and values[place] is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.items())
        return f"{type(self).__name__}({fields})"

    def names(self, field: str | tuple[str, int]) -> tuple[str, ...]:
        """The names that the kernel's print format has for the field's value: its flags, or its one name.

        Empty if there are none, or no value. Raises KeyError if the event has no such field.
        """
        tables = self.symbols(field)
        if len(tables) == 1:
            return tables[0].names
        return tuple(dict.fromkeys(name for table in tables for name in table.names))

    def symbols(self, field: str | tuple[str, int]) -> tuple[Symbols, ...]:
        """What each of the field's symbol tables says of its value, with what no name stands for."""
        place = self._places[field]
        value = self._values[place]
        if not isinstance(value, int):
            return ()
        return tuple([table.look_up(value) for table in self._decoder._symbol_tables(place)])

    if TYPE_CHECKING:

        def __getattr__(self, field: str) -> Any: ...


class Decoder:
    """Decodes raw records of one event on one kernel. Any number of threads may use it."""

    def __init__(self, plan: decode_pb2.DecodePlan, file: FileDescriptorProto, message_name: str) -> None:
        """A decoder of what the registry answers: a plan, and the message's file and full name.

        Raises PlanError if the plan is not as `decode.proto` says, or `file` does not have the message.
        """
        self._plan = read_plan(plan)
        self._file = file
        self.event: str = plan.event
        """The event, `system/name`."""
        self.message_name: str = message_name
        """The full name of the event's message: `linux.sched.SchedSwitch`."""
        self._message_class: type[Message] | None = None
        operations = {operation.number: operation for operation in self._plan.operations}
        declared = sorted(_message(file, message_name).field, key=lambda field: field.number)
        self._options: list[options_pb2.EventFieldOptions] = [
            field.options.Extensions[_EVENT_FIELD] for field in declared
        ]
        self.fields: tuple[Field, ...] = tuple(
            Field(
                options.name or field.name,
                options.occurrence,
                field.number,
                options.c_type,
                field.number in operations,
            )
            for field, options in zip(declared, self._options, strict=True)
        )
        """The fields of the event's message, in the order of their numbers."""
        numbers = [field.number for field in self.fields]
        # Fields that the message does not declare have no name, but they are in the message's bytes.
        numbers += operations.keys() - set(numbers)
        self._operations: list[Operation | None] = [operations.get(number) for number in numbers]
        self._tables: dict[int, list[SymbolTable]] = {}
        self._record_class = self._make_record_class()
        self._decode = compile_plan(self._plan, numbers, self._record_class)
        places = {number: place for place, number in enumerate(numbers)}
        self._writers = [(places[each.number], writer(each)) for each in self._plan.operations]

    def decode(self, record: Buffer) -> Record:
        """The values of a raw record, which begins with `common_type`. A damaged one has fewer values."""
        if record.__class__ is not bytes:
            record = bytes(memoryview(record))
        return self._decode(record)

    def message_bytes(self, record: Buffer) -> bytes:
        """The event's message of a raw record, serialized."""
        values = self.decode(record)._values
        return b"".join([write(values[place]) for place, write in self._writers if values[place]])

    def message(self, record: Buffer) -> Message:
        """The event's message of a raw record, of a class that protobuf makes of the registry's descriptor."""
        if self._message_class is None:
            from ._messages import message_class

            self._message_class = message_class(self._file, self.message_name)
        return self._message_class.FromString(self.message_bytes(record))

    def __repr__(self) -> str:
        return f"<Decoder of {self.event}>"

    def _symbol_tables(self, place: int) -> list[SymbolTable]:
        tables = self._tables.get(place)
        if tables is None:
            operation = self._operations[place]
            if operation is None or operation.conversion != INTEGER:
                tables = []
            else:
                # The kernel compares in its long, or in 64 bits.
                bits = 64 if operation.element_size == 8 else self._plan.word_bits
                tables = [SymbolTable(table, bits) for table in self._options[place].symbols]
            self._tables[place] = tables
        return tables

    def _make_record_class(self) -> type[Record]:
        places: dict[str | tuple[str, int], int] = {}
        for place, field in sorted(enumerate(self.fields), key=lambda pair: pair[1].occurrence):
            places.setdefault(field.name, place)
            places.setdefault((field.name, field.occurrence), place)
        members: dict[str, Any] = {"__slots__": (), "_decoder": self, "_places": places}
        for name, place in places.items():
            if isinstance(name, str) and _is_attribute(name):
                members[name] = _attribute(place)
        name = self.message_name.rpartition(".")[2]
        return type(name if name.isidentifier() else "Event", (Record,), members)


def _attribute(place: int) -> property:
    return property(lambda record: record._values[place])


def _is_attribute(name: str) -> bool:
    # Why no __names__: Python calls some of them, __del__ for one.
    is_python_s = name.startswith("__") and name.endswith("__")
    is_taken = name in _OWN or hasattr(Record, name) or keyword.iskeyword(name)
    return name.isidentifier() and not is_python_s and not is_taken


def _message(file: FileDescriptorProto, full_name: str) -> DescriptorProto:
    prefix = f"{file.package}." if file.package else ""
    for message in file.message_type:
        if prefix + message.name == full_name:
            return message
    raise PlanError(f"{file.name or 'the descriptor'} has no message {full_name}")
