import assert from "node:assert/strict";
import { test } from "node:test";
import { Pages, type Load } from "../src/parts/pages";

interface Row {
  id: string;
  n: number;
}

/** A list of `total` rows that notes which pages were asked for. */
function source(total: number) {
  const asked: number[] = [];
  const load: Load<Row> = async ({ offset, limit }) => {
    asked.push(offset);
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, index) => ({
      id: String(offset + index),
      n: 0,
    }));
    return { rows, total };
  };
  return { asked, load };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

test("reads only the pages in view, each once", async () => {
  const { asked, load } = source(10_000);
  const pages = new Pages(load, 100);
  pages.show(0, 40);
  await settled();
  pages.show(0, 40);
  pages.show(5_080, 5_120);
  await settled();
  assert.deepEqual(asked, [0, 5_000, 5_100]);
  assert.equal(pages.row(5_119)?.id, "5119");
  assert.equal(pages.row(200), undefined);
});

test("asks for nothing beyond the end", async () => {
  const { asked, load } = source(150);
  const pages = new Pages(load, 100);
  pages.show(0, 10);
  await settled();
  pages.show(90, 900);
  await settled();
  assert.deepEqual(asked, [0, 100]);
});

test("a restart keeps the old rows until the new ones are here, and late answers of the old list are dropped", async () => {
  const pages = new Pages(source(3).load, 100);
  pages.show(0, 10);
  await settled();
  let release = () => {};
  const slow: Load<Row> = () =>
    new Promise((resolve) => {
      release = () => resolve({ rows: [{ id: "late", n: 0 }], total: 1 });
    });
  pages.restart(slow);
  assert.equal(pages.row(0)?.id, "0");
  pages.restart(async () => ({ rows: [{ id: "new", n: 0 }], total: 1 }));
  release();
  await settled();
  assert.equal(pages.row(0)?.id, "new");
  assert.equal(pages.total.value, 1);
});

test("patches the row it has and says when it has none", async () => {
  const pages = new Pages(source(3).load, 100);
  pages.show(0, 2);
  await settled();
  assert.equal(pages.patch("1", { n: 5 }), true);
  assert.equal(pages.row(1)?.n, 5);
  assert.equal(pages.patch("77", { n: 5 }), false);
});

test("a failed page is asked for again", async () => {
  let fail = true;
  const { load } = source(3);
  const pages = new Pages<Row>(
    (window, signal) => (fail ? Promise.reject(new Error("no")) : load(window, signal)),
    100,
  );
  pages.show(0, 2);
  await settled();
  assert.ok(pages.error.value);
  fail = false;
  pages.restart();
  await settled();
  assert.equal(pages.error.value, undefined);
  assert.equal(pages.total.value, 3);
});
