import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, to } from "../src/address";

test("what `to` writes `parse` reads", () => {
  const address = to("release", ["a/b?c#d", "files"], { in: "papers/étude & co", empty: "", none: undefined });
  assert.deepEqual(parse(address), {
    screen: "release",
    parts: ["a/b?c#d", "files"],
    query: { in: "papers/étude & co" },
  });
});

test("nothing leads to the overview, and broken escapes do not throw", () => {
  assert.equal(parse("").screen, "overview");
  assert.deepEqual(parse("#/release/%E0%A4%A").parts, ["%E0%A4%A"]);
});
