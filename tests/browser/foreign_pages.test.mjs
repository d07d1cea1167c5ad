// What another web page in the user's browser may try while Croft runs: nothing of it may get an answer or change anything.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { launch, openPage } from "./browser.mjs";
import { absent, makePublisher, scratch, startDaemon } from "./croftd.mjs";

const attempt = { skip: absent };
let browser;
let place;
let daemon;
let ours;
let evil;

before(async () => {
  if (absent) return;
  place = await scratch();
  const publisher = await makePublisher(join(place.folder, "publisher"), "Archive");
  await publisher.publish("demo", "Demo", { "README.txt": "hello" });
  daemon = await startDaemon(join(place.folder, "daemon"));
  await daemon.api("POST", "publishers", { source: publisher.feed, own: true, petname: "archive" });
  await daemon.held(1);
  ours = new URL(await daemon.login()).origin;
  evil = createServer((_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html>"));
  evil.listen(0, "127.0.0.1");
  await once(evil, "listening");
  // As a name server of the attacker would: both names lead to this machine.
  browser = await launch("--host-resolver-rules=MAP *.example 127.0.0.1");
});
after(async () => {
  if (absent) return;
  await browser.close();
  await daemon.stop();
  evil.close();
  await place.remove();
});

/** What nobody but the user may change. */
async function state() {
  const [publishers, releases, policy, settings, journal] = await Promise.all(
    ["publishers", "releases", "mirror/policy", "settings", "journal"].map((path) => daemon.api("GET", path)),
  );
  delete policy.free_bytes;
  return JSON.stringify({ publishers, releases, policy, settings, total: journal.total });
}

/** Every route of the API, as an address with the ids of what is there. */
async function routes() {
  const { paths } = await daemon.api("GET", "openapi.json");
  const { releases } = await daemon.api("GET", "releases");
  return Object.entries(paths).flatMap(([path, methods]) => {
    const id = path.includes("/publishers/") ? releases[0].publisher : path.includes("/jobs/") ? "1" : releases[0].id;
    const address = `${ours}${path.replace("{name}", "catalogue.json").replace(/\{\w+\}/g, id)}`;
    return Object.keys(methods).map((method) => ({ method: method.toUpperCase(), address }));
  });
}

/** Notes the status of every answer that our daemon gives to `page`, those that the browser withholds from the page too. */
async function answersTo(page) {
  const session = await page.context().newCDPSession(page);
  const [asked, answered, framed] = [new Map(), [], []];
  session.on("Network.requestWillBeSent", ({ requestId, request }) => asked.set(requestId, request));
  session.on("Network.responseReceivedExtraInfo", (answer) => answered.push(answer));
  await session.send("Network.enable");
  // What goes into frames of another process is not among them.
  page.on("response", (response) => {
    if (response.frame() !== page.mainFrame())
      framed.push({ method: response.request().method(), url: response.url(), status: response.status() });
  });
  return () =>
    answered
      .map(({ requestId, statusCode }) => ({ ...asked.get(requestId), status: statusCode }))
      .concat(framed)
      .filter(({ url }) => url?.startsWith(ours))
      .map(({ method, url, status }) => `${status} ${method} ${url}`);
}

/** All that a page can send without leave, and all that it can try with a stolen token. Tells what it could read. */
async function attack({ all, ours: target, token }) {
  const read = [];
  const later = [];
  const body = JSON.stringify({ budget_bytes: 1 });
  const note = (what, sent) =>
    later.push(
      sent.then(
        (answer) => answer.type !== "opaque" && read.push(`${what}: ${answer.status}`),
        () => undefined,
      ),
    );
  const loads = (element) =>
    later.push(
      new Promise((resolve) => {
        element.onload = element.onerror = resolve;
        setTimeout(resolve, 3000);
        document.body.append(element);
      }),
    );
  for (const { method, address } of all) {
    note(`fetch ${method} ${address}`, fetch(address, { method, ...(method === "GET" ? {} : { body }) }));
    if (method === "GET" || method === "POST") {
      note(`no-cors ${address}`, fetch(address, { method, mode: "no-cors", ...(method === "GET" ? {} : { body }) }));
    }
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    note(`with token ${address}`, fetch(address, { method, headers, ...(method === "GET" ? {} : { body }) }));
    if (method !== "GET") {
      navigator.sendBeacon(address, body);
      navigator.sendBeacon(address, new Blob([body], { type: "text/plain" }));
      const frame = document.createElement("iframe");
      frame.name = `frame${later.length}`;
      document.body.append(frame);
      const form = document.createElement("form");
      Object.assign(form, { method: "POST", action: address, target: frame.name, enctype: "text/plain" });
      form.append(Object.assign(document.createElement("input"), { name: '{"budget_bytes":1,"x":"', value: '"}' }));
      document.body.append(form);
      form.submit();
    } else {
      for (const tag of ["img", "script", "iframe"])
        loads(Object.assign(document.createElement(tag), { src: address }));
    }
  }
  loads(Object.assign(document.createElement("iframe"), { src: `${target}/` }));
  const stream = new EventSource(`${target}/api/v1/events?topics=status,releases`, { withCredentials: true });
  stream.onmessage = stream.onopen = () => read.push("event stream");
  await Promise.all(later);
  stream.close();
  const frames = [...document.querySelectorAll("iframe")].map((frame) => {
    try {
      return frame.contentDocument?.body.innerText ?? "";
    } catch {
      return "";
    }
  });
  return { read, framed: frames.filter(Boolean), globals: Object.keys(window).filter((name) => /croft/i.test(name)) };
}

for (const [from, origin] of [
  ["another site", () => `http://evil.example:${evil.address().port}`],
  ["another port of this machine", () => `http://127.0.0.1:${evil.address().port}`],
  ["localhost, which is another name", () => `http://localhost:${evil.address().port}`],
]) {
  test(`real daemon: a page on ${from} reads nothing, changes nothing`, attempt, async () => {
    const { page, context, close } = await openPage(browser, await daemon.login());
    const token = await page.evaluate(() => sessionStorage.getItem("croft.token"));
    assert.match(token, /^[0-9a-f]{64}$/);
    const all = await routes();
    assert.ok(all.length > 25 && all.some(({ method }) => method === "PUT"));
    const before_ = await state();
    const hostile = await context.newPage();
    await hostile.goto(`${origin()}/`);
    const answered = await answersTo(hostile);
    const got = await hostile.evaluate(attack, { all, ours, token });
    assert.deepEqual(got, { read: [], framed: [], globals: [] });
    const answers = answered();
    assert.ok(answers.length > 5 * all.length, `only ${answers.length} attacks arrived`);
    assert.deepEqual(
      answers.filter((answer) => !/^(401|403|405) /.test(answer)),
      [],
    );
    assert.equal(await state(), before_);
    await hostile.close();
    await page.getByText("Live", { exact: true }).waitFor();
    await close();
  });
}

test("real daemon: a name that an attacker points at it is refused, whatever is asked", attempt, async () => {
  const page = await browser.newPage();
  for (const path of ["/", "/app.js", "/api/v1/status"]) {
    const answer = await page.goto(`http://rebound.example:${new URL(ours).port}${path}`);
    assert.equal(answer.status(), 421, path);
  }
  await page.close();
});

test("real daemon: a page that opens ours holds no handle on it", attempt, async () => {
  const page = await browser.newPage();
  await page.goto(`http://evil.example:${evil.address().port}/`);
  const opened = page.context().waitForEvent("page");
  await page.evaluate(
    (address) => {
      window.opened = window.open(address);
    },
    await daemon.login(),
  );
  const mine = await opened;
  await mine.getByText("Live", { exact: true }).waitFor();
  assert.equal(await mine.evaluate(() => window.opener), null);
  assert.equal(await page.evaluate(() => window.opened.closed), true);
  await mine.close();
  await page.close();
});
