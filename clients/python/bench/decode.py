"""Decodes sched_switch records into native values on one core; prints the median records/s of several rounds."""

import statistics
import struct
import time
from typing import Any

from google.protobuf import descriptor_pb2

import tracery
from tracery.v1 import decode_pb2, kernel_pb2, options_pb2

RECORDS = 100_000
ROUNDS = 9
# Of Linux 6.12 on x86-64: name, C type, offset, size, signed.
FIELDS = [
    ("prev_comm", "char[16]", 8, 16, False),
    ("prev_pid", "pid_t", 24, 4, True),
    ("prev_prio", "int", 28, 4, True),
    ("prev_state", "long", 32, 8, True),
    ("next_comm", "char[16]", 40, 16, False),
    ("next_pid", "pid_t", 56, 4, True),
    ("next_prio", "int", 60, 4, True),
]


def make_decoder() -> tracery.Decoder:
    plan = decode_pb2.DecodePlan(
        event="sched/sched_switch",
        byte_order=kernel_pb2.BYTE_ORDER_LITTLE_ENDIAN,
        word_size=kernel_pb2.WORD_SIZE_64,
        fixed_size=64,
    )
    file = descriptor_pb2.FileDescriptorProto(
        name="linux/sched/sched_switch.proto",
        package="linux.sched",
        syntax="proto3",
        dependency=["tracery/v1/options.proto"],
    )
    message = file.message_type.add(name="SchedSwitch")
    for number, (name, c_type, offset, size, signed) in enumerate(FIELDS, 1):
        is_text = c_type.startswith("char")
        plan.operations.add(
            field_number=number,
            placement=decode_pb2.PLACEMENT_FIXED,
            conversion=decode_pb2.CONVERSION_STRING if is_text else decode_pb2.CONVERSION_INTEGER,
            offset=offset,
            size=size,
            element_size=1 if is_text else size,
            signed=signed,
        )
        kinds = descriptor_pb2.FieldDescriptorProto
        field = message.field.add(
            name=name,
            number=number,
            label=kinds.LABEL_OPTIONAL,
            type=kinds.TYPE_STRING if is_text else kinds.TYPE_INT64,
        )
        event_field: Any = options_pb2.event_field
        field.options.Extensions[event_field].name = name
    return tracery.Decoder(plan, file, "linux.sched.SchedSwitch")


def make_records() -> list[bytes]:
    return [
        struct.pack(
            "<HBBi16siiq16sii",
            *(310, 1, 0, n, b"swapper/%d" % (n % 8), 0, 120, n % 3),
            *(b"kworker/%d:1" % (n % 8), n, 120),
        )
        for n in range(RECORDS)
    ]


def main() -> None:
    decode = make_decoder().decode
    records = make_records()
    rates = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        for raw in records:
            record = decode(raw)
            _ = (record.prev_comm, record.prev_pid, record.prev_prio, record.prev_state)
            _ = (record.next_comm, record.next_pid, record.next_prio)
        rates.append(RECORDS / (time.perf_counter() - begin))
    print(round(statistics.median(rates)))


if __name__ == "__main__":
    main()
