import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import { connect, RegistryError, requires, StatusCode, UnreachableError, type Client } from "../src/index.js";
import { BadRequestSchema, ErrorInfoSchema, ResourceInfoSchema } from "../src/gen/google/rpc/error_details_pb.js";
import {
  AdminService,
  CompatibilityReportSchema,
  CompatibilityService,
  DiagnosticSchema,
  NegotiationService,
  RegistryService,
  RunOutcome,
  TranslationService,
  type CheckKernelRequest,
  type KernelEvent,
  type TranslateRequest,
  type WatchResponse,
} from "../src/v1.js";
import { TestServer } from "./server.js";

const KERNEL = {
  formats: { "sched/sched_switch": "ID: 1\nformat:\n", "a/b": "ID: 2\nformat:\n", "c/d": "ID: 3\nother:\n" },
  identity: { release: "6", build: "#1", machine: "x86_64", bits: 64, order: "little", pageSize: 4096 },
} as const;
const TOOL = { name: "tool", version: "1", requirements: [requires("sched/sched_switch")] };

/** A status service that counts its calls and answers what it is told. */
function statusRoutes(
  answer: (call: number, context: HandlerContext) => { version: string } | Promise<{ version: string }>,
) {
  const calls: Headers[] = [];
  const routes = (router: ConnectRouter) =>
    router.service(AdminService, {
      getStatus: (_, context) => answer(calls.push(context.requestHeader), context),
    });
  return { calls, routes };
}

/** Answers nothing until the call has ended. */
function endOf({ signal }: HandlerContext): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(new Error("the call has ended"));
    });
  });
}

const unavailable = (): never => {
  throw new ConnectError("closed for today", Code.Unavailable);
};

async function errorOf(call: Promise<unknown>): Promise<RegistryError> {
  const error: unknown = await call.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof RegistryError, String(error));
  return error;
}

/** A port at which nobody listens. */
async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

