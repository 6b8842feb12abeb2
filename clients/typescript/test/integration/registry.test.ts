import assert from "node:assert/strict";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import {
  connect,
  likes,
  RefusedError,
  RegistryError,
  requires,
  RunOutcome,
  StatusCode,
  type Client,
  type KernelIdentity,
} from "../../src/index.js";
import { SchemaPart, Verdict } from "../../src/v1.js";
import { identity, variable } from "./environment.js";

/** All that is iterated; Array.fromAsync is Node 22's. */
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) {
    list.push(item);
  }
  return list;
}

const SWITCH = "sched/sched_switch";
const COMMON_FIELDS = [
  "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n",
  "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n",
  "\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n",
  "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n",
].join("");

void describe("with a real registry", () => {
  const server = variable("TRACERY_TEST_SERVER");
  const tracefs = variable("TRACERY_TEST_TRACEFS");
  const series = variable("TRACERY_TEST_SERIES");
  const kernel = { tracefs, identity: identity() } satisfies { tracefs: string; identity: KernelIdentity };
  const cache = mkdtempSync(join(tmpdir(), "tracery-"));
  let client: Client;
  let id: string;
  before(async () => {
    client = connect(server);
    const kernels = await all(client.kernels());
    id = kernels.find((one) => one.identity?.build === kernel.identity.build)?.id ?? "";
  });
  after(async () => {
    await client.close();
    rmSync(cache, { recursive: true });
  });

  const tool = (...fields: string[]) => ({
    name: "typescript-integration",
    version: "1",
    requirements: [requires(SWITCH, ...fields), likes(SWITCH, "prev_state")],
  });

  void it("a tool starts, reads records, and starts from the cache when the registry is away", async () => {
    const options = { cache, deadlineMillis: 20_000 };
    const run = await client.negotiate(tool("prev_comm"), kernel, options);
    assert.equal(run.outcome, RunOutcome.ACCEPTED);
    assert.equal(run.source, "registry");
    const decoder = run.decoder(SWITCH);
    assert.equal(decoder.messageName, "linux.sched.SchedSwitch");
    assert.equal(decoder.string("prev_comm").value(new Uint8Array(256).fill(0x41)), "A".repeat(16));
    assert.equal(decoder.string("prev_comm").value(new Uint8Array(8)), undefined);
    await using away = connect("127.0.0.1:1");
    assert.equal((await away.negotiate(tool("prev_comm"), kernel, options)).source, "cache");
  });

  void it("a tool that needs what is not there is refused with reasons", async () => {
    await assert.rejects(client.negotiate(tool("no_such_field"), kernel, { cache: false, dryRun: true }), (error) => {
      assert.ok(error instanceof RefusedError);
      assert.match(error.reasons.join(), /(^|,)sched\/sched_switch\.no_such_field: /);
      return true;
    });
  });

  void it("a layout that nobody knows is learned from its text", async () => {
    const event = "typescript/learned";
    const field = "\tfield:int answer;\toffset:8;\tsize:4;\tsigned:1;\n";
    const text = `name: learned\nID: 7\nformat:\n${COMMON_FIELDS}\n${field}\nprint fmt: "%d", REC->answer\n`;
    const requirements = [requires(event, "answer")];
    const learner = { name: "typescript-learner", version: "1", requirements };
    const source = { formats: { [event]: text }, identity: kernel.identity };
    const run = await client.negotiate(learner, source, { cache: false, dryRun: true, deadlineMillis: 20_000 });
    const record = Buffer.alloc(12);
    record[kernel.identity.order === "little" ? 8 : 11] = 42;
    assert.equal(run.decoder(event).number("answer").value(record), 42);
  });

  void it("lists kernels and events", async () => {
    const ofSeries = await all(client.kernels({ series }));
    assert.ok(ofSeries.some((one) => one.id === id));
    const events = await all(client.events({ kernel: id, filter: "sched/*" }));
    assert.ok(events.some(({ event }) => event === SWITCH));
    const lineages = await all(client.events({ pageSize: 500 }));
    assert.ok(lineages.length > 500);
    assert.equal(new Set(lineages.map(({ event }) => event)).size, lineages.length);
  });

  void it("has a schema, differences and uses", async () => {
    const schema = await client.schema({
      event: SWITCH,
      selector: { case: "kernel", value: id },
      parts: [SchemaPart.PROTO, SchemaPart.DECODE_PLAN],
    });
    assert.match(schema.proto, /message SchedSwitch/);
    assert.ok((schema.decodePlan?.operations.length ?? 0) >= 7);
    const kernels = await all(client.kernels());
    const other = kernels.find((one) => one.id !== id);
    assert.ok(other);
    const diff = await client.diffKernels({ fromKernel: other.id, toKernel: id, filter: "sched/*" });
    assert.ok(diff.events.length + diff.unchanged > 0);
    assert.equal((await client.diffSchemas({ event: SWITCH, fromVersion: 1, toVersion: 1 })).diff?.changes.length, 0);
    assert.ok((await client.uses({ event: "sched/*" })).revision > 0n);
  });

  void it("checks a kernel that it knows, and validates its registration", async () => {
    const { report } = await client.check({ kernel, series });
    assert.equal(report?.candidate?.id, id);
    assert.ok(report.verdict >= Verdict.COMPATIBLE);
    const registered = await client.register({ kernel, validateOnly: true });
    assert.equal(registered.created, false);
    assert.equal(registered.kernel?.id, id);
  });

  void it("says what is not there", async () => {
    await assert.rejects(client.schema({ event: "no/such" }), (error) => {
      assert.ok(error instanceof RegistryError);
      assert.equal(error.code, StatusCode.NOT_FOUND);
      assert.equal(error.resource?.name, "no/such");
      return true;
    });
  });

  void it("is watched from the first revision to its last, in order", async () => {
    const { revision: last } = await client.status();
    let before = 0n;
    for await (const { revision, changes, more } of client.watch()) {
      assert.ok(revision > before && changes.length > 0 && !more);
      before = revision;
      if (revision >= last) {
        break;
      }
    }
  });

  void it("translates a file, from its path or as it comes", async () => {
    const trace = variable("TRACERY_TEST_TRACE");
    const expected = Number(variable("TRACERY_TEST_TRACE_EVENTS"));
    for (const file of [trace, createReadStream(trace, { highWaterMark: 10_000 })]) {
      let events = 0;
      let end = -1n;
      for await (const { item } of client.translate({ file, name: "trace.dat" })) {
        if (item.case === "events") {
          events += item.value.events.length;
        } else if (item.case === "end") {
          end = item.value.events;
        }
      }
      assert.deepEqual([events, end], [expected, BigInt(expected)]);
    }
  });

  void it("translates raw pages, and says what is wrong with them", async () => {
    const { identity: known } = kernel;
    // eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
    const pages = async function* () {
      yield { cpu: 3, pages: new Uint8Array(known.pageSize) };
    };
    const items = await all(client.translate({ pages: pages(), kernel: id }));
    assert.equal(items[0]?.item.case, "start");
    assert.equal(items.at(-1)?.item.case, "end");
  });
});

