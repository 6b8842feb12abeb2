"""Tells a tracing tool whether it can run on this kernel, and reads the kernel's events for it.

    import tracery

    with tracery.connect("localhost:7411") as client:
        negotiated = client.negotiate(
            "offcputime", "0.31.0", [tracery.require("sched/sched_switch", "prev_pid", "next_pid")]
        )
    decoder = negotiated.decoders["sched/sched_switch"]
    record = decoder.decode(raw)
    print(record.prev_pid, record["next_pid"])

Messages of the registry's protocol are in `tracery.v1`.
"""

from ._client import Client, connect
from ._decoder import Decoder, Field, Record
from ._errors import (
    PlanError,
    Refused,
    RegistryError,
    TraceryError,
    Unreachable,
    Violation,
)
from ._formats import event_id, kernel_identity, layout_hash, running_kernel
from ._negotiated import Negotiated, Outcome, Source
from ._requirements import any_of, like, require
from ._symbols import Symbols
from ._translation import Translation
from ._transport import Freshness
from ._watch import Watch

__all__ = [
    "Client",
    "Decoder",
    "Field",
    "Freshness",
    "Negotiated",
    "Outcome",
    "PlanError",
    "Record",
    "Refused",
    "RegistryError",
    "Source",
    "Symbols",
    "TraceryError",
    "Translation",
    "Unreachable",
    "Violation",
    "Watch",
    "any_of",
    "connect",
    "event_id",
    "kernel_identity",
    "layout_hash",
    "like",
    "require",
    "running_kernel",
]

for _name in __all__:  # Where users find them, in tracebacks too.
    globals()[_name].__module__ = __name__