void describe("a call with one answer", () => {
  void it("is tried four times while the registry is unavailable", async () => {
    const { calls, routes } = statusRoutes((call) => (call < 4 ? unavailable() : { version: "4" }));
    await using server = await TestServer.start(routes);
    await using client = connect(server.address);
    assert.equal((await client.status()).version, "4");
    assert.equal(calls.length, 4);
  });

  void it("is not tried a fifth time", async () => {
    const { calls, routes } = statusRoutes(unavailable);
    await using server = await TestServer.start(routes);
    await using client = connect(server.address);
    const { code, message } = await errorOf(client.status());
    assert.deepEqual([code, message, calls.length], [StatusCode.UNAVAILABLE, "closed for today", 4]);
  });

  void it("is not tried again after any other error", async () => {
    const { calls, routes } = statusRoutes(() => {
      throw new ConnectError("no", Code.Aborted);
    });
    await using server = await TestServer.start(routes);
    await using client = connect([server.address, server.address]);
    assert.equal((await errorOf(client.status())).code, StatusCode.ABORTED);
    assert.equal(calls.length, 1);
  });

  void it("goes to the next address when one is unavailable, and stays with the one that answered", async () => {
    const first = statusRoutes(unavailable);
    const second = statusRoutes(() => ({ version: "second" }));
    await using one = await TestServer.start(first.routes);
    await using two = await TestServer.start(second.routes);
    await using client = connect(`127.0.0.1:${await freePort()},${one.address},${two.address}`);
    assert.equal((await client.status()).version, "second");
    assert.equal((await client.status()).version, "second");
    assert.deepEqual([first.calls.length, second.calls.length], [1, 2]);
  });

  void it("is UNAVAILABLE with the system's reason where nobody listens", async () => {
    const port = await freePort();
    await using client = connect(`127.0.0.1:${port}`);
    const { code, message } = await errorOf(client.status());
    assert.equal(code, StatusCode.UNAVAILABLE);
    assert.equal(message, `connect ECONNREFUSED 127.0.0.1:${port}`);
  });

  void it("ends at its deadline", async () => {
    const { routes } = statusRoutes((_, context) => endOf(context));
    await using server = await TestServer.start(routes);
    await using client = connect(server.address, { deadlineMillis: 100 });
    assert.equal((await errorOf(client.status())).code, StatusCode.DEADLINE_EXCEEDED);
  });

  void it("ends with the signal's reason", async () => {
    const abort = new AbortController();
    const { routes } = statusRoutes((_, context) => {
      abort.abort(new Error("enough"));
      return endOf(context);
    });
    await using server = await TestServer.start(routes);
    await using client = connect(server.address);
    await assert.rejects(client.status({ signal: abort.signal }), /enough/);
  });

  void it("ends when the client is closed, which is no reason to try again", async () => {
    const { calls, routes } = statusRoutes((_, context) => {
      void client.close();
      return endOf(context);
    });
    await using server = await TestServer.start(routes);
    const client: Client = connect(server.address);
    assert.equal((await errorOf(client.status())).code, StatusCode.CANCELLED);
    assert.equal(calls.length, 1);
  });

  void it("is not made after the client was closed", async () => {
    const { calls, routes } = statusRoutes(() => ({ version: "" }));
    await using server = await TestServer.start(routes);
    const client: Client = connect(server.address);
    await client.status();
    await client.close();
    assert.equal((await errorOf(client.status())).code, StatusCode.CANCELLED);
    assert.equal((await errorOf(client.watch().next())).code, StatusCode.CANCELLED);
    assert.equal(calls.length, 1);
  });

  void it("ends with the signal's reason between two tries, too", async () => {
    const abort = new AbortController();
    const { routes } = statusRoutes(() => {
      // Why later: the answer is there by then, and the next try is not due.
      setTimeout(() => {
        abort.abort(new Error("enough"));
      }, 20);
      return unavailable();
    });
    await using server = await TestServer.start(routes);
    await using client = connect(server.address);
    await assert.rejects(client.status({ signal: abort.signal }), /^Error: enough$/);
  });

  void it("may take any time, but not none", async () => {
    const { routes } = statusRoutes(() => ({ version: "1" }));
    await using server = await TestServer.start(routes);
    await using client = connect(server.address, { deadlineMillis: Infinity, transferMillis: Infinity });
    assert.equal((await client.status()).version, "1");
    for (const deadlineMillis of [0, -1, NaN]) {
      assert.throws(() => connect("localhost", { deadlineMillis }), RangeError);
    }
  });

  void it("says who calls, and with which token", async () => {
    const { calls, routes } = statusRoutes(() => ({ version: "" }));
    await using server = await TestServer.start(routes);
    await using client = connect(server.address, { token: "secret" });
    await client.status();
    assert.equal(calls[0]?.get("user-agent"), "tracery-typescript/0.1");
    assert.equal(calls[0].get("authorization"), "Bearer secret");
  });

  void it("fails with everything that the registry says of it", async () => {
    const details = [
      { desc: ErrorInfoSchema, value: { reason: "STORE_FULL" } },
      { desc: BadRequestSchema, value: { fieldViolations: [{ field: "a.b", description: "is wrong" }] } },
      { desc: ResourceInfoSchema, value: { resourceType: "kernel", resourceName: "6.1" } },
      { desc: DiagnosticSchema, value: { code: "FIELD_OVERLAPS", line: 7 } },
      { desc: CompatibilityReportSchema, value: { series: "s" } },
    ];
    const { routes } = statusRoutes(() => {
      throw new ConnectError("größer als erlaubt", Code.InvalidArgument, undefined, details);
    });
    await using server = await TestServer.start(routes);
    await using client = connect(server.address);
    const error = await errorOf(client.status());
    assert.equal(error.code, StatusCode.INVALID_ARGUMENT);
    assert.equal(error.message, "größer als erlaubt");
    assert.equal(error.reason, "STORE_FULL");
    assert.deepEqual(
      error.violations.map(({ field, description }) => [field, description]),
      [["a.b", "is wrong"]],
    );
    assert.deepEqual(error.resource, { type: "kernel", name: "6.1" });
    assert.deepEqual(error.diagnostics, [create(DiagnosticSchema, { code: "FIELD_OVERLAPS", line: 7 })]);
    assert.equal(error.report?.series, "s");
  });
});

void describe("a negotiation", () => {
  void it("that nobody answers in its time is an UnreachableError", async () => {
    await using server = await TestServer.start((router) =>
      router.service(NegotiationService, { negotiate: (_, context) => endOf(context) }),
    );
    await using client = connect(server.address);
    await assert.rejects(client.negotiate(TOOL, KERNEL, { cache: false, deadlineMillis: 100 }), (error) => {
      assert.ok(error instanceof UnreachableError);
      assert.match(
        error.message,
        /^the registry cannot be reached \(.+\), and there is no answer of an earlier start of/,
      );
      assert.match(error.message, /of tool 1 on this kernel, for none are kept$/);
      return true;
    });
  });

  void it("does not connect where a kept answer is fresh", async () => {
    const cache = mkdtempSync(join(tmpdir(), "tracery-"));
    try {
      const server = await TestServer.start((router) =>
        router.service(NegotiationService, {
          negotiate: () => ({ outcome: RunOutcome.ACCEPTED, cacheFor: { seconds: 60n } }),
        }),
      );
      await using client = connect(server.address);
      assert.equal((await client.negotiate(TOOL, KERNEL, { cache })).source, "registry");
      await server.stop();
      assert.equal((await client.negotiate(TOOL, KERNEL, { cache })).source, "cache");
    } finally {
      rmSync(cache, { recursive: true });
    }
  });
});

