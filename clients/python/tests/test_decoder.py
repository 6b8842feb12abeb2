from __future__ import annotations

import random
from typing import Any

import pytest
from events import BIG, EVENT_FIELD, LITTLE, P, decoder, file_of, operation, plan
from google.protobuf.message import Message

import tracery
from tracery._interpret import interpret
from tracery._plan import Arithmetic, read_plan
from tracery.v1 import kernel_pb2, options_pb2

PID = operation(1, P.CONVERSION_INTEGER, 4, 4, signed=True)
COMM = operation(2, P.CONVERSION_STRING, 8, 8)
DATA = operation(3, P.CONVERSION_BYTES, 16, 4, placement=P.PLACEMENT_DATA_LOC)
NAMES = {1: "pid", 2: "comm", 3: "data"}
RECORD = b"\1\0\0\0\xfe\xff\xff\xffbash\0xyz" + (22 | 3 << 16).to_bytes(4, "little") + b"..abc"


def test_a_record_has_its_values_as_attributes_and_as_a_mapping() -> None:
    record = decoder(plan(PID, COMM, DATA), NAMES).decode(RECORD)
    assert (record.pid, record.comm, record.data) == (-2, "bash", b"abc")
    assert dict(record) == {"pid": -2, "comm": "bash", "data": b"abc"}
    assert record["pid"] == record["pid", 0] == -2
    assert list(record) == ["pid", "comm", "data"]
    assert len(record) == 3
    assert repr(record) == "Event(pid=-2, comm='bash', data=b'abc')"


def test_a_short_record_has_fewer_values_and_not_zeros() -> None:
    record = decoder(plan(PID, COMM, DATA), NAMES).decode(RECORD[:12])
    assert dict(record) == {"pid": -2}
    assert record.comm is None
    assert "comm" not in record
    with pytest.raises(KeyError, match="comm"):
        record["comm"]


def test_a_name_that_the_event_does_not_have_is_an_error() -> None:
    record = decoder(plan(PID), NAMES).decode(RECORD)
    with pytest.raises(AttributeError):
        record.ppid  # noqa: B018
    with pytest.raises(KeyError):
        record["ppid"]
    with pytest.raises(KeyError):
        record.names("ppid")


@pytest.mark.parametrize(
    "name", ["keys", "names", "get", "class", "_values", "_decoder", "__del__", "__getattr__", "sched flags", "a\0", ""]
)
def test_a_field_whose_name_is_taken_is_found_as_an_item(name: str) -> None:
    record = decoder(plan(PID), {1: name}).decode(RECORD)
    name = name or "p1"  # A field without a kernel's name has the message's.
    assert record[name] == -2
    assert list(record.keys()) == [name]
    assert record.names(name) == ()
    assert not hasattr(record, "gone")


def test_of_two_fields_of_one_name_the_first_is_meant() -> None:
    made = plan(PID, operation(2, P.CONVERSION_INTEGER, 0, 1))
    file = file_of(made, {1: "x", 2: "x"})
    file.message_type[0].field[0].options.Extensions[EVENT_FIELD].occurrence = 1
    record = tracery.Decoder(made, file, "test.Event").decode(RECORD)
    assert (record.x, record["x"], record["x", 0], record["x", 1]) == (1, 1, 1, -2)
    assert [(f.name, f.occurrence) for f in record._decoder.fields] == [("x", 1), ("x", 0)]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, lambda raw: memoryview(b"++" + raw)[2:]])
def test_every_buffer_of_bytes_is_a_record(kind: Any) -> None:
    assert decoder(plan(PID, COMM, DATA), NAMES).decode(kind(RECORD)).data == b"abc"


def test_what_is_no_buffer_is_an_error() -> None:
    with pytest.raises(TypeError):
        decoder(plan(PID), NAMES).decode(5)  # type: ignore[arg-type]


