import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addressText, isLoopback, parseAddress, parseAddresses } from "../src/address.js";
import { connect } from "../src/index.js";

void describe("an address", () => {
  for (const [text, host, port] of [
    ["localhost", "localhost", 7411],
    ["registry.example:1", "registry.example", 1],
    ["10.0.0.1:65535", "10.0.0.1", 65535],
    ["[::1]", "::1", 7411],
    ["[fe80::1]:80", "fe80::1", 80],
  ] as const) {
    void it(`can be ${text}`, () => {
      assert.deepEqual(parseAddress(text), { host, port });
      assert.deepEqual(parseAddress(addressText({ host, port })), { host, port });
    });
  }

  for (const text of [
    "",
    ":1",
    "a:",
    "a:0",
    "a:65536",
    "a:b",
    "::1",
    "[::1",
    "[]:1",
    "a b",
    "http://a",
    "a:1:2",
    "[a]:1",
    "[:::::]:1",
    "[127.0.0.1]",
  ]) {
    void it(`cannot be "${text}"`, () => {
      assert.throws(() => parseAddress(text), { name: "TypeError", message: new RegExp("but found") });
    });
  }

  void it("can be several, with commas or as a list", () => {
    const both = [
      { host: "a", port: 1 },
      { host: "b", port: 7411 },
    ];
    assert.deepEqual(parseAddresses("a:1, b"), both);
    assert.deepEqual(parseAddresses(["a:1", "b"]), both);
    assert.throws(() => parseAddresses(" , "), /found none/);
  });

  void it("is this machine's own only if it cannot be another's", () => {
    for (const host of ["localhost", "LOCALHOST", "::1", "127.0.0.1", "127.255.1.2"]) {
      assert.ok(isLoopback({ host, port: 1 }), host);
    }
    for (const host of [
      "localhost.example",
      "127.example",
      "127.0.0.256",
      "128.0.0.1",
      "127.0.0.1.example",
      "0.0.0.0",
    ]) {
      assert.ok(!isLoopback({ host, port: 1 }), host);
    }
  });

  void it("is not sent a token in plain text, unless it is this machine's own", () => {
    assert.throws(() => connect("localhost,registry.example", { token: "t" }), /over TLS or to this machine only/);
    connect("registry.example", { token: "t", tls: true });
    connect("127.0.0.1", { token: "t" });
  });

  void it("is not sent a token that no header can carry, and the error does not show it", () => {
    for (const token of ["", "secret\n", "sec ret", "geheimnis\u00df"]) {
      assert.throws(() => connect("localhost", { token }), {
        name: "TypeError",
        message: "expected a token of printable ASCII characters without blanks",
      });
    }
  });
});
