// Puts the conformance suite's proto beside those that it imports, so that buf sees one module.
import { cpSync, mkdirSync, rmSync } from "node:fs";

const root = new URL("../../../", import.meta.url);
const out = new URL("../target/proto/", import.meta.url);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
cpSync(new URL("registry-api/src/main/protobuf/", root), out, { recursive: true });
cpSync(new URL("clients/conformance/conformance.proto", root), new URL("conformance.proto", out));