def test_a_field_that_the_message_does_not_declare_is_in_its_bytes_alone() -> None:
    made = plan(PID, COMM)
    file = file_of(made, NAMES)
    del file.message_type[0].field[0]
    event = tracery.Decoder(made, file, "test.Event")
    assert dict(event.decode(RECORD)) == {"comm": "bash"}
    assert event.message_bytes(RECORD) == decoder(made).message_bytes(RECORD)


def test_a_field_that_the_plan_does_not_fill_has_no_value() -> None:
    file = file_of(plan(PID, COMM), NAMES)
    event = tracery.Decoder(plan(PID), file, "test.Event")
    assert event.decode(RECORD).comm is None
    assert [field.filled for field in event.fields] == [True, False]
    assert event.decode(RECORD).names("comm") == ()


def test_a_descriptor_without_the_message_is_refused() -> None:
    with pytest.raises(tracery.PlanError, match=r"test/event\.proto has no message test\.Other"):
        tracery.Decoder(plan(PID), file_of(plan(PID)), "test.Other")


def test_a_descriptor_that_does_not_link_is_refused_when_a_message_is_wanted() -> None:
    file = file_of(plan(PID))
    file.dependency.append("not/there.proto")
    event = tracery.Decoder(plan(PID), file, "test.Event")
    with pytest.raises(tracery.PlanError, match=r"the descriptor of test\.Event does not link"):
        event.message(RECORD)


def test_two_versions_of_a_message_live_in_one_process() -> None:
    first = decoder(plan(PID), NAMES).message(RECORD)
    second = decoder(plan(PID, COMM), NAMES).message(RECORD)
    assert not hasattr(first, "p2")
    assert second.p2 == "bash"  # type: ignore[attr-defined]


def test_a_refusal_says_which_operation_and_why() -> None:
    wrong = operation(2, P.CONVERSION_INTEGER, 0, 4, element_size=3)
    with pytest.raises(tracery.PlanError) as caught:
        decoder(plan(PID, wrong))
    assert str(caught.value) == (
        "the plan of test/event: operation 1 (field 2): expected integers of 1, 2, 4 or 8 bytes but found 3"
    )


def symbols(match: Any, mask: int, *pairs: tuple[int, str], shift: int = 0) -> Any:
    entries = [options_pb2.Symbol(value=value, name=name) for value, name in pairs]
    return options_pb2.SymbolTable(match=match, mask=mask, shift=shift, symbols=entries)


def names_of(table: Any, value: int, size: int, word: Any, *, signed: bool = True) -> tuple[Any, Any]:
    made = plan(operation(1, P.CONVERSION_INTEGER, 0, size, signed=signed), word_size=word)
    file = file_of(made, NAMES)
    file.message_type[0].field[0].options.Extensions[EVENT_FIELD].symbols.append(table)
    record = tracery.Decoder(made, file, "test.Event").decode(value.to_bytes(size, "little", signed=value < 0))
    (told,) = record.symbols("pid")
    assert record.names("pid") == told.names
    return told.names, told.rest


FLAGS, VALUE = options_pb2.SYMBOL_MATCH_FLAGS, options_pb2.SYMBOL_MATCH_VALUE
W32, W64 = kernel_pb2.WORD_SIZE_32, kernel_pb2.WORD_SIZE_64
ALL = 2**64 - 1


