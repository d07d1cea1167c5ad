import assert from "node:assert/strict";
import { readFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { feed, followUri, go, launch, openPage, screens, startMock } from "./browser.mjs";

let browser;
let folder;
before(async () => {
  [browser, folder] = [await launch(), await mkdtemp(join(tmpdir(), "croft-browser-"))];
});
after(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

/** One mock and one page for a test, both gone afterwards. */
async function withPage(args, act, prefix = "") {
  const mock = await startMock(...args, ...(prefix ? ["--prefix", prefix] : []));
  const opened = await openPage(browser, mock.address);
  try {
    await act({ ...opened, mock });
    assert.deepEqual(opened.faults, []);
  } finally {
    await opened.close();
    await mock.stop();
  }
}

test("first run: paste a link, compare the fingerprint, follow, unfollow", () =>
  withPage(["--releases", "0"], async ({ page }) => {
    await page.getByRole("link", { name: "Follow a publisher" }).click();
    const field = page.getByLabel("Follow link or address of a feed");
    await field.fill("not a link");
    await page.getByRole("button", { name: "Look" }).click();
    await page.getByRole("alert").getByText("this is no follow link").waitFor();
    await field.fill(followUri);
    await page.getByRole("button", { name: "Look" }).click();
    const print = page.getByLabel("Fingerprint", { exact: true });
    assert.equal((await print.innerText()).replace(/\s+/g, "-"), "49XH-7594-88BA-66D7-KJHK");
    await page.getByRole("button", { name: "Follow provisionally" }).waitFor();
    await page.getByLabel("Your own name for it").fill("archive");
    await page.getByLabel("I compared the fingerprint").check();
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "archive" }).waitFor();
    await page.getByText("Confirmed", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Check now" }).click();
    await page.getByText("Nothing new").waitFor();
    await page.getByRole("button", { name: "Unfollow" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Unfollow" }).click();
    await page.getByLabel("Follow link or address of a feed").waitFor();
    assert.equal(await page.getByText("archive", { exact: true }).count(), 0);
  }));

test("a feed that names no publisher says so, and is followed provisionally until confirmed", () =>
  withPage(["--releases", "0"], async ({ page }) => {
    await go(page, screens.follow);
    await page.getByLabel("Follow link or address of a feed").fill("https://archive.example/feed/");
    await page.getByRole("button", { name: "Look" }).click();
    await page.getByText("The address names no publisher").waitFor();
    await page.getByRole("button", { name: "Follow provisionally" }).click();
    await page.getByText("Not confirmed", { exact: true }).waitFor();
    await page.getByRole("button", { name: "I compared the fingerprint" }).click();
    await page.getByText("Confirmed", { exact: true }).waitFor();
  }));

test("an update that takes much away waits, is named on the overview, and is taken by a yes", () =>
  withPage(["--releases", "20"], async ({ page }) => {
    await page.getByRole("link", { name: "Decide…" }).click();
    await page.getByRole("heading", { level: 1, name: "openpapers" }).waitFor();
    const notice = page.locator(".notice", { hasText: "Catalogue 20 waits for your yes" });
    assert.match(await notice.innerText(), /3 works[^]*proceedings[^]*reviews[^]*theses[^]*deletes nothing/);
    await page.getByRole("button", { name: "Take this update" }).click();
    await notice.waitFor({ state: "detached" });
    await page.getByText("20 · ").waitFor();
    await go(page, screens.overview);
    assert.equal(await page.getByRole("link", { name: "Decide…" }).count(), 0);
  }));

test("what is not there says so, under a heading, with a way back", () =>
  withPage(["--releases", "20"], async ({ page }) => {
    await go(page, "#/release/none-1");
    await page.getByRole("heading", { level: 1, name: "Release" }).waitFor();
    await page.getByText("no release is called none-1").waitFor();
    await page.locator("main").getByRole("link", { name: "Library" }).click();
    await page.getByRole("heading", { level: 1, name: "Library" }).waitFor();
    await go(page, "#/nowhere");
    await page.getByRole("heading", { level: 1, name: "There is no such page" }).waitFor();
  }));

test("the licences of what the page is made of are a click away", () =>
  withPage(["--releases", "20"], async ({ page }) => {
    await go(page, screens.settings);
    await page.getByRole("link", { name: "Licences" }).click();
    const text = await page.locator("body").innerText();
    for (const name of ["Preact", "Preact Signals", "Lucide"]) assert.ok(text.includes(name), name);
  }));

test("verify: a good file, a changed one, an unknown key, no signature at all", () =>
  withPage(["--releases", "20"], async ({ page }) => {
    const [file, signature] = [`${feed}releases/demo-2.json`, `${feed}releases/demo-2.json.minisig`];
    await go(page, screens.verify);
    const input = page.locator("input[type=file]");
    await input.setInputFiles([signature]);
    await page.getByText("The file: not chosen yet").waitFor();
    await input.setInputFiles([file]);
    await page.getByRole("heading", { name: "Valid", exact: true }).waitFor();
    assert.match(
      await page.locator(".judgement").innerText(),
      /Signed by example[^]*minisign -HVm 'demo-2\.json' -P RWRAVzji/,
    );

    const changed = join(folder, "demo-2.json");
    await writeFile(changed, `${await readFile(file, "utf8")} `);
    await input.setInputFiles([changed, signature]);
    await page.getByRole("heading", { name: "Not valid" }).waitFor();
    await page.getByText("the content differs from what was signed").waitFor();

    const unknown = join(folder, "unknown.minisig");
    const [untrusted, bytes, ...rest] = (await readFile(signature, "utf8")).split("\n");
    const other = Buffer.from(bytes, "base64");
    other[5] ^= 1;
    await writeFile(unknown, [untrusted, other.toString("base64"), ...rest].join("\n"));
    await input.setInputFiles([file, unknown]);
    await page.getByRole("heading", { name: "Unknown key" }).waitFor();

    const nonsense = join(folder, "nonsense.minisig");
    await writeFile(nonsense, "this is no signature\n");
    await input.setInputFiles([file, nonsense]);
    await page.getByRole("alert").getByText("this is no minisign signature").waitFor();
  }));

test("signature chain: every link has its exact bytes and a command", () =>
  withPage(["--releases", "20"], async ({ page }) => {
    await go(page, screens.signatures);
    const links = page.locator(".chain > li");
    assert.equal(await links.count(), 6);
    for (let index = 0; index < 6; index++)
      assert.match(await links.nth(index).innerText(), /sha256sum -c|minisign -HVm|croft verify/);
    await links.nth(2).getByRole("button", { name: "Show the exact bytes" }).click();
    const shown = await links.nth(2).locator("pre.exact").textContent();
    assert.equal(shown?.trimEnd(), (await readFile(`${feed}catalogue.json`, "utf8")).trimEnd());
    const download = page.waitForEvent("download");
    await links.nth(2).getByRole("button", { name: "catalogue.json.minisig" }).click();
    const saved = await download;
    assert.equal(saved.suggestedFilename(), "catalogue.json.minisig");
    assert.deepEqual(await readFile(await saved.path()), await readFile(`${feed}catalogue.json.minisig`));
  }));

test("mirror: another budget shows another plan, and only Apply changes it", () =>
  withPage(["--releases", "300"], async ({ page }) => {
    await go(page, screens.mirror);
    const field = page.getByRole("spinbutton", { name: "Budget" });
    assert.equal(await field.inputValue(), "600");
    await field.fill("500");
    await page.getByText("The plan with this budget").waitFor();
    await page.getByRole("button", { name: "Revert" }).click();
    assert.equal(await field.inputValue(), "600");
    await field.fill("700");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("The plan", { exact: true }).waitFor();
    await page.reload();
    assert.equal(await field.inputValue(), "700");
  }));

test("drop asks first, names what goes, and the row is gone", () =>
  withPage(["--releases", "20"], async ({ page }) => {
    await go(page, screens.release);
    await page.getByRole("button", { name: "Drop" }).click();
    const dialog = page.getByRole("dialog");
    assert.match(await dialog.innerText(), /deletes its files: 302.KiB[^]*3 other copies known/);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Drop" }).click();
    await dialog.getByRole("button", { name: "Drop" }).click();
    await page.getByText("19 releases").waitFor();
  }));

test("what is fetched moves by events alone, and is held at the end", () =>
  withPage(["--releases", "20", "--pace", "8"], async ({ page, requests }) => {
    const moving = page
      .getByRole("region", { name: "On its way" })
      .or(page.locator("section", { hasText: "On its way" }));
    const badge = moving.getByText(/^Fetching \d+%$/).first();
    const before_ = await badge.innerText();
    const asked = requests.length;
    await page.waitForFunction((text) => !document.body.innerText.includes(text), before_);
    assert.deepEqual(
      requests.slice(asked).filter((url) => !/state=/.test(url)),
      [],
    );
    await go(page, "#/library?state=held");
    const count = page.locator(".screen-title .tally");
    const held = parseInt(await count.innerText(), 10);
    await page.waitForFunction((n) => parseInt(document.querySelector(".screen-title .tally").innerText, 10) > n, held);
    await go(page, "#/library?state=fetching");
    await page.getByText("Nothing matches.").waitFor({ timeout: 30_000 });
    await go(page, screens.activity);
    await page.getByText("is held: every file proved").first().waitFor();
  }));

test("a lost connection is said plainly, and mended by itself", () =>
  withPage(["--releases", "20"], async ({ page, mock }) => {
    await page.getByText("Live", { exact: true }).waitFor();
    await page.route("**/api/v1/events*", (route) => route.abort());
    await go(page, screens.library);
    await page.getByText("Connection lost").waitFor();
    await page.unroute("**/api/v1/events*");
    await page.getByText("Live", { exact: true }).waitFor({ timeout: 20_000 });
    assert.ok(mock.origin);
  }));

test("works below a sub-path, and a reload stays where it was", () =>
  withPage(
    ["--releases", "20"],
    async ({ page, requests }) => {
      await go(page, screens.signatures);
      await page.reload();
      await page.locator(".chain > li").first().waitFor();
      assert.ok(requests.every((url) => new URL(url).pathname.startsWith("/tools/croft/")));
    },
    "/tools/croft",
  ));

test("speaks the other languages, remembers the choice, and writes numbers their way", () =>
  withPage(["--releases", "20"], async ({ page }) => {
    for (const [tag, heading] of [
      ["de", "Bibliothek"],
      ["fr", "Bibliothèque"],
      ["es", "Biblioteca"],
    ]) {
      await page.locator(".language select").selectOption(tag);
      await go(page, screens.library);
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
      await page.reload();
      await page.getByRole("heading", { level: 1, name: heading }).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.lang), tag);
    }
  }));

test("the theme follows the system until it is chosen", () =>
  withPage(["--releases", "20"], async ({ page }) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: "light" });
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    assert.notEqual(await ground(), light);
    await page.getByRole("button", { name: "As the system" }).click();
    assert.equal(await ground(), light);
    await page.reload();
    await page.getByRole("button", { name: "Light" }).waitFor();
    assert.equal(await ground(), light);
  }));
