import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { create } from "@bufbuild/protobuf";
import { AnswerFolder, defaultAnswerFolder } from "../src/negotiate/answer-folder.js";
import { NegotiateResponseSchema } from "../src/v1.js";

const answer = create(NegotiateResponseSchema, { kernel: "0123456789abcdef" });

void describe("the folder of answers", () => {
  let root: string;
  let folder: string;
  let warnings: string[];
  const listen = (warning: Error) => warnings.push(warning.message);
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "tracery-"));
    folder = join(root, "a", "b");
    warnings = [];
    process.on("warning", listen);
  });
  afterEach(async () => {
    process.off("warning", listen);
    await rm(root, { recursive: true });
  });

  /** Warnings come after what was running. */
  const warned = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return warnings;
  };

  void it("is made for the user only, and gives back what was put there", async () => {
    const answers = new AnswerFolder(folder, 1 << 20);
    assert.equal(await answers.get("q"), undefined);
    await answers.put("q", { time: 1234, answer });
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(folder, "q.answer"))).mode & 0o777, 0o600);
    assert.deepEqual(await answers.get("q"), { time: 1234, answer });
    assert.deepEqual(await readdir(folder), ["q.answer"]);
    assert.deepEqual(await warned(), []);
  });

  void it("is not used if others can write to it, or if it is a link", async () => {
    const answers = new AnswerFolder(folder, 1 << 20);
    await answers.put("q", { time: 1, answer });
    await chmod(folder, 0o770);
    assert.equal(await answers.get("q"), undefined);
    await answers.put("r", { time: 1, answer });
    await chmod(folder, 0o700);
    await symlink(folder, join(root, "link"));
    assert.equal(await new AnswerFolder(join(root, "link"), 1 << 20).get("q"), undefined);
    assert.deepEqual(await readdir(folder), ["q.answer"]);
    const texts = (await warned()).join("\n");
    assert.match(texts, /can be written to by others; chmod 700 it/);
    assert.match(texts, /link is no folder/);
  });

  void it("that cannot be made costs a warning, and the tool goes on", async () => {
    await writeFile(join(root, "a"), "");
    const answers = new AnswerFolder(folder, 1 << 20);
    await answers.put("q", { time: 1, answer });
    assert.equal(await answers.get("q"), undefined);
    assert.match((await warned()).join("\n"), /the registry's answer cannot be kept in/);
  });

  void it("drops what was not used for longest when there is too much, and old unfinished files, and nothing else", async () => {
    const answers = new AnswerFolder(folder, 300);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const hours = (n: number) => new Date(Date.now() - n * 3_600_000);
    for (const [name, age] of [
      ["old.answer", 3],
      ["older.answer", 4],
      ["new.answer", 1],
      ["left.part", 2],
      ["notes", 5],
      ["busy.part", 0],
    ] as const) {
      await writeFile(join(folder, name), Buffer.alloc(name.endsWith(".part") ? 1 : 100));
      await utimes(join(folder, name), hours(age), hours(age));
    }
    await answers.put("q", { time: 1, answer });
    assert.deepEqual((await readdir(folder)).sort(), ["busy.part", "new.answer", "notes", "old.answer", "q.answer"]);
  });

  void it("keeps an answer that was used, and no answer that is larger than the bound", async () => {
    const answers = new AnswerFolder(folder, 200);
    await answers.put("used", { time: 1, answer });
    await answers.put("unused", { time: 1, answer });
    const old = new Date(Date.now() - 3_600_000);
    await utimes(join(folder, "used.answer"), old, old);
    await utimes(join(folder, "unused.answer"), old, old);
    assert.ok(await answers.get("used"));
    await answers.put("new", { time: 1, answer });
    assert.deepEqual((await readdir(folder)).sort(), ["new.answer", "used.answer"]);
    await new AnswerFolder(folder, 50).put("large", { time: 1, answer });
    assert.deepEqual((await readdir(folder)).sort(), ["new.answer", "used.answer"]);
  });

  void it("has whole files only, however many write", async () => {
    const answers = new AnswerFolder(folder, 1 << 20);
    const put = (time: number) => answers.put("q", { time, answer });
    await Promise.all([...Array.from({ length: 20 }, (_, i) => put(i)), answers.get("q")]);
    assert.ok(await answers.get("q"));
    assert.deepEqual(await readdir(folder), ["q.answer"]);
    assert.deepEqual(await warned(), []);
  });

  void it("is in the user's caches", () => {
    const set = process.env.XDG_CACHE_HOME;
    try {
      process.env.XDG_CACHE_HOME = "/caches";
      assert.equal(defaultAnswerFolder(), "/caches/tracery/negotiations");
      process.env.XDG_CACHE_HOME = "relative";
      assert.match(defaultAnswerFolder()!, /^\/.*\/\.cache\/tracery\/negotiations$/);
    } finally {
      delete process.env.XDG_CACHE_HOME;
      if (set !== undefined) {
        process.env.XDG_CACHE_HOME = set;
      }
    }
  });
});
