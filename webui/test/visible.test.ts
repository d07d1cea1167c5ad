import assert from "node:assert/strict";
import { test } from "node:test";
import { visible } from "../src/visible";

test("leaves ordinary text of any script alone", () => {
  for (const text of ["wiki-57", "étude 日本語", "العربية", "हिन्दी", "क्‍ष", "👩‍👩‍👧", "❤️ <b>&amp;</b>"])
    assert.equal(visible(text), text);
});

test("marks what would reorder the line", () => {
  assert.equal(visible("\u202egnp.exe"), "U+202Egnp.exe");
  assert.equal(visible("a\u2066b\u2069\u061c\u200f"), "aU+2066bU+2069U+061CU+200F");
});

test("marks controls, line ends and invisible characters", () => {
  assert.equal(visible("a\u0000b\u001b[31m\u007f\u0085"), "a␀b␛[31m␡U+0085");
  assert.equal(visible("one\ntwo\u2028three"), "one␊twoU+2028three");
  assert.equal(visible("pay\u200bpal\ufeff\u00ad\u{e0041}"), "payU+200BpalU+FEFFU+00ADU+E0041");
  assert.equal(visible("\u200dx \u200cy"), "U+200Dx U+200Cy");
});

test("marks lone surrogates and private characters", () => {
  assert.equal(visible("\ud800x\ue000"), "U+D800xU+E000");
});