void describe("TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "tracery-"));
  const file = (name: string) => join(folder, name);
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const certificate = (name: string) => {
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
    const out = ["-keyout", file(`${name}.key`), "-out", file(`${name}.pem`)];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...kind, ...out, ...subject], { stdio: "ignore" });
  };
  certificate("server");
  certificate("client");
  const keys = { key: readFileSync(file("server.key")), cert: readFileSync(file("server.pem")) };

  void it("goes by the CA file that is named, and carries the token", async () => {
    const { calls, routes } = statusRoutes(() => ({ version: "secure" }));
    await using server = await TestServer.start(routes, { tls: keys });
    await using client = connect(server.address, { tls: { ca: file("server.pem") }, token: "secret" });
    assert.equal((await client.status()).version, "secure");
    assert.equal(calls[0]?.get("authorization"), "Bearer secret");
  });

  void it("goes to the next address where one is silent, and does not wait for its deadline", async () => {
    const { routes } = statusRoutes(() => ({ version: "next" }));
    const silent = createTcpServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      await using server = await TestServer.start(routes, { tls: keys });
      const addresses = [`127.0.0.1:${(silent.address() as AddressInfo).port}`, server.address];
      await using first = connect(addresses, { tls: { ca: file("server.pem") } });
      assert.equal((await first.status()).version, "next");
      await using client = connect(addresses, { tls: { ca: file("server.pem") } });
      assert.equal((await errorOf(client.watch().next())).code, StatusCode.UNIMPLEMENTED);
    } finally {
      silent.close();
    }
  });

  void it("says that a server has none, and that a file has no certificate", async () => {
    await using server = await TestServer.start(statusRoutes(() => ({ version: "" })).routes);
    await using client = connect(server.address, { tls: true });
    assert.match((await errorOf(client.status())).message, /^TLS: [^\n]+$/);
    await using wrong = connect(server.address, { tls: { ca: file("server.key") } });
    await assert.rejects(wrong.status(), /server\.key: expected certificates in PEM, but found none/);
  });

  void it("refuses a server that the roots do not know, and says so", async () => {
    const { calls, routes } = statusRoutes(() => ({ version: "" }));
    await using server = await TestServer.start(routes, { tls: keys });
    await using client = connect(server.address, { tls: true });
    const { code, message } = await errorOf(client.status());
    assert.equal(code, StatusCode.UNAVAILABLE);
    assert.match(message, /self.signed certificate/);
    assert.equal(calls.length, 0);
  });

  void it("shows a client's certificate where the server wants one", async () => {
    const { routes } = statusRoutes(() => ({ version: "mutual" }));
    const tls = { ...keys, ca: readFileSync(file("client.pem")), requestCert: true, rejectUnauthorized: true };
    await using server = await TestServer.start(routes, { tls });
    const ca = file("server.pem");
    await using client = connect(server.address, { tls: { ca, cert: file("client.pem"), key: file("client.key") } });
    assert.equal((await client.status()).version, "mutual");
    await using stranger = connect(server.address, { tls: { ca } });
    assert.equal((await errorOf(stranger.status())).code, StatusCode.UNAVAILABLE);
  });

  void it("wants certificate and key together", async () => {
    await using client = connect("localhost", { tls: { cert: file("client.pem") } });
    await assert.rejects(client.status(), /a client certificate and its key/);
  });
});

void describe("a list", () => {
  void it("is read page by page, as far as somebody reads", async () => {
    const tokens: string[] = [];
    const event = (name: string) => ({ event: name, id: 1 }) as KernelEvent;
    await using server = await TestServer.start((router) =>
      router.service(RegistryService, {
        listEvents: ({ pageToken, kernel }) => {
          tokens.push(`${kernel} ${pageToken}`);
          const page = Number(pageToken || "0");
          return { events: [event(`a/${page}`), event(`b/${page}`)], nextPageToken: page < 5 ? `${page + 1}` : "" };
        },
      }),
    );
    await using client = connect(server.address);
    const names: string[] = [];
    for await (const { event: name } of client.events({ kernel: "k" })) {
      names.push(name);
      if (names.length === 3) {
        break;
      }
    }
    assert.deepEqual(names, ["a/0", "b/0", "a/1"]);
    assert.deepEqual(tokens, ["k ", "k 1"]);
  });
});

