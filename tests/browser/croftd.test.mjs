import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { attacks, checkPage, go, launch, openPage, screensOf } from "./browser.mjs";
import { absent, makePublisher, run, scratch, serveFolder, startDaemon } from "./croftd.mjs";

const attempt = { skip: absent };
let browser;
let place;
let publisher;
let seeder;

before(async () => {
  if (absent) return;
  [browser, place] = [await launch(), await scratch()];
  publisher = await makePublisher(join(place.folder, "publisher"), attacks[0]);
  for (const [index, title] of attacks.entries()) {
    await publisher.publish(`attack-${"abcdefghijklmnop"[index]}`, title, {
      "README.txt": title,
      [`<b>${index}.txt`]: "x",
    });
  }
  seeder = await startDaemon(join(place.folder, "seeder"));
  await seeder.api("POST", "publishers", {
    source: publisher.feed,
    own: true,
    petname: "archive",
  });
  await seeder.held(attacks.length);
});
after(async () => {
  if (absent) return;
  await browser.close();
  await seeder.stop();
  await place.remove();
});

/** Every screen there is for what the seeder holds. */
async function screens() {
  const { releases } = await seeder.api("GET", "releases?limit=1");
  return screensOf(releases[0].id, releases[0].publisher);
}

test("real daemon: twelve attacks in titles and names do nothing, on any screen", attempt, async () => {
  const { page, faults, requests, close } = await openPage(browser, await seeder.login());
  const { origin } = new URL(page.url());
  for (const [name, hash] of Object.entries(await screens())) {
    await go(page, hash);
    await checkPage(page, origin, name);
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(
    requests.filter((url) => !url.startsWith(`${origin}/`)),
    [],
  );
  await close();
});

test("real daemon: the policy of its headers refuses markup and foreign addresses", attempt, async () => {
  const { page, close } = await openPage(browser, await seeder.login());
  const outcome = await page.evaluate(async () => {
    let markup = "taken";
    try {
      document.body.innerHTML = "<b>x</b>";
    } catch (error) {
      markup = error.name;
    }
    return {
      markup,
      elsewhere: await fetch("http://127.0.0.1:9/").then(
        () => "taken",
        (error) => error.name,
      ),
    };
  });
  assert.deepEqual(outcome, { markup: "TypeError", elsewhere: "TypeError" });
  await close();
});

test("real daemon: a code opens the page once", attempt, async () => {
  const address = await seeder.login();
  const first = await openPage(browser, address);
  await first.page.getByText("Live", { exact: true }).waitFor();
  const second = await openPage(browser, address);
  await second.page.getByText("croft open", { exact: true }).waitFor();
  await first.close();
  await second.close();
});

test("real daemon: every command of the signature chain passes, and its bytes are the file's", attempt, async () => {
  const { page, close } = await openPage(browser, await seeder.login());
  await go(page, (await screens()).signatures);
  const { releases } = await seeder.api("GET", "releases?limit=1");
  const { chain } = await seeder.api("GET", `releases/${releases[0].id}/signatures`);
  const links = page.locator(".chain > li");
  assert.equal(await links.count(), chain.length);
  for (const [index, link] of chain.entries()) {
    assert.equal(link.verdict, "valid", link.document);
    for (const command of link.commands) {
      assert.ok((await links.nth(index).innerText()).includes(command), command);
      if (!command.startsWith("croft ")) await run("bash", ["-c", command], { cwd: publisher.feed });
    }
    if (link.kind === "content") continue;
    const bytes = await readFile(join(publisher.feed, link.document));
    assert.equal(createHash("sha256").update(bytes).digest("hex"), link.sha256, link.document);
  }
  const catalogue = links.filter({ hasText: "catalogue.json" }).first();
  await catalogue.getByRole("button", { name: "Show the exact bytes" }).click();
  const shown = await catalogue.locator("pre.exact").textContent();
  assert.equal(
    shown.trimEnd().split("\n").length,
    (await readFile(join(publisher.feed, "catalogue.json"), "utf8")).trimEnd().split("\n").length,
  );
  await close();
});

test("real daemon: a file and its signature are judged, and a changed file is not valid", attempt, async () => {
  const { page, faults, close } = await openPage(browser, await seeder.login());
  await go(page, "#/verify");
  const bundle = join(publisher.feed, "bundles/attack-a-1");
  const input = page.locator("input[type=file]");
  await input.setInputFiles([join(bundle, "SHA256SUMS"), join(bundle, "SHA256SUMS.minisig")]);
  await page.getByRole("heading", { name: "Valid", exact: true }).waitFor();
  await input.setInputFiles([join(bundle, "README.txt"), join(bundle, "SHA256SUMS.minisig")]);
  await page.getByRole("heading", { name: "Not valid" }).waitFor();
  assert.deepEqual(faults, []);
  await close();
});

test("real daemon: follow a link, set a budget, watch the releases come, all in the page", attempt, async () => {
  const feed = await serveFolder(publisher.feed);
  const follower = await startDaemon(join(place.folder, "follower"));
  try {
    const { publishers } = await seeder.api("GET", "publishers");
    const link = `${publishers[0].uri}&xs=${encodeURIComponent(feed.address)}&x.pe=${await seeder.peer()}`;
    const { page, faults, close } = await openPage(browser, await follower.login());
    await page.getByRole("link", { name: "Follow a publisher" }).click();
    await page.getByLabel("Follow link or address of a feed").fill(link);
    await page.getByRole("button", { name: "Look" }).click();
    const shown = await page.getByLabel("Fingerprint", { exact: true }).innerText();
    assert.equal(shown.replace(/\s+/g, "-"), publishers[0].fingerprint);
    await page.getByLabel("Your own name for it").fill("archive");
    await page.getByLabel("I compared the fingerprint").check();
    await page.getByRole("button", { name: "Follow", exact: true }).click();
    await page.getByText("Confirmed", { exact: true }).waitFor();
    await go(page, "#/mirror");
    await page.getByRole("spinbutton", { name: "Budget" }).fill("1");
    await page.getByRole("button", { name: "Apply" }).click();
    await go(page, "#/library?state=held");
    await page.getByText(`${attacks.length} releases`).waitFor({ timeout: 120_000 });
    await go(page, "#/overview");
    await page.getByText(`${attacks.length} releases held`).waitFor();
    assert.deepEqual(faults, []);
    await close();
  } finally {
    await follower.stop();
    await feed.stop();
  }
});

test("real daemon: a stop is said plainly", attempt, async () => {
  const daemon = await startDaemon(join(place.folder, "stopping"));
  const { page, close } = await openPage(browser, await daemon.login());
  await page.getByText("Live", { exact: true }).waitFor();
  await daemon.stop();
  await page.getByText("Connection lost").waitFor();
  await close();
});
