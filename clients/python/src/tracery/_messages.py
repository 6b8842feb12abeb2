"""Message classes that protobuf makes of descriptors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from ._errors import PlanError
from .v1 import options_pb2

if TYPE_CHECKING:
    from google.protobuf.message import Message


def message_class(
    file: descriptor_pb2.FileDescriptorProto,
    message_name: str,
    imports: Iterable[descriptor_pb2.FileDescriptorProto] = (),
) -> type[Message]:
    """The class of a message, in a pool of its own: versions of one message meet in a process.

    `imports` are the files that `file` imports, those that others import first, if they are others than ours.
    """
    pool = descriptor_pool.DescriptorPool()
    files = list(imports) or [
        _copy(descriptor_pb2.DESCRIPTOR.serialized_pb),
        _copy(options_pb2.DESCRIPTOR.serialized_pb),
    ]
    try:
        for each in [*files, file]:
            pool.Add(each)
        return message_factory.GetMessageClass(pool.FindMessageTypeByName(message_name))
    except (TypeError, KeyError, ValueError) as error:
        raise PlanError(f"the descriptor of {message_name} does not link: {error}") from error


def _copy(serialized: bytes) -> descriptor_pb2.FileDescriptorProto:
    return descriptor_pb2.FileDescriptorProto.FromString(serialized)