@pytest.mark.parametrize(
    ("table", "value", "size", "word", "expected"),
    [
        (symbols(FLAGS, 0xFF, (1, "S"), (2, "D")), 3 | 0x100, 8, W64, (("S", "D"), 0)),
        (symbols(FLAGS, ALL, (3, "SD"), (1, "S"), (2, "D")), 7, 4, W64, (("SD",), 4)),
        (symbols(FLAGS, ALL, (0, "none"), (1, "S")), 1, 4, W64, (("none", "S"), 0)),
        (symbols(FLAGS, ALL, (0, "none")), 0, 4, W64, ((), 0)),
        (symbols(VALUE, ALL, (-1, "error"), (-1, "second")), -1, 4, W32, (("error",), 0)),
        (symbols(VALUE, ALL, (5, "five")), 6, 4, W64, ((), 6)),
        (symbols(VALUE, ALL, (-1, "error")), -1, 8, W32, (("error",), 0)),
        (symbols(VALUE, ALL), -2, 4, W32, ((), 2**32 - 2)),
        (symbols(VALUE, ALL), -2, 4, W64, ((), 2**64 - 2)),
        (symbols(VALUE, 0, (0, "zero")), 0, 4, W64, ((), 0)),
        (symbols(VALUE, ALL, (-1, "all"), shift=4), -16, 4, W64, (("all",), 0)),
    ],
)
def test_symbols_are_found_as_the_kernel_does(table: Any, value: int, size: int, word: Any, expected: Any) -> None:
    assert names_of(table, value, size, word) == expected


