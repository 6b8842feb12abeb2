"""What a tool needs, in the registry's messages."""

from __future__ import annotations

from collections.abc import Sequence

from ._formats import check_event
from .v1 import consumer_pb2


def require(event: str, *fields: str | Sequence[str]) -> consumer_pb2.Requirement:
    """An event without which, and fields of it without which, the tool cannot run.

    A field is found by its name; in place of one, several are alternatives, the preferred one first:
    `require("writeback/writeback_dirty_folio", ("folio", "page"))`. Raises ValueError if `event` is not `system/name`.
    """
    return _requirement(event, fields, optional=False)


def like(event: str, *fields: str | Sequence[str]) -> consumer_pb2.Requirement:
    """An event with which, and fields of it with which, the tool does more."""
    return _requirement(event, fields, optional=True)


def any_of(*requirements: consumer_pb2.Requirement) -> consumer_pb2.Requirement:
    """One of these will do, the preferred one first. The tool runs without if one of them is only liked.

    `any_of(require("power/cpu_idle"), require("power/power_start"))`
    """
    if not requirements:
        raise ValueError("expected at least one requirement")
    return consumer_pb2.Requirement(
        any_of=[use for requirement in requirements for use in requirement.any_of],
        optional=any(requirement.optional for requirement in requirements),
    )


def _requirement(event: str, fields: Sequence[str | Sequence[str]], *, optional: bool) -> consumer_pb2.Requirement:
    uses = [consumer_pb2.FieldUse(names=[field] if isinstance(field, str) else field) for field in fields]
    use = consumer_pb2.EventUse(event=check_event(event), access=consumer_pb2.ACCESS_CLASS_BY_NAME, fields=uses)
    return consumer_pb2.Requirement(any_of=[use], optional=optional)
