// What `run command negotiate` names: a cold start with five events, up to decoders that can be used.
import { connect, likes, requires } from "tracery";

const [server = "", tracefs = "", release = "", build = "", machine = "", bits, order, pageSize] =
  process.argv.slice(2);
const fields = {
  "sched/sched_switch": ["prev_comm", "prev_pid", "prev_prio", "prev_state", "next_comm", "next_pid", "next_prio"],
  "sched/sched_waking": ["comm", "pid", "prio", "target_cpu"],
  "sched/sched_process_exit": ["comm", "pid", "prio", "group_dead"],
  "irq/irq_handler_entry": ["irq", "name"],
  "irq/softirq_entry": ["vec"],
};
await using client = connect(server);
const run = await client.negotiate(
  {
    name: "cold-start",
    version: "1.0",
    requirements: Object.entries(fields).flatMap(([event, names]) => [requires(event), likes(event, ...names)]),
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
const decoders = Object.keys(fields).map((event) => run.decoder(event));
console.log(`${decoders.length} decoders, ${run.warnings.length} warnings`);
