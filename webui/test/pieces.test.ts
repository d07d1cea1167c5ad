import assert from "node:assert/strict";
import { test } from "node:test";
import golden from "../../tests/api/golden/pieces.json";
import { has, runs, shares } from "../src/pieces";

test("the first piece is the most significant bit", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 8].map((piece) => has("8140", piece)),
    [true, false, false, false, false, false],
  );
  assert.equal(has("8140", 7), true);
  assert.equal(has("8140", 9), true);
});

test("the golden's bits say what its count says, and no more pieces than it has", () => {
  assert.deepEqual(runs(golden.bits, golden.pieces), [{ first: 0, length: golden.have, have: true }]);
});

test("runs join neighbours of one state", () => {
  assert.deepEqual(runs("f0", 8), [
    { first: 0, length: 4, have: true },
    { first: 4, length: 4, have: false },
  ]);
  assert.deepEqual(runs("", 0), []);
});

test("a cell for several pieces is as full as they are", () => {
  assert.deepEqual(shares("f0", 8, 4), [1, 1, 0, 0]);
  assert.deepEqual(shares("aa", 8, 2), [0.5, 0.5]);
  assert.deepEqual(shares("f0", 8, 100), [1, 1, 1, 1, 0, 0, 0, 0]);
});
