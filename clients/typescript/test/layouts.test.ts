import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { eventId, layoutHash } from "../src/negotiate/format-text.js";
import { ByteOrder, WordSize } from "./gen/tracery/v1/kernel_pb.js";
import { LayoutVectorsSchema } from "./gen/conformance_pb.js";
import { Tally, vectors } from "./vectors.js";

void describe("a layout's hash and id are those of the conformance suite", () => {
  const tally = new Tally("layouts");
  after(() => {
    tally.report();
  });
  for (const { name, text, wordSize, byteOrder, hash, id } of vectors(LayoutVectorsSchema, "layouts.json").cases) {
    void it(name, () =>
      tally.run(() => {
        const bits = wordSize === WordSize.WORD_SIZE_64 ? 64 : 32;
        const order = byteOrder === ByteOrder.LITTLE_ENDIAN ? "little" : "big";
        assert.equal(Buffer.from(layoutHash(text, { bits, order })).toString("hex"), Buffer.from(hash).toString("hex"));
        assert.equal(eventId(text), id);
      }),
    );
  }
});