void describe("a check", () => {
  void it("sends the texts that the registry does not know, each once, and the types", async () => {
    const parts: CheckKernelRequest[] = [];
    await using server = await TestServer.start((router) => {
      router.service(RegistryService, {
        findMissingLayouts: ({ layoutHashes }) => {
          assert.equal(layoutHashes.length, 2, "one layout is asked for once");
          return { missing: layoutHashes };
        },
      });
      router.service(CompatibilityService, {
        checkKernel: async (requests) => {
          for await (const part of requests) {
            parts.push(part);
          }
          return { report: { series: "s" } };
        },
      });
    });
    await using client = connect(server.address);
    const types = { tracepoints: [], structs: [] };
    assert.equal((await client.check({ kernel: KERNEL, series: "s", types })).report?.series, "s");
    const [header, events] = parts.map(({ part }) => part);
    assert.ok(header?.case === "header" && events?.case === "events" && parts.length === 2);
    assert.equal(header.value.series, "s");
    assert.equal(header.value.identity?.release, "6");
    assert.deepEqual(
      events.value.events.map(({ event, id, text }) => [event, id, Buffer.from(text).toString()]),
      [
        ["a/b", 2, "ID: 2\nformat:\n"],
        ["c/d", 3, "ID: 3\nother:\n"],
        ["sched/sched_switch", 1, ""],
      ],
    );
  });

  void it("gets the registry's error even where the registry did not hear it out", async () => {
    await using server = await TestServer.start((router) => {
      router.service(RegistryService, { findMissingLayouts: ({ layoutHashes }) => ({ missing: layoutHashes }) });
      router.service(CompatibilityService, {
        checkKernel: () => {
          throw new ConnectError("no such series", Code.NotFound);
        },
      });
    });
    await using client = connect(server.address);
    const large = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`a/e${i}`, `${i}`.padEnd(200_000)]));
    const error = await errorOf(client.check({ kernel: { ...KERNEL, formats: large }, series: "s" }));
    assert.deepEqual([error.code, error.message], [StatusCode.NOT_FOUND, "no such series"]);
  });
});

void describe("a watch", () => {
  const change = (kernel: string) => ({ change: { case: "typesAdded" as const, value: { kernel } } });

  void it("puts parts together, and goes on after a cut with what follows the last whole revision", async () => {
    const asked: bigint[] = [];
    let cut: () => void = () => undefined;
    await using server = await TestServer.start((router) => {
      router.service(AdminService, { getStatus: () => ({}) });
      router.service(RegistryService, {
        watch: async function* ({ afterRevision }, context) {
          asked.push(afterRevision);
          for (let revision = afterRevision + 1n; revision <= 5n; revision++) {
            yield { revision, changes: [change(`${revision}a`)], more: true };
            if (revision === 3n && asked.length === 1) {
              // In the middle of a revision, whose first part must not count.
              setTimeout(cut, 20);
              await endOf(context);
            }
            yield { revision, changes: [change(`${revision}b`)], more: false };
          }
          await endOf(context);
        },
      });
    });
    cut = () => {
      server.cut();
    };
    await using client = connect(server.address);
    const abort = new AbortController();
    const seen: string[] = [];
    const lost: RegistryError[] = [];
    const watching = async () => {
      const onLost = (error: RegistryError) => lost.push(error);
      for await (const { revision, changes } of client.watch({ signal: abort.signal, onLost })) {
        seen.push(`${revision}: ${changes.map((one) => (one.change.value as { kernel: string }).kernel).join(" ")}`);
        if (revision === 5n) {
          abort.abort(new Error("seen enough"));
        }
      }
    };
    await assert.rejects(watching(), /seen enough/);
    assert.deepEqual(seen, ["1: 1a 1b", "2: 2a 2b", "3: 3a 3b", "4: 4a 4b", "5: 5a 5b"]);
    assert.deepEqual(asked, [0n, 2n]);
    assert.equal(lost.length, 1);
  });

  void it("ends when the registry refuses", async () => {
    await using server = await TestServer.start((router) => {
      router.service(AdminService, { getStatus: () => ({}) });
      router.service(RegistryService, {
        // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- it answers nothing
        watch: async function* (): AsyncGenerator<WatchResponse> {
          throw new ConnectError("not there yet", Code.OutOfRange);
        },
      });
    });
    await using client = connect(server.address);
    const { code } = await errorOf(client.watch({ afterRevision: 99n }).next());
    assert.equal(code, StatusCode.OUT_OF_RANGE);
  });

  void it("ends the call when the loop is left", async () => {
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    await using server = await TestServer.start((router) => {
      router.service(AdminService, { getStatus: () => ({}) });
      router.service(RegistryService, {
        watch: async function* (_, context) {
          context.signal.addEventListener("abort", ended);
          yield { revision: 1n };
          await endOf(context);
        },
      });
    });
    await using client = connect(server.address);
    for await (const { revision } of client.watch()) {
      assert.equal(revision, 1n);
      break;
    }
    await end;
  });

  void it("ends with the client, or with the signal's reason, while it waits to go on", async () => {
    for (const [end, expected] of [
      [(client: Client) => void client.close(), /the client was closed/],
      [
        (_: Client, abort: AbortController) => {
          abort.abort(new Error("enough"));
        },
        /^Error: enough$/,
      ],
    ] as const) {
      await using server = await TestServer.start((router) => {
        router.service(AdminService, { getStatus: () => ({}) });
        router.service(RegistryService, { watch: unavailable });
      });
      await using client = connect(server.address);
      const abort = new AbortController();
      const onLost = () => setTimeout(end, 0, client, abort);
      await assert.rejects(client.watch({ signal: abort.signal, onLost }).next(), expected);
    }
  });

  void it("says at once that nobody answers", async () => {
    await using client = connect(`127.0.0.1:${await freePort()}`);
    assert.equal((await errorOf(client.watch().next())).code, StatusCode.UNAVAILABLE);
  });
});

