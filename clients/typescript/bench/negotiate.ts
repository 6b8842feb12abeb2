// What `run command negotiate` names: a cold start with five events, up to decoders that can be used.
import { connect, requires } from "tracery";

const [server = "", tracefs = "", release = "", build = "", machine = "", bits, order, pageSize] =
  process.argv.slice(2);
const events = [
  "sched/sched_switch",
  "sched/sched_waking",
  "sched/sched_process_exit",
  "irq/irq_handler_entry",
  "irq/softirq_entry",
];

await using client = connect(server);
const run = await client.negotiate(
  {
    name: "cold-start",
    version: "1.0",
    requirements: events.map((event) => requires(event)),
  },
  {
    tracefs,
    identity: {
      release,
      build,
      machine,
      bits: bits === "32" ? 32 : 64,
      order: order === "big" ? "big" : "little",
      pageSize: Number(pageSize),
    },
  },
  { cache: false },
);
const decoders = events.map((event) => run.decoder(event));
console.log(`${decoders.length} decoders, ${run.warnings.length} warnings`);
