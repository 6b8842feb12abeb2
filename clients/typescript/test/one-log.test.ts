import assert from "node:assert/strict";
import { createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { connect, RegistryError, StatusCode } from "../src/index.js";
import { ErrorInfoSchema } from "../src/gen/google/rpc/error_details_pb.js";
import {
  AdminService,
  CompatibilityService,
  ConsumerService,
  NegotiationService,
  RegistryService,
  RunOutcome,
} from "../src/v1.js";
import { TestServer } from "./server.js";

// Servers that follow one log: clients/conformance/README.md.

const KERNEL = {
  formats: { "a/b": "ID: 2\nformat:\n" },
  identity: { release: "6", build: "#1", machine: "x86_64", bits: 64, order: "little", pageSize: 4096 },
} as const;

const refusal = (code: Code, reason: string) =>
  new ConnectError(reason, code, undefined, [{ desc: ErrorInfoSchema, value: { reason, domain: "tracery.dev" } }]);
const lost = () => new ConnectError("gone", Code.Unavailable);

interface Behaviour {
  readonly said?: Readonly<Record<string, string>>;
  readonly writes?: () => ConnectError | undefined;
  readonly status?: () => Promise<void>;
}

/** A server that notes which calls it got, and which revision they wanted. */
function server(name: string, calls: string[], { said = {}, writes, status }: Behaviour = {}) {
  const enter = (call: string, { requestHeader, responseHeader }: HandlerContext) => {
    calls.push(`${name} ${call} ${requestHeader.get("tracery-at-least-revision") ?? "-"}`);
    Object.entries(said).forEach(([key, value]) => {
      responseHeader.set(key, value);
    });
  };
  const write = (call: string, context: HandlerContext) => {
    enter(call, context);
    const failure = writes?.();
    if (failure !== undefined) {
      throw failure;
    }
    return { revision: 9n };
  };
  return TestServer.start((router: ConnectRouter) => {
    router.service(AdminService, {
      getStatus: async (_, context) => {
        enter("status", context);
        await status?.();
        return { version: name };
      },
    });
    router.service(CompatibilityService, { giveWaiver: (_, context) => write("waive", context) });
    router.service(ConsumerService, { declareConsumer: (_, context) => write("declare", context) });
    router.service(NegotiationService, {
      negotiate: (_, context) => {
        enter("negotiate", context);
        return { outcome: RunOutcome.ACCEPTED };
      },
    });
    router.service(RegistryService, {
      findMissingLayouts: (request, context) => {
        enter("missing", context);
        return { missing: request.layoutHashes };
      },
      registerKernel: async (requests, context) => {
        let parts = 0;
        for await (const { part } of requests) {
          parts += part.case === undefined ? 0 : 1;
        }
        return write(`register of ${parts}`, context);
      },
      // eslint-disable-next-line @typescript-eslint/require-await -- a stream
      watch: async function* (request, context) {
        enter("watch", context);
        yield { revision: request.afterRevision + 1n };
        throw lost();
      },
    });
  });
}

/** Takes connections and never says anything, like a server that is stopped. */
async function silentServer() {
  const taken: Socket[] = [];
  const listener = createTcpServer((socket) => taken.push(socket));
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    taken,
    async [Symbol.asyncDispose]() {
      taken.forEach((socket) => socket.destroy());
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}

async function errorOf(call: Promise<unknown>): Promise<RegistryError> {
  const error: unknown = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof RegistryError, String(error));
  return error;
}

describe("a client of servers that follow one log", { concurrency: true }, () => {
  it("tells how fresh the last answer is", async () => {
    const said = { "tracery-revision": "41", "tracery-age-ms": "1500" };
    await using a = await server("a", [], { said, writes: () => new ConnectError("no", Code.NotFound) });
    await using b = await server("b", [], { said: { ...said, "tracery-store": "unreachable" } });
    await using client = connect(a.address);
    assert.equal(client.freshness, undefined);
    await client.status();
    assert.deepEqual(client.freshness, { revision: 41n, ageMillis: 1500, storeReachable: true });
    await using other = connect(b.address);
    await other.status();
    assert.equal(other.freshness?.storeReachable, false);
    await using refused = connect(a.address);
    assert.equal((await errorOf(refused.register({ kernel: KERNEL }))).code, StatusCode.NOT_FOUND);
    assert.equal(refused.freshness?.revision, 41n);
  });

  it("wants what it wrote and what it is told to, and nothing else", async () => {
    const calls: string[] = [];
    await using a = await server("a", calls, { said: { "tracery-revision": "41" } });
    await using client = connect(a.address, { atLeastRevision: 7n });
    await client.status();
    await client.status();
    await client.call(ConsumerService.method.declareConsumer, {});
    await client.status();
    client.atLeast(50n);
    client.atLeast(45n);
    await client.status();
    assert.deepEqual(calls, ["a status 7", "a status 7", "a status 7", "a declare 7", "a status 41", "a status 50"]);
    assert.throws(() => {
      client.atLeast(-1n);
    }, RangeError);
  });

  it("wants it of a negotiation, too, after a registration", async () => {
    const calls: string[] = [];
    await using a = await server("a", calls, { said: { "tracery-revision": "9" } });
    await using client = connect(a.address);
    await client.register({ kernel: KERNEL });
    await client.negotiate({ name: "tool", version: "1", requirements: [] }, KERNEL, { cache: false });
    assert.deepEqual(calls, ["a missing -", "a register of 2 -", "a negotiate 9"]);
  });

  it("takes what is no number for not there", async () => {
    for (const revision of ["", "-1", "x", "1.5", "99999999999999999999"]) {
      const calls: string[] = [];
      await using a = await server("a", calls, { said: { "tracery-revision": revision } });
      await using client = connect(a.address);
      await client.call(ConsumerService.method.declareConsumer, {});
      await client.status();
      assert.equal(client.freshness, undefined);
      assert.deepEqual(calls, ["a status -", "a declare -", "a status -"]);
    }
  });

  it("passes over one that is silent, with calls that read, that write, and a watch", async () => {
    await using silent = await silentServer();
    const calls: string[] = [];
    await using b = await server("b", calls);
    const both = [silent.address, b.address];
    {
      await using client = connect(both);
      assert.equal((await client.status()).version, "b");
    }
    {
      await using client = connect(both);
      assert.equal((await client.register({ kernel: KERNEL })).revision, 9n);
    }
    {
      await using client = connect(both);
      await client.call(CompatibilityService.method.giveWaiver, {});
    }
    {
      await using client = connect(both);
      await client.negotiate({ name: "tool", version: "1", requirements: [] }, KERNEL, { cache: false });
    }
    {
      await using client = connect(both);
      for await (const { revision } of client.watch({ afterRevision: 3n })) {
        assert.equal(revision, 4n);
        break;
      }
    }
    assert.ok(silent.taken.length >= 5);
  });

  it("says that there was no answer in time where all are silent", async () => {
    await using a = await silentServer();
    await using b = await silentServer();
    await using client = connect([a.address, b.address], { deadlineMillis: 2500 });
    assert.equal((await errorOf(client.status())).code, StatusCode.DEADLINE_EXCEEDED);
  });

  it("waits longer in a later round", async () => {
    await using silent = await silentServer();
    await using slow = await server("slow", [], { status: () => sleep(2000) });
    await using client = connect([silent.address, slow.address]);
    assert.equal((await client.status()).version, "slow");
  });

  it("goes to the next when one has not read the revision, or has lost its store", async () => {
    for (const reason of ["REVISION_NOT_HERE", "STORE_UNAVAILABLE"]) {
      const calls: string[] = [];
      await using a = await server("a", calls, { writes: () => refusal(Code.Unavailable, reason) });
      await using b = await server("b", calls);
      await using client = connect([a.address, b.address]);
      await client.call(CompatibilityService.method.giveWaiver, {});
      assert.deepEqual(calls, ["a status -", "a waive -", "b status -", "b waive -"]);
    }
  });

  it("does not send again what was lost where that does harm, and what the server is uncertain of", async () => {
    const calls: string[] = [];
    await using a = await server("a", calls, { writes: lost });
    await using b = await server("b", calls);
    await using client = connect([a.address, b.address]);
    const failure = await errorOf(client.call(CompatibilityService.method.giveWaiver, {}));
    assert.equal(failure.reason, "CONNECTION_LOST");
    assert.equal(
      failure.message,
      "the connection to the registry was lost (gone); the waiver may or may not have been given",
    );
    assert.deepEqual(calls, ["a status -", "a waive -"]);
    await using uncertain = await server("c", calls, { writes: () => refusal(Code.Unknown, "WRITE_UNCERTAIN") });
    await using another = connect([uncertain.address, b.address]);
    assert.equal((await errorOf(another.register({ kernel: KERNEL }))).reason, "WRITE_UNCERTAIN");
    assert.deepEqual(calls.slice(2), ["c missing -", "c register of 2 -"]);
  });

  it("sends a registration that was lost to the next, from the beginning", async () => {
    const calls: string[] = [];
    const cut: TestServer[] = [];
    await using a = await server("a", calls, {
      writes: () => {
        cut[0]!.cut();
        return undefined;
      },
    });
    cut.push(a);
    await using b = await server("b", calls);
    await using client = connect([a.address, b.address]);
    assert.equal((await client.register({ kernel: KERNEL })).revision, 9n);
    assert.deepEqual(calls, ["a missing -", "a register of 2 -", "b missing -", "b register of 2 -"]);
  });

  it("says that a registration which nobody takes may have been done", async () => {
    await using a = await server("a", [], { writes: lost });
    await using b = await server("b", [], { writes: () => refusal(Code.Unavailable, "STORE_UNAVAILABLE") });
    await using client = connect([a.address, b.address]);
    const failure = await errorOf(client.register({ kernel: KERNEL }));
    assert.equal(
      failure.message,
      "the connection to the registry was lost (gone); the kernel may or may not be registered, and doing it again is safe",
    );
  });

  it("asks one that was silent again when the other goes away", async () => {
    const silent = await silentServer();
    const other = await server("other", []);
    const port = Number(silent.address.split(":")[1]);
    await using client = connect([silent.address, other.address]);
    assert.equal((await client.status()).version, "other");
    await silent[Symbol.asyncDispose]();
    await other.stop();
    await using recovered = await TestServer.start(
      (router) => router.service(AdminService, { getStatus: () => ({ version: "recovered" }) }),
      { port },
    );
    assert.equal((await client.status()).version, "recovered");
    assert.equal(recovered.port, port);
  });

  it("says what is wrong where it speaks plain text to a server that closes the connection", async () => {
    const listener = createTcpServer((socket) => socket.on("data", () => socket.end()));
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    await using client = connect(`127.0.0.1:${(listener.address() as AddressInfo).port}`);
    const failure = await errorOf(client.status());
    assert.equal(failure.code, StatusCode.UNAVAILABLE);
    assert.equal(failure.message, "the connection was closed; does only one side speak TLS?");
    listener.close();
  });
});
