// The page in Chromium, and the mock it talks to.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const { hostile } = await import("../../webui/build/hostile.mjs");
const webui = fileURLToPath(new URL("../../webui/", import.meta.url));
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const feed = `${webui}mock/feed/`;
export const demo = "2ac1302bfacb3e51b06ed75720ea6203a1c0ece5d4d5372353b84141d1e1a915";
export const example = "df053e80dcc4862157d7c99e60da69229c58ef0052b3b904d74a223a976a8303";
export const followUri = JSON.parse(
  readFileSync(fileURLToPath(new URL("../api/golden/follow.request.json", import.meta.url)), "utf8"),
).source;

/** What foreign names may carry, as far as a command line can. */
export const attacks = hostile.map((text) => text.replaceAll("\u0000", ""));

/** Every screen, and every part of a release, as addresses. */
export const screensOf = (release, publisher) => ({
  overview: "#/overview",
  library: "#/library",
  release: `#/release/${release}`,
  signatures: `#/release/${release}/signatures`,
  files: `#/release/${release}/files`,
  pieces: `#/release/${release}/pieces`,
  peers: `#/release/${release}/peers`,
  versions: `#/release/${release}/versions`,
  publishers: "#/publishers",
  follow: "#/publishers?follow=yes",
  publisher: `#/publisher/${publisher}`,
  verify: "#/verify",
  mirror: "#/mirror",
  activity: "#/activity",
  settings: "#/settings",
});
export const screens = {
  ...screensOf(demo, example),
  waiting: `#/publisher/${"f0".repeat(32)}`,
  nowhere: "#/nowhere",
  "no such release": "#/release/none-1",
};

export const launch = (...more) =>
  chromium.launch({
    executablePath: process.env.CROFT_CHROMIUM ?? "/usr/bin/chromium",
    args: [...flags, ...more],
  });

/** Starts the mock on a free port; `address` logs in. Stop it when done. */
export async function startMock(...args) {
  const child = spawn(process.execPath, ["build/mock_api.mjs", "--port", "0", "--pace", "0", ...args], {
    cwd: webui,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const address = String(line).split("\n")[0].trim();
  return {
    address,
    origin: new URL(address).origin,
    stop: async () => {
      child.kill();
      await once(child, "exit");
    },
  };
}

/** A page that notes what must not happen: dialogs, errors, violations of the policy, requests to elsewhere. */
export async function openPage(browser, address, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 800 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const faults = [];
  const requests = [];
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (
      message.type() === "error" &&
      !/status of (400|401|404|409|422|503)|ERR_(CONNECTION|FAILED)/.test(message.text())
    )
      faults.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(address);
  await page.waitForSelector("h1", { state: "attached" });
  return { page, context, faults, requests, close: () => context.close() };
}

/** Goes to a screen as a link would, and waits until what it reads is there. */
export async function go(page, hash) {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.waitForSelector("main h1", { state: "attached" });
  await page.waitForLoadState("load");
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        let quiet = setTimeout(resolve, 250);
        const observer = new MutationObserver(() => {
          clearTimeout(quiet);
          quiet = setTimeout(() => {
            observer.disconnect();
            resolve();
          }, 250);
        });
        observer.observe(document.body, { subtree: true, childList: true });
        setTimeout(resolve, 3000);
      }),
  );
}

/**
 * Tells how many milliseconds of the processor the page's own thread spends on `act`, drawing included. Unlike a clock on the wall it
 * does not tell what else the machine was doing.
 */
export async function meter(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration").value * 1000;
  };
  return async (act) => {
    const before = await spent();
    await act();
    return (await spent()) - before;
  };
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Nothing foreign became more than text on this page. */
export async function checkPage(page, origin, name) {
  const found = await page.evaluate(() => ({
    ran: globalThis.__xss ?? 0,
    scripts: [...document.scripts].map((script) => script.src),
    foreign: [
      ...document.querySelectorAll(
        "iframe, object, embed, base, img, meta[http-equiv], link:not([rel=icon]):not([rel=stylesheet]), [onclick], [onerror], [onload], [onfocus]",
      ),
    ].map((element) => element.outerHTML),
    links: [...document.links]
      .map((link) => link.getAttribute("href"))
      .filter((href) => !href.startsWith("#") && href !== "licences.txt"),
  }));
  assert.deepEqual(found, { ran: 0, scripts: [`${origin}/app.js`], foreign: [], links: [] }, name);
}
