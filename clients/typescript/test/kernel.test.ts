import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { endianness, machine, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { openKernel, type KernelIdentity } from "../src/kernel.js";

const IDENTITY: KernelIdentity = {
  release: "6.1.0",
  build: "#1",
  machine: "s390x",
  bits: 64,
  order: "big",
  pageSize: 4096,
};

void describe("a kernel's formats", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "tracery-"));
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const write = async (file: string, content: string | Uint8Array) => {
    await mkdir(join(root, file, ".."), { recursive: true });
    await writeFile(join(root, file), content);
  };

  void it("are read from a tracefs, from its folder events, or as they are given", async () => {
    await write("events/sched/sched_switch/format", "ID: 1\n");
    for (const source of [
      { tracefs: root, identity: IDENTITY },
      { tracefs: join(root, "events"), identity: IDENTITY },
      { formats: { "sched/sched_switch": "ID: 1\n" }, identity: IDENTITY },
      { formats: { "sched/sched_switch": Buffer.from("ID: 1\n") }, identity: IDENTITY },
    ]) {
      const kernel = await openKernel(source);
      assert.equal(kernel.identity, IDENTITY);
      assert.equal(Buffer.from((await kernel.format("sched/sched_switch"))!).toString(), "ID: 1\n");
      assert.equal(await kernel.format("sched/none"), undefined);
      assert.equal(await kernel.format("none/constructor"), undefined);
    }
    assert.equal(await (await openKernel({ formats: {}, identity: IDENTITY })).format("constructor"), undefined);
  });

  void it("are not read from outside of the folder", async () => {
    const kernel = await openKernel({ tracefs: root, identity: IDENTITY });
    for (const event of ["../..", "a/..", "a", "a/b/c", "", "/", "./a"]) {
      await assert.rejects(kernel.format(event), /expected an event as system\/name/, event);
    }
  });

  void it("that cannot be read, or are too long, are an error that names the file", async () => {
    await write("events/a/long/format", Buffer.alloc((1 << 20) + 1));
    await mkdir(join(root, "events/a/folder/format"), { recursive: true });
    const kernel = await openKernel({ tracefs: root, identity: IDENTITY });
    await assert.rejects(kernel.format("a/long"), /a\/long\/format has more than 1048576 bytes/);
    await assert.rejects(kernel.format("a/folder"), /a\/folder\/format cannot be read: .*EISDIR/);
  });

  void it("are the running kernel's if nothing is said, with what it says of itself", async () => {
    await assert.rejects(openKernel({}, root), /run as root, and if there is no events folder, mount it/);
    await write(
      "sys/kernel/debug/tracing/events/header_page",
      "\tfield: local_t commit;\toffset:8;\tsize:4;\tsigned:1;\n",
    );
    await write("proc/sys/kernel/osrelease", "6.12.1\n");
    await write("proc/sys/kernel/version", "#1 SMP\n");
    const auxv = new BigUint64Array([33n, 0x7fff00000000n, 6n, 65536n, 0n, 0n]);
    await write("proc/self/auxv", new Uint8Array(auxv.buffer));
    assert.deepEqual((await openKernel({}, root)).identity, {
      release: "6.12.1",
      build: "#1 SMP",
      machine: machine(),
      bits: 32,
      order: endianness() === "LE" ? "little" : "big",
      pageSize: 65536,
    });
  });

  void it("are in a folder", async () => {
    await assert.rejects(openKernel({ tracefs: join(root, "none"), identity: IDENTITY }), /none is no folder/);
  });
});
