"""Events that tests make up."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

import tracery
from tracery.v1 import decode_pb2, kernel_pb2, options_pb2

EVENT_FIELD: Any = options_pb2.event_field
LITTLE = kernel_pb2.BYTE_ORDER_LITTLE_ENDIAN
BIG = kernel_pb2.BYTE_ORDER_BIG_ENDIAN

P = decode_pb2
TYPES: dict[int, tuple[Any, Any]] = {
    P.CONVERSION_INTEGER: (FieldDescriptorProto.TYPE_INT64, FieldDescriptorProto.TYPE_UINT64),
    P.CONVERSION_BOOL: (FieldDescriptorProto.TYPE_BOOL,) * 2,
    P.CONVERSION_STRING: (FieldDescriptorProto.TYPE_STRING,) * 2,
    P.CONVERSION_BYTES: (FieldDescriptorProto.TYPE_BYTES,) * 2,
    P.CONVERSION_INTEGERS: (FieldDescriptorProto.TYPE_INT64, FieldDescriptorProto.TYPE_UINT64),
    P.CONVERSION_BITMASK: (FieldDescriptorProto.TYPE_UINT64,) * 2,
}


def operation(number: int, conversion: Any, offset: int, size: int, **other: Any) -> Any:
    other.setdefault("placement", P.PLACEMENT_FIXED)
    other.setdefault("element_size", 1 if conversion in (P.CONVERSION_STRING, P.CONVERSION_BYTES) else size)
    return P.DecodeOperation(field_number=number, conversion=conversion, offset=offset, size=size, **other)


def plan(*operations: Any, order: Any = LITTLE, word_size: Any = kernel_pb2.WORD_SIZE_64) -> Any:
    return P.DecodePlan(event="test/event", byte_order=order, word_size=word_size, operations=operations)


def file_of(plan: Any, names: dict[int, str] | None = None) -> FileDescriptorProto:
    """A file with a message that fits the plan."""
    file = FileDescriptorProto(
        name="test/event.proto", package="test", syntax="proto3", dependency=["tracery/v1/options.proto"]
    )
    message = file.message_type.add(name="Event")
    for each in plan.operations:
        number = each.field_number
        name = (names or {}).get(number, f"f{number}")
        is_list = each.conversion in (P.CONVERSION_INTEGERS, P.CONVERSION_BITMASK)
        field = message.field.add(
            name=f"p{number}",
            number=number,
            label=FieldDescriptorProto.LABEL_REPEATED if is_list else FieldDescriptorProto.LABEL_OPTIONAL,
            type=TYPES[each.conversion][0 if each.signed else 1],
        )
        field.options.Extensions[EVENT_FIELD].name = name
    return file


def decoder(plan: Any, names: dict[int, str] | None = None) -> tracery.Decoder:
    return tracery.Decoder(plan, file_of(plan, names), "test.Event")