void describe("with a real registry and an address that is silent", () => {
  const server = variable("TRACERY_TEST_SERVER");

  void it("a client goes on to the registry, and says how fresh its answers are", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    await using client = connect([`127.0.0.1:${(silent.address() as AddressInfo).port}`, server]);
    const { revision } = await client.status();
    assert.ok((client.freshness?.revision ?? -1n) >= revision);
    assert.equal(client.freshness?.storeReachable, true);
    client.atLeast(revision);
    assert.ok((await client.status()).revision >= revision);
    silent.close();
  });

  void it("a revision that nobody has is UNAVAILABLE, and not here", async () => {
    await using client = connect(server, { atLeastRevision: 1_000_000_000n, deadlineMillis: 5000 });
    const failure: unknown = await client.status().catch((error: unknown) => error);
    assert.ok(failure instanceof RegistryError);
    assert.equal(failure.reason, "REVISION_NOT_HERE");
  });
});

void describe("with a real registry behind TLS", () => {
  const server = variable("TRACERY_TEST_TLS_SERVER");
  const ca = variable("TRACERY_TEST_CA");
  const token = variable("TRACERY_TEST_TOKEN");

  void it("a client with CA file and token is answered", async () => {
    await using client = connect(server, { tls: { ca }, token });
    assert.ok((await client.status()).revision >= 0n);
  });

  void it("a client without the token, or with another, is UNAUTHENTICATED", async () => {
    for (const other of [{}, { token: `${token}x` }]) {
      await using client = connect(server, { tls: { ca }, ...other });
      await assert.rejects(client.status(), { code: StatusCode.UNAUTHENTICATED });
    }
  });

  void it("a client that does not know the CA is not connected", async () => {
    await using client = connect(server, { tls: true, token });
    await assert.rejects(client.status(), { code: StatusCode.UNAVAILABLE });
  });
});