void describe("a translation", () => {
  const echo = async function* (requests: AsyncIterable<TranslateRequest>) {
    for await (const { part } of requests) {
      const count = part.case === "fileChunk" ? part.value.length : part.case === "pages" ? part.value.pages.length : 0;
      yield { items: [{ item: { case: "lost" as const, value: { count: BigInt(count) } } }] };
    }
  };
  const counts = async (client: Client, source: Parameters<Client["translate"]>[0]) => {
    const all: bigint[] = [];
    for await (const { item } of client.translate(source)) {
      assert.ok(item.case === "lost");
      all.push(item.value.count);
    }
    return all;
  };

  void it("sends what the source has in parts that the server takes", async () => {
    await using server = await TestServer.start((router) => router.service(TranslationService, { translate: echo }));
    await using client = connect(server.address);
    // eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
    const file = async function* () {
      yield new Uint8Array(600_000);
      yield new Uint8Array(1);
    };
    assert.deepEqual(await counts(client, { file: file() }), [0n, 262144n, 262144n, 75712n, 1n]);
    // eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous
    const pages = async function* () {
      yield { cpu: 0, pages: new Uint8Array((1 << 20) + 4096) };
    };
    assert.deepEqual(await counts(client, { pages: pages(), kernel: "k" }), [0n, 1048576n, 4096n]);
  });

  void it("asks the source for more only when the server takes it, and the server only when somebody reads", async () => {
    await using server = await TestServer.start((router) =>
      router.service(TranslationService, {
        translate: async function* (requests) {
          for await (const { part } of requests) {
            if (part.case === "pages") {
              const message = new Uint8Array(part.value.pages.length);
              yield { items: [{ item: { case: "events" as const, value: { events: [{ message }] } } }] };
            }
          }
        },
      }),
    );
    await using client = connect(server.address);
    const TOTAL = 400;
    let asked = 0;
    const pages = async function* () {
      for (; asked < TOTAL; asked++) {
        yield { cpu: 0, pages: new Uint8Array(256 << 10) };
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    let taken = 0;
    let most = 0;
    for await (const { item } of client.translate({ pages: pages(), kernel: "k" })) {
      assert.equal(item.case, "events");
      if (++taken % 50 === 1) {
        // Nobody reads for a while: 100 MiB must not pile up anywhere.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      most = Math.max(most, asked - taken);
    }
    assert.equal(taken, TOTAL);
    assert.ok(most < 60, `${most} parts of 256 KiB were on the way`);
  });

  void it("ends with the source's error", async () => {
    await using server = await TestServer.start((router) => router.service(TranslationService, { translate: echo }));
    await using client = connect(server.address);
    await assert.rejects(counts(client, { file: "/nowhere/trace.dat" }), { code: "ENOENT" });
  });

  void it("ends with the registry's error", async () => {
    await using server = await TestServer.start((router) =>
      router.service(TranslationService, {
        // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- it answers nothing
        translate: async function* () {
          throw new ConnectError("no trace", Code.InvalidArgument);
        },
      }),
    );
    await using client = connect(server.address);
    const { code, message } = await errorOf(counts(client, { file: "/dev/zero" }));
    assert.deepEqual([code, message], [StatusCode.INVALID_ARGUMENT, "no trace"]);
  });
});
