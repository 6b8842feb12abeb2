"""Negotiates five events and builds their decoders: what a tool does at start. `run command negotiate` runs it."""

import sys

import tracery

EVENTS = (
    "sched/sched_switch",
    "sched/sched_waking",
    "sched/sched_process_exit",
    "irq/irq_handler_entry",
    "irq/softirq_entry",
)

server, tracefs, release, build, machine, bits, order, page_size = sys.argv[1:]
needs = [tracery.require(event) for event in EVENTS]
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
