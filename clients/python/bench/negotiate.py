"""Negotiates five events and builds their decoders: what a tool does at start. `run command negotiate` runs it."""

import re
import sys
from pathlib import Path

import tracery

EVENTS = (
    "sched/sched_switch",
    "sched/sched_waking",
    "sched/sched_process_exit",
    "irq/irq_handler_entry",
    "irq/softirq_entry",
)


def fields(tracefs: str, event: str) -> list[str]:
    """The event's own fields, as the format has them after the first empty line."""
    events = Path(tracefs, "events") if Path(tracefs, "events").is_dir() else Path(tracefs)
    text = (events / event / "format").read_text()
    return re.findall(r"field:[^;]*?(\w+)(?:\[[^]]*])?;", text.split("\n\n", 1)[1])


server, tracefs, release, build, machine, bits, order, page_size = sys.argv[1:]
needs = []
for event in EVENTS:
    needs += [tracery.require(event), tracery.like(event, *fields(tracefs, event))]
with tracery.connect(server) as client:
    negotiated = client.negotiate(
        "bench",
        "1.0",
        needs,
        tracefs=tracefs,
        kernel=tracery.kernel_identity(release, build, machine, bits=int(bits), order=order, page_size=int(page_size)),
        cache=False,
    )
if set(negotiated.decoders) != set(EVENTS):
    sys.exit(f"expected decoders of five events but found {negotiated}")
