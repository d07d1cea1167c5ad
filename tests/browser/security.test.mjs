import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { checkPage, feed, followUri, go, launch, openPage, screens, startMock } from "./browser.mjs";

let browser;
let hostile;
before(async () => {
  [browser, hostile] = [await launch(), await startMock("--hostile", "--releases", "600")];
});
after(async () => {
  await browser.close();
  await hostile.stop();
});

test("twelve attacks in every foreign name do nothing, on every screen", async () => {
  for (const width of [1200, 390]) {
    const { page, faults, requests, close } = await openPage(browser, hostile.address, {
      viewport: { width, height: 900 },
    });
    for (const [name, hash] of Object.entries(screens)) {
      await go(page, hash);
      await checkPage(page, hostile.origin, name);
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(
      requests.filter((url) => !url.startsWith(hostile.origin)),
      [],
    );
    await close();
  }
});

test("the attacks are shown as the text they are, what hides in them marked", async () => {
  const { page, close } = await openPage(browser, hostile.address);
  await go(page, "#/library?sort=created");
  const text = await page.locator("main").innerText();
  assert.match(text, /<script>window\.__xss=1;alert\(1\)<\/script>/);
  await go(page, screens.activity);
  const activity = await page.locator("main").innerText();
  assert.match(activity, /U\+202Egnp\.exeU\+202C␀␇U\+200BU\+FEFFU\+2028<b onmouseover/);
  await close();
});

test("attacks in a preview, in a folder and in a verdict do nothing either", async () => {
  const { page, faults, close } = await openPage(browser, hostile.address);
  await go(page, screens.follow);
  await page.getByLabel("Follow link or address of a feed").fill("https://evil.example/feed/");
  await page.getByRole("button", { name: "Look" }).click();
  await page.getByText("Compare this fingerprint").waitFor();
  await go(page, `${screens.files}?in=articles`);
  await page.locator(".row [data-open]").nth(5).waitFor();
  await go(page, screens.verify);
  await page
    .locator("input[type=file]")
    .setInputFiles([`${feed}releases/demo-2.json`, `${feed}releases/demo-2.json.minisig`]);
  await page.locator(".judgement").waitFor();
  await checkPage(page, hostile.origin, "verify");
  assert.deepEqual(faults, []);
  await close();
});

test("the policy holds: markup, inline script, inline style and eval are refused", async () => {
  const { page, close } = await openPage(browser, hostile.address);
  const outcome = await page.evaluate(async () => {
    const attempt = (act) => {
      try {
        act();
        return "taken";
      } catch (error) {
        return error.name;
      }
    };
    const script = document.createElement("script");
    return {
      markup: attempt(() => {
        document.body.innerHTML = "<b>x</b>";
      }),
      source: attempt(() => {
        script.src = "//evil.example/x.js";
      }),
      policy: attempt(() => trustedTypes.createPolicy("default", { createHTML: (text) => text })),
      // Later, because what DevTools itself evaluates may.
      evaluated: await new Promise((resolve) => setTimeout(() => resolve(attempt(() => eval("1"))))),
      elsewhere: await fetch("http://127.0.0.1:9/").then(
        () => "taken",
        (error) => error.name,
      ),
    };
  });
  assert.deepEqual(outcome, {
    markup: "TypeError",
    source: "TypeError",
    policy: "TypeError",
    evaluated: "EvalError",
    elsewhere: "TypeError",
  });
  await close();
});

test("the code leaves the address at once, the token stays out of it, and a refused token ends the session", async () => {
  const { page, context, requests, close } = await openPage(browser, hostile.address);
  assert.equal(new URL(page.url()).hash, "#/overview");
  assert.ok(requests.every((url) => !url.includes("mock") && !url.includes("6d6f636b")));
  assert.deepEqual(await context.cookies(), []);
  assert.equal(
    await page.evaluate(() => Object.values(localStorage).some((value) => value.includes("6d6f636b"))),
    false,
  );
  await page.evaluate(() => sessionStorage.setItem("croft.token", "00".repeat(32)));
  await page.reload();
  await page.getByText("croft open", { exact: true }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem("croft.token")), null);
  await close();
});

test("without a code, and with a wrong one, there is only the way in", async () => {
  for (const hash of ["", "#c=wrong"]) {
    const { page, requests, close } = await openPage(browser, `${hostile.origin}/${hash}`);
    await page.getByText("croft open", { exact: true }).waitFor();
    assert.equal(await page.locator("nav").count(), 0);
    assert.ok(requests.every((url) => !url.includes("/api/v1/") || url.endsWith("/session")));
    await close();
  }
});

test("a follow link is only ever text", async () => {
  const { page, faults, close } = await openPage(browser, hostile.address);
  await go(page, screens.publisher);
  assert.ok((await page.locator("main").innerText()).includes(followUri.slice(0, 40)));
  assert.equal(await page.locator("a[href^='magnet:'], a[href^='javascript:'], a[href^='http']").count(), 0);
  assert.deepEqual(faults, []);
  await close();
});
