"""Prints who runs after whom: switches SERVER RECORDS [TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE]"""

import sys

import tracery

SWITCH = "sched/sched_switch"
NEEDS = [
    tracery.require(SWITCH, "prev_comm", "prev_pid", "next_comm", "next_pid"),
    tracery.like(SWITCH, "prev_state"),
]


def main(server: str, records: str, tracefs: str | None = None, *identity: str) -> None:
    kernel = None  # The running one.
    if identity:
        *names, bits, order, page = identity
        kernel = tracery.kernel_identity(*names, bits=int(bits), order=order, page_size=int(page))
    with tracery.connect(server) as client:
        negotiated = client.negotiate("switches", "1.0", NEEDS, tracefs=tracefs, kernel=kernel)
    for line in (*negotiated.warnings, *negotiated.notes):
        print(line, file=sys.stderr)
    decoder = negotiated.decoders[SWITCH]
    with open(records, "rb") as file:
        while length := file.read(4):
            r = decoder.decode(file.read(int.from_bytes(length, "little")))
            state = "|".join(r.names("prev_state")) or "R"
            print(f"{r.prev_comm}:{r.prev_pid} [{state}] ==> {r.next_comm}:{r.next_pid}")


if len(sys.argv) not in (3, 10):
    sys.exit(f"usage: {__doc__.partition(': ')[2]}")
try:
    main(*sys.argv[1:])
except tracery.Refused as refused:
    sys.exit("\n".join(refused.reasons))
except tracery.Unreachable as unreachable:
    print(unreachable, file=sys.stderr)
    sys.exit(3)
