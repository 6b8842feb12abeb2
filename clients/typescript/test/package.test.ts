import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);
const text = (file: string) => readFileSync(new URL(file, ROOT), "utf8");

void describe("the package", () => {
  void it("has the code with its types and sources, the README and the licence, and nothing else", () => {
    const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=silent"], {
      cwd: fileURLToPath(ROOT),
      encoding: "utf8",
    });
    // npm 11 answers a list, npm 12 an object by name.
    const packed = Object.values(JSON.parse(output) as Record<string, { files: { path: string }[] }>)[0];
    assert.ok(packed);
    const files = packed.files.map(({ path }) => path);
    const outside = files.filter((path) => !path.startsWith("dist/") && !path.startsWith("src/"));
    assert.deepEqual(outside.sort(), ["LICENSE", "README.md", "package.json"]);
    for (const source of files.filter((path) => path.startsWith("src/"))) {
      const compiled = source.replace(/^src/, "dist").replace(/\.ts$/, "");
      for (const suffix of [".js", ".js.map", ".d.ts", ".d.ts.map"]) {
        assert.ok(files.includes(compiled + suffix), compiled + suffix);
      }
    }
    const sources = files.filter((path) => path.startsWith("src/")).length;
    assert.equal(files.filter((path) => path.startsWith("dist/")).length, 4 * sources);
    assert.ok(files.includes("dist/index.js") && files.includes("dist/v1.d.ts"));
  });

  void it("has in its README the example to the letter, in fewer than 40 lines", () => {
    const example = text("examples/switches.ts");
    assert.ok(text("README.md").includes(`\`\`\`ts\n${example}\`\`\`\n`));
    assert.ok(example.split("\n").length <= 40);
  });

  void it("has the project's licence", () => {
    assert.equal(text("LICENSE"), text("../../LICENSE"));
  });

  void it("names no registry's host in its lock file", () => {
    assert.doesNotMatch(text("package-lock.json"), /"resolved"|registry\./);
  });

  void it("exports every generated file of tracery.v1", () => {
    const generated = text("src/v1.ts").matchAll(/"\.\/gen\/tracery\/v1\/(\w+)_pb\.js"/g);
    const protos = execFileSync(
      "ls",
      [fileURLToPath(new URL("../../registry-api/src/main/protobuf/tracery/v1", ROOT))],
      {
        encoding: "utf8",
      },
    );
    assert.deepEqual(
      Array.from(generated, ([, name]) => `${name}.proto`),
      protos.trim().split("\n"),
    );
  });
});
