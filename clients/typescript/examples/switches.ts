import { readFileSync } from "node:fs";
import { connect, likes, RefusedError, requires, UnreachableError, type KernelSource } from "tracery";

const [server, file, tracefs, release, build, machine, bits, order, pageSize] = process.argv.slice(2);
if (server === undefined || file === undefined) {
  console.error("usage: switches SERVER RECORDS [TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE]");
  process.exit(2);
}
let kernel: KernelSource = {};
if (tracefs !== undefined && release !== undefined && build !== undefined && machine !== undefined) {
  const words = { bits: bits === "32" ? 32 : 64, order: order === "big" ? "big" : "little" } as const;
  kernel = { tracefs, identity: { release, build, machine, ...words, pageSize: Number(pageSize) } };
}
const event = "sched/sched_switch";
const needs = [requires(event, "prev_comm", "prev_pid", "next_comm", "next_pid"), likes(event, "prev_state")];
try {
  await using client = connect(server);
  const run = await client.negotiate({ name: "switches", version: "1.0", requirements: needs }, kernel);
  for (const line of [...run.warnings, ...run.notes]) console.error(line);
  const sched = run.decoder(event);
  const [prevComm, prevPid, state] = [sched.string("prev_comm"), sched.number("prev_pid"), sched.field("prev_state")];
  const [nextComm, nextPid] = [sched.string("next_comm"), sched.number("next_pid")];
  const records = readFileSync(file);
  for (let at = 0; at < records.length;) {
    const end = at + 4 + records.readUInt32LE(at);
    const record = records.subarray(at + 4, end);
    const left = `${prevComm.value(record)}:${prevPid.value(record)} [${state.names(record).join("|") || "R"}]`;
    console.log(`${left} ==> ${nextComm.value(record)}:${nextPid.value(record)}`);
    at = end;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(error instanceof RefusedError ? 1 : error instanceof UnreachableError ? 3 : 4);
}
