import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { go, launch, median, meter, openPage, screens, startMock } from "./browser.mjs";

let browser;
let mock;
before(async () => {
  [browser, mock] = [await launch(), await startMock("--releases", "10000")];
});
after(async () => {
  await browser.close();
  await mock.stop();
});

test("first load: at most 10 requests, all to ourselves, at most 100 kB", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const loaded = [];
  page.on("response", (response) => loaded.push(response));
  await page.goto(mock.address);
  await page.getByText("releases held").waitFor();
  await page.waitForTimeout(500);
  assert.ok(loaded.length <= 10, loaded.map((response) => response.url()).join("\n"));
  assert.ok(loaded.every((response) => response.url().startsWith(`${mock.origin}/`)));
  let size = 0;
  for (const response of loaded.filter((each) => !each.url().includes("/api/")))
    size += gzipSync(await response.body()).length;
  assert.ok(size <= 100_000, `${size} bytes`);
  await context.close();
});

test("no polling: a page at rest asks for nothing", async () => {
  const { page, requests, close } = await openPage(browser, mock.address);
  await go(page, screens.library);
  const before_ = requests.length;
  await page.waitForTimeout(3000);
  assert.deepEqual(requests.slice(before_), []);
  await close();
});

/** In milliseconds of work: from a key to what it finds, drawn; and one frame of a list that is scrolled, at 60 a second. */
const searchToPaint = 50;
const frame = 1000 / 60;

test("ten thousand rows scroll without a stall and without being built", async () => {
  const { page, faults, close } = await openPage(browser, mock.address);
  await go(page, screens.library);
  await page.getByText("10,000 releases").waitFor();
  const measure = await meter(page);
  const steps = 120;
  const frames = [];
  let most = 0;
  for (let step = 0; step <= steps; step++) {
    const work = await measure(async () => {
      const rows = await page.evaluate(async (share) => {
        const box = document.querySelector(".scroller");
        box.scrollTop = box.scrollHeight * share;
        await new Promise(requestAnimationFrame);
        return box.querySelectorAll("[role=row]").length;
      }, step / steps);
      most = Math.max(most, rows);
    });
    frames.push(work);
  }
  frames.sort((a, b) => a - b);
  console.log(
    `a frame takes ${median(frames).toFixed(1)} ms, at worst ${frames.at(-1).toFixed(1)}; at most ${most} rows built`,
  );
  assert.ok(most < 60, `${most} rows`);
  assert.ok(median(frames) < frame, `${median(frames)} ms`);
  await page.locator("[aria-rowindex='10001'] a").waitFor();
  assert.deepEqual(faults, []);
  await close();
});

/** Types in the page itself, so that only the page and the mock are measured. Tells how long it took on the wall. */
async function typeAndSee(text) {
  const input = document.activeElement;
  const started = performance.now();
  input.value = text;
  input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  const isThere = () => document.querySelector("[aria-rowindex='2'] a")?.textContent.startsWith(text);
  while (!isThere() && performance.now() - started < 5000) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - started;
}

test("search to paint, sort and filters are the daemon's work, and in the address", async () => {
  const { page, close } = await openPage(browser, mock.address);
  await go(page, screens.library);
  const field = page.getByRole("searchbox");
  await field.focus();
  const measure = await meter(page);
  const [work, wall] = [[], []];
  for (const word of [
    "maps",
    "zines",
    "field-notes",
    "lectures",
    "maps",
    "zines",
    "field-notes",
    "lectures",
    "herbarium",
  ]) {
    work.push(await measure(async () => wall.push(await page.evaluate(typeAndSee, word))));
  }
  console.log(`search to paint: ${median(work).toFixed(1)} ms of work, ${median(wall).toFixed(1)} ms on the wall`);
  assert.ok(median(work) < searchToPaint, `${work} ms`);
  await page.getByRole("combobox", { name: /^State/ }).selectOption("held");
  await page.getByRole("button", { name: /^Size/ }).click();
  await page.getByRole("button", { name: /^Size/ }).click();
  await page.waitForFunction(() => location.hash.includes("sort=-size"));
  assert.match(page.url(), /#\/library\?(?=.*q=herbarium)(?=.*state=held)(?=.*sort=-size)/);
  await page.waitForTimeout(300);
  const rows = await page.locator(".spacer .row").allInnerTexts();
  assert.ok(rows.length > 5 && rows.every((row) => /herbarium/.test(row) && /Held/.test(row)));
  await page.reload();
  await page.waitForFunction(() =>
    /^herbarium/.test(document.querySelector("[aria-rowindex='2'] a")?.textContent ?? ""),
  );
  assert.equal(await field.inputValue(), "herbarium");
  await field.fill("there is no such thing");
  await page.getByText("Nothing matches.").waitFor();
  await close();
});

test("keyboard: search, go, move, select, open, help", async () => {
  const { page, close } = await openPage(browser, mock.address);
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.getByRole("heading", { level: 1, name: "Library" }).waitFor();
  await page.locator("[aria-rowindex='4'] a").waitFor();
  for (const key of ["j", "j", "j", "k"]) {
    await page.keyboard.press(key);
    await page.waitForTimeout(60);
  }
  assert.equal(
    await page.evaluate(() => document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex")),
    "3",
  );
  await page.keyboard.press("x");
  await page.getByText("1 selected").waitFor();
  for (let step = 0; step < 40; step++) await page.keyboard.press("j");
  await page.waitForFunction(
    () => document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex") === "43",
  );
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("type")), "search");
  await page.keyboard.type("gj");
  assert.equal(await page.getByRole("searchbox").inputValue(), "gj");
  await page.getByRole("searchbox").fill("");
  await page.locator("[aria-rowindex='2'] a").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/release\//);
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  for (const [key, name] of [
    ["o", "Overview"],
    ["p", "Publishers"],
    ["v", "Verify"],
    ["m", "Mirror"],
    ["a", "Activity"],
    ["s", "Settings"],
  ]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await page.getByRole("heading", { level: 1, name }).waitFor({ state: "attached" });
  }
  await close();
});

test("a folder of a hundred thousand files opens as one of ten", async () => {
  const { page, faults, close } = await openPage(browser, mock.address);
  await go(page, "#/library?sort=-size&state=held");
  await page.locator("[aria-rowindex='2'] a").click();
  await page.getByRole("link", { name: "Files" }).click();
  await page.getByRole("link", { name: "articles" }).click();
  await page.locator("[aria-rowcount='100001']").waitFor();
  await page.locator(".scroller").evaluate((box) => {
    box.scrollTop = box.scrollHeight;
  });
  await page.getByText("Article 100000.mediawiki").waitFor();
  assert.deepEqual(faults, []);
  await close();
});

test("typing in the search from another screen leads to the library and keeps the field", async () => {
  const { page, close } = await openPage(browser, mock.address);
  await page.keyboard.press("/");
  await page.keyboard.type("maps", { delay: 30 });
  await page.getByRole("heading", { level: 1, name: "Library" }).waitFor();
  await page.waitForFunction(() => location.hash.endsWith("q=maps"));
  assert.equal(await page.getByRole("searchbox").inputValue(), "maps");
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("type")), "search");
  await close();
});
