import assert from "node:assert/strict";
import { test } from "node:test";
import { EventReader } from "../src/events";

const wire =
  'id: 7\nevent: gone\ndata: {"topic":"releases","id":"aa"}\n\n: a comment\nevent: ping\nid: 8\ndata: {}\n\n';
const expected = [
  { event: "gone", id: 7, data: { topic: "releases", id: "aa" } },
  { event: "ping", id: 8, data: {} },
];

test("puts events together however the stream is cut", () => {
  for (let size = 1; size <= wire.length; size++) {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < wire.length; at += size) events.push(...reader.feed(wire.slice(at, at + size)));
    assert.deepEqual(events, expected);
  }
});

test("takes every line end that the standard allows", () => {
  for (const end of ["\r\n", "\r"])
    assert.deepEqual(new EventReader().feed(`${wire.replaceAll("\n", end)}:\n`), expected);
});

test("keeps the id of the event before where one has none, and drops events without data", () => {
  const reader = new EventReader();
  assert.deepEqual(reader.feed("id: 3\nevent: ping\n\n"), []);
  assert.deepEqual(reader.feed("event: ping\ndata: {}\n\n"), [{ event: "ping", id: 3, data: {} }]);
});
