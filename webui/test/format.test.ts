import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/format";

const plain = (text: string) => text.replaceAll("\u00a0", " ");

test("bytes have at most three figures and a binary unit", () => {
  const cases: [number, string][] = [
    [0, "0 B"],
    [999, "999 B"],
    [1000, "0.98 KiB"],
    [1536, "1.5 KiB"],
    [309_181, "302 KiB"],
    [644_245_094_400, "600 GiB"],
    [1023 * 1024 ** 2, "1 GiB"],
    [2 ** 53, "8 PiB"],
  ];
  for (const [amount, text] of cases) assert.equal(plain(format.bytes(amount)), text);
});

test("a share never rounds up to the whole", () => {
  assert.equal(format.percent(999_999, 1_000_000), "99.9%");
  assert.equal(format.percent(599, 600), "99.8%");
  assert.equal(format.percent(1, 1), "100%");
  assert.equal(format.percent(2, 3), "66%");
  assert.equal(format.percent(0, 0), "100%");
});

test("relative times are rounded towards now", () => {
  const now = Date.parse("2026-11-22T10:15:30Z");
  assert.equal(format.ago("2026-11-19T10:15:30Z", now), "3 days ago");
  assert.equal(format.ago("2026-11-22T10:15:00Z", now), "30 seconds ago");
  assert.equal(format.ago("2025-01-01T00:00:00Z", now), "last year");
});

test("a text in our language, else English, else any", () => {
  assert.equal(format.translated({ fr: "un", en: "one" }), "one");
  assert.equal(format.translated({ fr: "un" }), "un");
  assert.equal(format.translated({}), "");
});
