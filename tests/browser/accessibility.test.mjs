import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { go, launch, openPage, screens, startMock } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
let mock;
before(async () => {
  [browser, mock] = [await launch(), await startMock()];
});
after(async () => {
  await browser.close();
  await mock.stop();
});

/** What axe finds, in words. Its own script is why the policy is off here, and only here. */
async function violations(page) {
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ target, failureSummary }) => `${target} ${failureSummary}`)
        .slice(0, 3)
        .join("; ")}`,
  );
}

for (const [width, height] of [
  [1200, 800],
  [390, 844],
]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`no violation on any screen at ${width} px, ${colorScheme}`, async () => {
      const { page, close } = await openPage(browser, mock.address, {
        viewport: { width, height },
        colorScheme,
        bypassCSP: true,
        reducedMotion: "reduce",
      });
      await page.evaluate(axe);
      for (const [name, hash] of Object.entries(screens)) {
        await go(page, hash);
        assert.deepEqual(await violations(page), [], name);
        const beyond = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(beyond <= 0, `${name} is ${beyond} px wider than the window`);
      }
      await page.keyboard.press("?");
      assert.deepEqual(await violations(page), [], "keyboard dialog");
      await close();
    });
  }
}

test("no violation on the screen without a token, nor on a phone's open menu", async () => {
  const closed = await openPage(browser, `${mock.origin}/`, {
    bypassCSP: true,
  });
  await closed.page.evaluate(axe);
  assert.deepEqual(await violations(closed.page), []);
  await closed.close();
  const phone = await openPage(browser, mock.address, {
    viewport: { width: 390, height: 844 },
    bypassCSP: true,
  });
  await phone.page.getByRole("button", { name: "More" }).click();
  await phone.page.evaluate(axe);
  assert.deepEqual(await violations(phone.page), []);
  await phone.close();
});

test("each screen has one heading of the first rank, a title, and takes the focus", async () => {
  const { page, close } = await openPage(browser, mock.address);
  for (const [name, hash] of Object.entries(screens).reverse()) {
    await go(page, hash);
    assert.equal(await page.locator("h1").count(), 1, name);
    assert.match(await page.title(), /^\S.* · Croft$/, name);
  }
  await go(page, screens.verify);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "main");
  await close();
});

test("right to left nothing sticks out and the rail is on the other side", async () => {
  const { page, close } = await openPage(browser, mock.address);
  await page.evaluate(() => {
    document.documentElement.dir = "rtl";
  });
  for (const hash of Object.values(screens)) {
    await go(page, hash);
    assert.ok(
      await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth),
      hash,
    );
  }
  const rail = await page.locator(".rail").boundingBox();
  assert.ok(rail && rail.x > 600);
  await close();
});
