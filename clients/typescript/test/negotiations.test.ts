import assert from "node:assert/strict";
import { access, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { create, fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { parseAddresses } from "../src/address.js";
import { Channel } from "../src/channel.js";
import { RefusedError, RegistryError, UnreachableError, type KernelIdentity, type Run } from "../src/index.js";
import {
  NegotiateRequestSchema,
  NegotiateResponseSchema,
  NegotiationService,
  type NegotiateRequest,
} from "../src/gen/tracery/v1/negotiation_service_pb.js";
import { Negotiator } from "../src/negotiate/negotiator.js";
import {
  Kind,
  NegotiationVectorsSchema,
  Source,
  type Exchange,
  type NegotiationCase,
  type Start,
  type Started,
} from "./gen/conformance_pb.js";
import { RunOutcome } from "./gen/tracery/v1/compatibility_pb.js";
import { ByteOrder, WordSize } from "./gen/tracery/v1/kernel_pb.js";
import { TestServer } from "./server.js";
import { Tally, vectors } from "./vectors.js";

const SOURCES = { registry: Source.REGISTRY, cache: Source.CACHE, "cache-offline": Source.CACHE_OFFLINE };

void describe("a negotiation makes the calls of the conformance suite and gives the tool their result", () => {
  const tally = new Tally("negotiations");
  const requests: NegotiateRequest[] = [];
  let exchanges: readonly Exchange[] = [];
  let server: TestServer;
  let channel: Channel;
  before(async () => {
    server = await TestServer.start((router) =>
      router.service(NegotiationService, {
        negotiate: (request) => {
          const exchange = exchanges[requests.push(request) - 1];
          switch (exchange?.answer.case) {
            case "response":
              return fromBinary(NegotiateResponseSchema, exchange.answer.value);
            case "status":
              throw new ConnectError("as the case says", exchange.answer.value);
            default:
              throw new ConnectError("a call that the case does not have");
          }
        },
      }),
    );
    channel = new Channel(parseAddresses(server.address), { tls: undefined, token: undefined, userAgent: "test" });
  });
  after(async () => {
    channel.close();
    await server.stop();
    tally.report();
  });

  for (const one of vectors(NegotiationVectorsSchema, "negotiations.json").cases) {
    void it(one.name, () =>
      tally.run(async () => {
        const folder = await mkdtemp(join(tmpdir(), "tracery-"));
        try {
          await writeFormats(one, join(folder, "events"));
          for (const start of one.starts) {
            requests.length = 0;
            exchanges = start.exchanges;
            await play(one, start, folder);
          }
        } finally {
          await rm(folder, { recursive: true });
        }
      }),
    );
  }

  async function play({ tool, kernel }: NegotiationCase, start: Start, folder: string): Promise<void> {
    assert.ok(tool && kernel && start.time && start.result);
    const cache = join(folder, "answers");
    const kept = join(cache, start.keptName);
    if (start.kept !== undefined) {
      await mkdir(cache, { recursive: true, mode: 0o700 });
      await writeFile(kept, start.kept);
    }
    const identity: KernelIdentity = {
      release: kernel.release,
      build: kernel.build,
      machine: kernel.machine,
      bits: kernel.wordSize === WordSize.WORD_SIZE_64 ? 64 : 32,
      order: kernel.byteOrder === ByteOrder.LITTLE_ENDIAN ? "little" : "big",
      pageSize: kernel.pageSize,
    };
    const now = Number(start.time.seconds) * 1000 + start.time.nanos / 1e6;
    const negotiator = new Negotiator(
      (request, millis) => channel.unary(NegotiationService.method.negotiate, request, millis),
      // Why so long: a busy machine must not change what is tested.
      { cache, dryRun: start.dryRun, deadlineMillis: 60_000 },
      () => now,
    );
    const result = await negotiator.negotiate(tool, { tracefs: folder, identity }).then((run) => started(run), failed);
    assert.deepEqual(
      requests.map((request) => toJson(NegotiateRequestSchema, request)),
      start.exchanges.map(({ request }) =>
        toJson(
          NegotiateRequestSchema,
          fromBinary(
            NegotiateRequestSchema,
            toBinary(NegotiateRequestSchema, request ?? create(NegotiateRequestSchema)),
          ),
        ),
      ),
    );
    assert.deepEqual(result, expected(start.result));
    const isKept = await access(kept).then(
      () => true,
      () => false,
    );
    assert.equal(isKept, start.isKept, "whether the answer is kept");
  }
});

type Result = Omit<Started, "$typeName" | "$unknown">;

const NOTHING: Omit<Result, "kind"> = {
  outcome: RunOutcome.UNSPECIFIED,
  source: Source.UNSPECIFIED,
  reasons: [],
  warnings: [],
  notes: [],
  events: [],
  status: 0,
};

function started(run: Run, kind = Kind.STARTED): Result {
  for (const event of run.events) {
    assert.equal(run.decoder(event).event, event);
  }
  return {
    kind,
    outcome: run.outcome,
    source: SOURCES[run.source],
    reasons: [...run.reasons],
    warnings: withoutWhy(run.warnings),
    notes: [...run.notes],
    events: [...run.events],
    status: 0,
  };
}

function failed(error: unknown): Result {
  if (error instanceof RefusedError) {
    for (const reason of error.reasons) {
      assert.ok(error.message.includes(reason), error.message);
    }
    assert.deepEqual(error.reasons, error.run.reasons);
    return started(error.run, Kind.REFUSED);
  }
  if (error instanceof UnreachableError) {
    return { ...NOTHING, kind: Kind.UNREACHABLE };
  }
  if (error instanceof RegistryError) {
    return { ...NOTHING, kind: Kind.FAILED, status: error.code };
  }
  throw error;
}

function withoutWhy(warnings: readonly string[]): string[] {
  return warnings.map((warning) => warning.replace(/^(the registry cannot be reached) \(.+\);/, "$1 (...);"));
}

function expected({ kind, outcome, source, reasons, warnings, notes, events, status }: Started): Result {
  return { kind, outcome, source, reasons, warnings, notes, events, status };
}

async function writeFormats({ formats, unreadable }: NegotiationCase, events: string): Promise<void> {
  await mkdir(events);
  for (const { event, text } of formats) {
    const file = join(events, event, "format");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  for (const event of unreadable) {
    await mkdir(join(events, event, "format"), { recursive: true });
  }
}
