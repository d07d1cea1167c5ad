import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { test } from "node:test";
import golden from "../../tests/api/golden/signatures.json";
import { isGood, read } from "../mock/minisign";
import { keys } from "../mock/world";

const feed = "mock/feed/";

test("every document of the golden chain lies in the mock's feed, byte for byte", async () => {
  for (const { document, sha256, size_bytes } of golden.chain.filter((link) => link.kind !== "content")) {
    const bytes = await readFile(feed + document);
    assert.equal(bytes.length, size_bytes);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256);
  }
});

test("the mock tells good signatures from bad ones", async () => {
  const document = await readFile(`${feed}releases/demo-2.json`);
  const signature = read(await readFile(`${feed}releases/demo-2.json.minisig`, "utf8"));
  assert.ok(signature);
  const blake = (bytes: Buffer) => createHash("blake2b512").update(bytes).digest();
  assert.equal(isGood(signature, blake(document), keys.release), true);
  assert.equal(isGood(signature, blake(Buffer.concat([document, Buffer.from(" ")])), keys.release), false);
  assert.equal(isGood(signature, blake(document), keys.root1), false);
  assert.equal(isGood({ ...signature, comment: "another" }, blake(document), keys.release), false);
  assert.equal(read("untrusted comment: x\nAAAA\ntrusted comment: y\nAAAA\n"), undefined);
});