@pytest.mark.parametrize(
    ("arithmetic", "signed", "value", "expected"),
    [
        (Arithmetic(63, 0, 0, 0, 0), False, 2**63, 1),
        (Arithmetic(63, 0, 0, 0, 0), True, -1, -1),
        (Arithmetic(0, 2**63, 0, 0, 0), True, -1, -(2**63)),
        (Arithmetic(0, 0, 0, 2, 0), True, -7, -3),
        (Arithmetic(0, 0, 0, -2, 0), True, -7, 3),
        (Arithmetic(0, 0, 0, -1, 0), True, -(2**63), -(2**63)),
        (Arithmetic(0, 0, 0, -1, 0), False, 2**64 - 1, 1),
        (Arithmetic(0, 0, 2, 0, 0), True, 2**62, -(2**63)),
        (Arithmetic(0, 0, -1, 0, 0), False, 1, 2**64 - 1),
        (Arithmetic(0, 0, 0, 0, -1), False, 0, 2**64 - 1),
        (Arithmetic(4, 0xF, 1000, 3, 7), False, 0x57, 5 * 1000 // 3 + 7),
    ],
)
def test_arithmetic_is_that_of_64_bits(arithmetic: Arithmetic, signed: bool, value: int, expected: int) -> None:
    assert arithmetic.apply(value, signed) == expected


def random_operation(numbers: random.Random, number: int) -> Any:
    conversion = numbers.choice(list(P.Conversion.values())[1:])
    placement = numbers.choice(list(P.Placement.values())[1:])
    located = placement in (P.PLACEMENT_DATA_LOC, P.PLACEMENT_REL_LOC)
    element = numbers.choice([1, 2, 4, 8])
    size = numbers.choice([2, 4]) if located else numbers.choice([0, 1, 2, 3, 4, 8, 13, 16, 24])
    if placement == P.PLACEMENT_FIXED and conversion in (P.CONVERSION_INTEGER, P.CONVERSION_BOOL):
        size = numbers.choice([size, element])
    made = operation(
        number,
        conversion,
        numbers.randrange(48),
        size,
        placement=placement,
        element_size=element,
        signed=numbers.random() < 0.5,
    )
    if conversion == P.CONVERSION_INTEGER and numbers.random() < 0.3:
        made.arithmetic.shift_right = numbers.choice([0, 1, 31, 63])
        made.arithmetic.mask = numbers.choice([0, 0xFF, ALL, numbers.getrandbits(64)])
        for part in ("multiply", "divide", "add"):
            value = numbers.choice([0, 1, -1, 1000, numbers.getrandbits(63), -numbers.getrandbits(63)])
            setattr(made.arithmetic, part, value)
    return made


def random_record(numbers: random.Random, order: str) -> bytes:
    record = bytearray(numbers.randbytes(numbers.randrange(80)))
    for at in range(0, len(record) - 3, numbers.choice([1, 2, 4, 7])):
        if numbers.random() < 0.3:  # A location that may well be good.
            word = numbers.randrange(len(record) + 2) | numbers.randrange(12) << 16
            record[at : at + 4] = word.to_bytes(4, order)  # type: ignore[arg-type]
        elif numbers.random() < 0.2:
            record[at : at + 4] = numbers.choice([b"abc\0", "ö€".encode()[:4], b"\0\0\0\0"])
    return bytes(record)


def values_of(message: Message, values: dict[int, Any]) -> dict[int, Any]:
    """What protobuf reads, for the fields that have a value."""
    read = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        read[field.number] = list(value) if isinstance(values.get(field.number), list) else value
    return {number: read[number] for number, value in values.items() if value is not None}


@pytest.mark.parametrize("seed", range(150))
def test_compiled_plans_the_interpreter_and_protobuf_agree_on_random_plans_and_records(seed: int) -> None:
    numbers = random.Random(seed)
    order = numbers.choice([LITTLE, BIG])
    made = plan(*(random_operation(numbers, n) for n in range(1, numbers.randrange(2, 9))), order=order)
    event, read = decoder(made), read_plan(made)
    for _ in range(60):
        raw = random_record(numbers, "little" if order == LITTLE else "big")
        expected = interpret(read, raw)
        values = {field.number: getattr(event.decode(raw), field.name) for field in event.fields}
        assert values == expected
        assert list(map(type, values.values())) == list(map(type, expected.values()))
        # Protobuf's own runtime reads the values back, and writes the same bytes.
        message = event.message(raw)
        assert values_of(message, values) == {n: v for n, v in values.items() if v is not None}
        assert message.SerializeToString(deterministic=True) == event.message_bytes(raw)


@pytest.mark.parametrize("seed", range(20))
def test_any_operation_is_run_or_refused(seed: int) -> None:
    numbers = random.Random(seed)
    wild = [0, 1, 2, 3, 4, 5, 8, 2**20, 2**20 + 1, 2**31 - 1, 2**32 - 1]
    for _ in range(100):
        wire = P.DecodeOperation(
            field_number=numbers.choice([-1, 0, 1, 2**29 - 1, 2**29]),
            placement=numbers.randrange(-1, 6),  # type: ignore[arg-type]
            conversion=numbers.randrange(-1, 8),  # type: ignore[arg-type]
            offset=numbers.choice(wild),
            size=numbers.choice(wild),
            element_size=numbers.choice(wild),
        )
        wire.arithmetic.shift_right = numbers.choice([0, 63, 64, 2**32 - 1])
        made = plan(wire)
        try:
            event = tracery.Decoder(made, file_of(plan(PID)), "test.Event")
        except tracery.PlanError:
            continue
        for _ in range(5):
            raw = random_record(numbers, "little")
            event.decode(raw)
            event.message_bytes(raw)


def test_a_plan_too_long_to_compile_is_interpreted() -> None:
    event = decoder(plan(*(operation(n, P.CONVERSION_INTEGER, 4, 4, signed=True) for n in range(1, 20_001))))
    assert event._decode.__name__ == "slowly"
    assert set(event.decode(RECORD).values()) == {-2}


def test_a_message_may_have_any_name() -> None:
    file = file_of(plan(PID), NAMES)
    file.message_type[0].name = "no name\0"
    assert tracery.Decoder(plan(PID), file, "test.no name\0").decode(RECORD).pid == -2


def test_many_operations_on_the_same_bytes_are_all_run() -> None:
    made = plan(*(operation(n, P.CONVERSION_INTEGER, 4, 4, signed=True) for n in range(1, 501)))
    assert set(decoder(made).decode(RECORD).values()) == {-2}


def test_only_integers_have_symbols() -> None:
    made = plan(operation(1, P.CONVERSION_BOOL, 0, 1))
    file = file_of(made, NAMES)
    file.message_type[0].field[0].options.Extensions[EVENT_FIELD].symbols.append(symbols(VALUE, ALL, (1, "yes")))
    record = tracery.Decoder(made, file, "test.Event").decode(b"\1")
    assert (record["pid"], record.symbols("pid"), record.names("pid")) == (True, (), ())
