import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { identity, variable } from "./environment.js";

const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

void describe("the package, installed from its tarball in an empty folder", () => {
  const folder = join(ROOT, "target", "consumer");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const npm = (...args: string[]) =>
    execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, encoding: "utf8" });
  npm("pack", ROOT, "--ignore-scripts");
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }\n');
  npm("install", "--prefer-offline", "--no-save", "./tracery-0.1.0.tgz");

  void it("compiles the README's tool with its types", () => {
    copyFileSync(join(ROOT, "examples", "switches.ts"), join(folder, "switches.ts"));
    mkdirSync(join(folder, "node_modules", "@types"), { recursive: true });
    for (const types of ["@types/node", "undici-types"]) {
      symlinkSync(join(ROOT, "node_modules", types), join(folder, "node_modules", types));
    }
    const options = ["--strict", "--target", "es2022", "--lib", "es2023,esnext.disposable", "--module", "nodenext"];
    const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const args = [compiler, ...options, "--types", "node", "--skipLibCheck", "--ignoreConfig", "switches.ts"];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    assert.equal(status, 0, stdout);
  });

  void it("runs the README's tool", () => {
    const { release, build, machine, bits, order, pageSize } = identity();
    const records = join(folder, "records.bin");
    writeFileSync(records, Buffer.concat([Buffer.from([4, 0, 0, 0, 1, 2, 3, 4])]));
    const kernel = [variable("TRACERY_TEST_TRACEFS"), release, build, machine, `${bits}`, order, `${pageSize}`];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["switches.js", variable("TRACERY_TEST_SERVER"), records, ...kernel],
      { cwd: folder, encoding: "utf8", env: { ...process.env, XDG_CACHE_HOME: join(folder, "cache") } },
    );
    assert.equal(stderr, "");
    assert.equal(stdout, "undefined:undefined [R] ==> undefined:undefined\n");
    assert.equal(status, 0);
  });
});
