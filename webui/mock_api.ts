/**
 * The daemon's API without a daemon: `npm run dev` and the browser tests run the page against it. Serves dist/ with the headers
 * of the real one. Nothing here is part of Croft as installed.
 *
 *   --port N (0: a free one)  --releases N  --prefix /sub/path  --still (nothing moves)  --hostile (foreign text attacks)
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { extname, join, normalize } from "node:path";
import { parseArgs } from "node:util";
import { hasher, isGood, read } from "./mock/minisign";
import { demoId, detail, entries, exampleId, exampleUri, makeWorld, random } from "./mock/world";
import type {
  Event,
  Key,
  Link,
  Plan,
  PlanStep,
  Publisher,
  PublisherDetail,
  Release,
  Role,
  Signatures,
  Speed,
  State,
  Status,
  Verified,
} from "./src/model";

const { values: flags } = parseArgs({
  options: {
    port: { type: "string", default: "7480" },
    releases: { type: "string", default: "10000" },
    prefix: { type: "string", default: "" },
    still: { type: "boolean", default: false },
    hostile: { type: "boolean", default: false },
  },
});

const gib = 1024 ** 3;
const world = makeWorld(Number(flags.releases), flags.hostile ?? false);
const token = "6d6f636b".repeat(8);
const startedAt = "2026-11-20T05:00:00Z";
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; " +
  "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const headers = {
  "Content-Security-Policy": csp,
  "X-Frame-Options": "DENY",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly reason: string,
    detail_: string,
  ) {
    super(detail_);
  }
}

// ---- what is said of the whole ----

const counts = (): Record<State, number> => {
  const result: Record<State, number> = {
    offered: 0,
    queued: 0,
    fetching: 0,
    checking: 0,
    held: 0,
    paused: 0,
    failed: 0,
  };
  for (const release of world.releases.values()) result[release.state]++;
  return result;
};
const sum = (of: (release: Release) => number) =>
  [...world.releases.values()].reduce((total, release) => total + of(release), 0);
const used = () =>
  Math.min(
    412 * gib,
    sum((release) => release.done_bytes),
  );

const speed = (): Speed => ({
  down_rate: sum((release) => release.down_rate),
  up_rate: Math.min(
    8_800_000,
    sum((release) => release.up_rate),
  ),
  received_bytes: 4 * gib,
  sent_bytes: 9 * gib,
  peers: world.releases.size === 0 ? 0 : 23,
  dht_nodes: 214,
});

function status(): Status {
  const failed = [...world.releases.values()].filter((release) => release.state === "failed");
  const troubled = world.publishers.filter((publisher) => publisher.problem);
  return {
    version: "0.1.0",
    libtorrent: "2.0.8.0",
    started_at: startedAt,
    now: "2026-11-22T10:15:30Z",
    loop_lag_ms: 1,
    control: ["127.0.0.1:7400"],
    listening: ["0.0.0.0:51413", "[::]:51413"],
    publishers: world.publishers.length,
    releases: counts(),
    held_bytes: sum((release) => (release.state === "held" ? release.size_bytes : 0)),
    ...(world.releases.size > 0 ? { proved_since: "2026-11-09T08:00:00Z" } : {}),
    ...(world.budget === undefined ? {} : { budget_bytes: world.budget }),
    used_bytes: used(),
    free_bytes: 812 * gib,
    keep_free_bytes: gib,
    ...speed(),
    problems: [
      ...failed.map((release) => ({
        ...(release.problem ?? { code: "io", reason: "", message: "" }),
        subject: `${release.name}-${release.serial}`,
        release: release.id,
        command: `croft verify ${release.folder ?? ""}`,
      })),
      ...troubled.map((publisher) => ({
        ...(publisher.problem ?? { code: "io", reason: "", message: "" }),
        subject: publisher.petname,
        publisher: publisher.id,
        command: "croft publishers",
      })),
    ],
  };
}

// ---- events ----

const clients = new Map<ServerResponse, Set<string>>();
const missed: Event[] = [];
let counter = 1000;

const write = (response: ServerResponse, { event, id, data }: Event) =>
  response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

type Unnumbered = Event extends infer Each ? (Each extends Event ? Omit<Each, "id"> : never) : never;

function publish(event: Unnumbered): void {
  const numbered = { ...event, id: ++counter } as Event;
  missed.push(numbered);
  if (missed.length > 500) missed.shift();
  for (const [response, topics] of clients) if (wants(topics, numbered)) write(response, numbered);
}

const wants = (topics: Set<string>, event: Event) => !("topic" in event.data) || topics.has(event.data.topic);

function stream(request: IncomingMessage, response: ServerResponse, url: URL): void {
  const topics = new Set((url.searchParams.get("topics") ?? "").split(","));
  response.writeHead(200, { ...headers, "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const last = Number(request.headers["last-event-id"] ?? 0);
  if (last > 0)
    for (const event of missed.filter(({ id }) => id > last)) if (wants(topics, event)) write(response, event);
  if (topics.has("status"))
    write(response, { event: "full", id: ++counter, data: { topic: "status", value: status() } });
  if (topics.has("speed")) write(response, { event: "full", id: ++counter, data: { topic: "speed", value: speed() } });
  clients.set(response, topics);
  response.on("close", () => clients.delete(response));
}

const changed = (release: Release) =>
  publish({ event: "full", data: { topic: "releases", id: release.id, value: release } });

function note(message: string, release?: Release): void {
  const entry = {
    id: (world.journal[0]?.id ?? 0) + 1,
    time: "2026-11-22T10:15:30Z",
    kind: "held",
    level: "info" as const,
    message,
    ...(release ? { release: release.id } : {}),
  };
  world.journal.unshift(entry);
  publish({ event: "full", data: { topic: "journal", id: entry.id, value: entry } });
}

function move(): void {
  for (const release of world.releases.values()) {
    if (release.state !== "fetching") continue;
    release.done_bytes = Math.min(
      release.size_bytes,
      release.done_bytes + Math.max(1, Math.floor(release.size_bytes / 60)),
    );
    release.down_rate = Math.floor(1e6 + Math.random() * 3e6);
    if (release.done_bytes < release.size_bytes) {
      publish({
        event: "delta",
        data: {
          topic: "releases",
          id: release.id,
          value: { done_bytes: release.done_bytes, down_rate: release.down_rate },
        },
      });
      continue;
    }
    Object.assign(release, {
      state: "held",
      verdict: "valid",
      down_rate: 0,
      held_since: "2026-11-22T10:15:30Z",
      proved_at: "2026-11-22T10:15:30Z",
    });
    changed(release);
    note(`${release.name}-${release.serial} is held: every file proved`, release);
    publish({ event: "full", data: { topic: "status", value: status() } });
  }
  publish({ event: "full", data: { topic: "speed", value: speed() } });
}
if (!flags.still) setInterval(move, 1000).unref();
setInterval(() => {
  for (const response of clients.keys()) write(response, { event: "ping", id: counter, data: {} });
}, 15_000).unref();

// ---- releases ----

const orders: Record<string, (a: Release, b: Release) => number> = {
  name: () => 0,
  created: (a, b) => Date.parse(a.created) - Date.parse(b.created),
  size: (a, b) => a.size_bytes - b.size_bytes,
  up: (a, b) => a.up_rate - b.up_rate,
  done: (a, b) => a.done_bytes / a.size_bytes - b.done_bytes / b.size_bytes,
  state: (a, b) => compare(a.state, b.state),
  publisher: (a, b) => compare(a.petname, b.petname),
};
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function list(query: URLSearchParams): Release[] {
  const q = query.get("q")?.toLowerCase();
  const wanted = query.get("state")?.split(",");
  const sort = query.get("sort") ?? "name";
  const order = orders[sort.replace(/^-/, "")];
  if (!order) throw new Refused(400, "invalid_argument", "unknown_sort", `releases can't be sorted by ${sort}`);
  const found = [...world.releases.values()].filter(
    (release) =>
      (!q ||
        `${release.name}-${release.serial} ${Object.values(release.title).join(" ")} ${release.petname}`
          .toLowerCase()
          .includes(q)) &&
      (!wanted || wanted.includes(release.state)) &&
      (!query.get("kind") || release.kind === query.get("kind")) &&
      (!query.get("publisher") || release.publisher === query.get("publisher")) &&
      (!query.get("language") || release.languages.includes(query.get("language") ?? "")) &&
      (query.get("held") !== "true" || release.state === "held") &&
      (query.get("offered") !== "true" || release.offered),
  );
  const sign = sort.startsWith("-") ? -1 : 1;
  return found.sort(
    (a, b) =>
      sign * (order(a, b) || (sort.endsWith("name") ? compare(a.name, b.name) : 0)) ||
      compare(a.name, b.name) ||
      b.serial - a.serial ||
      compare(a.id, b.id),
  );
}

function page<T>(all: T[], query: URLSearchParams): { rows: T[]; total: number; offset: number } {
  const offset = Number(query.get("offset") ?? 0);
  return { rows: all.slice(offset, offset + Number(query.get("limit") ?? 100)), total: all.length, offset };
}

function find(id: string): Release {
  const release =
    world.releases.get(id) ?? [...world.releases.values()].find((each) => `${each.name}-${each.serial}` === id);
  if (!release) throw new Refused(404, "not_found", "no_such_release", `no release is called ${id}`);
  return release;
}

function pieceBits(release: Release, total: number): { bits: string; have: number } {
  const next = random(release.serial);
  const have = Array.from(
    { length: total },
    () => release.state === "held" || next() < release.done_bytes / release.size_bytes,
  );
  let bits = "";
  for (let at = 0; at < total; at += 8)
    bits += have
      .slice(at, at + 8)
      .reduce((byte, one, index) => byte | (one ? 128 >> index : 0), 0)
      .toString(16)
      .padStart(2, "0");
  return { bits, have: have.filter(Boolean).length };
}

/** The chain of the golden: its documents and signatures lie in mock/feed, and its commands pass there. */
function signatures(release: Release): Signatures {
  const golden = JSON.parse(readFileSync("../tests/api/golden/signatures.json", "utf8")) as Signatures;
  if (release.id === demoId) return { ...golden, chain: golden.chain.map(commented) };
  const label = `${release.name}-${release.serial}`;
  const rename = (text: string) => text.replaceAll("demo-2", label);
  const chain = golden.chain.map((link) =>
    commented({
      ...link,
      document: rename(link.document),
      ...(link.named_by ? { named_by: rename(link.named_by) } : {}),
      signatures: link.signatures.map(rename),
      commands: link.commands.map(rename),
    }),
  );
  const content = chain.at(-1) as Link;
  content.verdict = release.verdict === "damaged" ? "damaged" : release.state === "held" ? "valid" : "signed";
  return { ...golden, id: release.id, publisher: release.publisher, verdict: release.verdict, chain };
}
const commented = (link: Link): Link =>
  link.trusted_comment ? { ...link, trusted_comment: world.foreign(link.trusted_comment) } : { ...link };

function versions(release: Release) {
  const older = [1, 2, 3]
    .filter((step) => step < release.serial)
    .map((step) => ({
      id: release.id.replace(/^../, `0${step}`),
      name: release.name,
      serial: release.serial - step,
      created: "2026-09-01T00:00:00Z",
      size_bytes: Math.floor(release.size_bytes * (1 - step / 50)),
      state: (step === 1 ? "held" : "offered") as State,
      verdict: step === 1 ? ("valid" as const) : ("signed" as const),
      offered: step === 1,
      newest: false,
      ...(step === 1 ? { shared_bytes: Math.floor(release.size_bytes * 0.94) } : {}),
    }));
  const { id, name, serial, created, size_bytes, state, verdict, offered, newest } = release;
  return [{ id, name, serial, created, size_bytes, state, verdict, offered, newest }, ...older];
}

// ---- publishers, mirror, verify ----

const row = ({ roles: _roles, revoked: _revoked, documents: _documents, ...publisher }: PublisherDetail): Publisher =>
  publisher;

function publisher(id: string): PublisherDetail {
  const found = world.publishers.find((each) => each.id === id || each.petname === id);
  if (!found) throw new Refused(404, "not_found", "no_such_publisher", `you follow no publisher called ${id}`);
  return found;
}

function preview(body: Record<string, unknown>) {
  const source = String(body["source"] ?? "");
  if (!/^(magnet:\?|https?:\/\/)/.test(source))
    throw new Refused(400, "invalid_argument", "not_a_source", "this is no follow link and no http(s) address");
  if (source.includes("unreachable"))
    throw new Refused(503, "unavailable", "no_answer", "no source answered: unreachable.example");
  return {
    id: exampleId,
    fingerprint: "49XH-7594-88BA-66D7-KJHK",
    claimed_name: world.foreign("Example Open Archive"),
    newest_created: "2026-11-02T00:00:00Z",
    stale: false,
    anchored: source.includes("x.pub="),
    already_followed: world.publishers.some(({ id }) => id === exampleId),
    warnings: source.includes("x.pub=") ? [] : [world.foreign("its name looks like one that you follow")],
    releases: 1,
    size_bytes: 309_181,
    kinds: [{ kind: "other" as const, releases: 1, size_bytes: 309_181 }],
  };
}

function follow(body: Record<string, unknown>): PublisherDetail {
  const seen = preview(body);
  if (seen.already_followed)
    throw new Refused(409, "conflict", "already_followed", "you follow this publisher already");
  if (body["fingerprint"] !== undefined && body["fingerprint"] !== seen.fingerprint)
    throw new Refused(409, "conflict", "other_fingerprint", `the fingerprint is ${seen.fingerprint}`);
  const [template] = makeWorld(1, flags.hostile ?? false).publishers;
  const added: PublisherDetail = {
    ...(template as PublisherDetail),
    petname: String(body["petname"] ?? "example"),
    confirmed: body["fingerprint"] !== undefined,
  };
  world.publishers.push(added);
  publish({ event: "full", data: { topic: "publishers", id: added.id, value: row(added) } });
  publish({ event: "full", data: { topic: "status", value: status() } });
  return added;
}

function plan(budget: number | undefined): Plan {
  const step = ({ id, publisher: owner, petname, name, serial, kind, size_bytes }: Release, why: string): PlanStep => ({
    id,
    publisher: owner,
    petname,
    name,
    serial,
    kind,
    size_bytes,
    why: world.foreign(why),
  });
  const result: Plan = {
    used_bytes: used(),
    planned_bytes: used(),
    fetch: [],
    keep: [],
    evict: [],
    skip: [],
    ...(budget === undefined ? {} : { budget_bytes: budget }),
  };
  let left = (budget ?? 0) - used();
  for (const release of [...world.releases.values()].sort((a, b) => compare(b.created, a.created)).slice(0, 400)) {
    if (release.done_bytes > 0) result.keep.push(step(release, release.pinned ? "pinned by you" : "newest"));
    else if (budget === undefined) result.skip.push(step(release, "no budget is set"));
    else if (release.size_bytes <= left) {
      left -= release.size_bytes;
      result.planned_bytes += release.size_bytes;
      result.fetch.push(step(release, "newest, and it fits"));
    } else result.skip.push(step(release, "does not fit"));
  }
  return result;
}

const policy = () => ({
  ...(world.budget === undefined ? {} : { budget_bytes: world.budget }),
  keep_free_bytes: gib,
  used_bytes: used(),
  free_bytes: 812 * gib,
  locked: false,
  origin: world.budget === undefined ? "built_in" : "set",
});

async function verify(request: IncomingMessage, name: string): Promise<Verified> {
  const signature = read(Buffer.from(String(request.headers["croft-signature"] ?? ""), "base64").toString());
  if (!signature)
    throw new Refused(
      422,
      "malformed",
      "not_a_signature",
      "this is no minisign signature (or a legacy one: sign with minisign -H)",
    );
  const { blake, sha256 } = hasher();
  let size_bytes = 0;
  for await (const chunk of request) {
    blake.update(chunk as Buffer);
    sha256.update(chunk as Buffer);
    size_bytes += (chunk as Buffer).length;
  }
  const base = { name, size_bytes, sha256: sha256.digest("hex"), key_id: signature.keyId };
  const found = world.publishers
    .flatMap((each) =>
      (Object.entries(each.roles) as [Role, { keys: Key[] }][]).flatMap(([role, { keys: known }]) =>
        known.map((key) => ({ each, role, key })),
      ),
    )
    .find(({ key }) => key.key_id === signature.keyId);
  if (!found)
    return {
      ...base,
      verdict: "unknown_key",
      reason: "unknown_key",
      message: `no publisher you follow has the key ${signature.keyId}`,
    };
  const { each, role, key } = found;
  const who = {
    ...base,
    key,
    publisher: each.id,
    petname: each.petname,
    claimed_name: each.claimed_name,
    fingerprint: each.fingerprint,
    confirmed: each.confirmed,
    role,
    command: `minisign -HVm '${name.replaceAll("'", "'\\''")}' -P ${key.minisign}`,
  };
  return isGood(signature, blake.digest(), key)
    ? { ...who, verdict: "valid", trusted_comment: world.foreign(signature.comment) }
    : {
        ...who,
        verdict: "bad_signature",
        reason: "content_differs",
        message: "the content differs from what was signed",
      };
}

// ---- routes ----

type Answer = object | { bytes: string };

async function route(
  method: string,
  path: string[],
  query: URLSearchParams,
  request: IncomingMessage,
): Promise<Answer> {
  const [what = "", id = "", part = ""] = path;
  if (method === "POST" && what === "verify") return verify(request, query.get("name") ?? "file");
  const body = method === "GET" ? {} : await json(request);
  if (what === "publishers") return publisherRoute(method, id, path.slice(2), body);
  if (what === "releases")
    return id === "" ? namedPage(list(query), query) : releaseRoute(method, find(id), part, query);
  if (what === "mirror" && id === "policy") {
    if (method === "PUT") world.budget = body["budget_bytes"] as number | undefined;
    return policy();
  }
  if (what === "mirror" && id === "plan")
    return plan(method === "POST" ? (body["budget_bytes"] as number | undefined) : world.budget);
  if (what === "status") return status();
  if (what === "settings") return { settings: world.settings };
  if (what === "journal") {
    const before = Number(query.get("before") ?? Infinity);
    return {
      entries: world.journal.filter((entry) => entry.id < before).slice(0, Number(query.get("limit") ?? 100)),
      total: world.journal.length,
    };
  }
  throw new Refused(404, "not_found", "no_such_route", "there is no such route");
}

function namedPage(all: Release[], query: URLSearchParams) {
  const { rows, total, offset } = page(all, query);
  return { releases: rows, total, offset };
}

function publisherRoute(method: string, id: string, rest: string[], body: Record<string, unknown>): Answer {
  if (id === "")
    return method === "POST"
      ? follow(body)
      : { publishers: world.publishers.map(row), total: world.publishers.length, offset: 0 };
  if (id === "preview") return preview(body);
  const found = publisher(id);
  if (rest[0] === "check") return { changed: false };
  if (rest[0] === "documents") {
    const file = join("mock/feed", normalize(rest.slice(1).join("/")));
    if (file.startsWith("mock/feed") && existsSync(file) && statSync(file).isFile()) return { bytes: file };
    throw new Refused(404, "not_found", "no_such_document", "there is no such document");
  }
  if (method === "PATCH") Object.assign(found, body);
  if (method !== "DELETE") return found;
  world.publishers.splice(world.publishers.indexOf(found), 1);
  publish({ event: "gone", data: { topic: "publishers", id: found.id } });
  publish({ event: "full", data: { topic: "status", value: status() } });
  return { id: found.id };
}

function releaseRoute(method: string, release: Release, part: string, query: URLSearchParams): Answer {
  if (method === "POST") return act(release, part);
  if (part === "") return detail(world, release);
  if (part === "peers") {
    const addresses = Array.from({ length: release.peers }, (_, index) => `192.0.2.${index + 7}:51413`);
    return {
      peers: addresses.map((address, index) => ({
        address,
        client: world.foreign(index % 2 ? "aria2/1.36.0" : "croft/0.1.0"),
        progress: index % 2 ? 0.5 : 1,
        down_rate: 0,
        up_rate: 16_384 * index,
        is_seed: index % 2 === 0,
      })),
      total: release.peers,
    };
  }
  if (part === "pieces") {
    const pieces = detail(world, release).pieces ?? 14;
    return { pieces, piece_bytes: 1 << 20, ...pieceBits(release, pieces) };
  }
  if (part === "signatures") return signatures(release);
  if (part === "versions") return { versions: versions(release) };
  if (part === "torrent") return { bytes: "mock/feed/torrents/demo-2.torrent" };
  if (part === "files") {
    const parent = query.get("parent") ?? "";
    const folder = entries(world, release, parent);
    if (!folder) throw new Refused(404, "not_found", "no_such_folder", `there is no folder ${parent}`);
    const offset = Number(query.get("offset") ?? 0);
    const length = Math.max(0, Math.min(Number(query.get("limit") ?? 100), folder.total - offset));
    return {
      parent,
      entries: Array.from({ length }, (_, index) => folder.at(offset + index)),
      total: folder.total,
      offset,
    };
  }
  throw new Refused(404, "not_found", "no_such_route", "there is no such route");
}

function act(release: Release, verb: string): Answer {
  const share = release.done_bytes >= release.size_bytes;
  if (verb === "get") Object.assign(release, { state: share ? "held" : "fetching", pinned: true });
  else if (verb === "pin" || verb === "unpin") release.pinned = verb === "pin";
  else if (verb === "pause") Object.assign(release, { state: "paused", down_rate: 0, up_rate: 0 });
  else if (verb === "resume") release.state = share ? "held" : "fetching";
  else if (verb === "drop") {
    world.releases.delete(release.id);
    publish({ event: "gone", data: { topic: "releases", id: release.id } });
    return { id: release.id };
  } else throw new Refused(404, "not_found", "no_such_route", "there is no such route");
  delete release.waits_for;
  changed(release);
  return verb === "get"
    ? {
        job: {
          id: 7,
          kind: "get",
          subject: `${release.name}-${release.serial}`,
          state: "running",
          done: release.done_bytes,
          total: release.size_bytes,
        },
      }
    : detail(world, release);
}

async function json(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text ? (JSON.parse(text) as Record<string, unknown>) : {};
}

// ---- the server ----

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

function problem(response: ServerResponse, { status: code, code: word, reason, message }: Refused): void {
  response.writeHead(code, { ...headers, "Content-Type": "application/problem+json", "Cache-Control": "no-store" });
  response.end(JSON.stringify({ type: "about:blank", title: "", status: code, code: word, reason, detail: message }));
}

function page_(response: ServerResponse, path: string): void {
  const file = join("dist", path === "/" ? "index.html" : normalize(path));
  if (!file.startsWith("dist") || !existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, "Content-Type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://mock");
  if (!url.pathname.startsWith(`${flags.prefix}/`)) {
    response.writeHead(404, headers).end();
    return;
  }
  const path = url.pathname.slice(flags.prefix?.length);
  if (!path.startsWith("/api/v1/")) return page_(response, path);
  const parts = path.slice("/api/v1/".length).split("/").map(decodeURIComponent);
  const method = request.method ?? "GET";
  if (method === "POST" && parts[0] === "session") {
    if ((await json(request))["code"] !== "mock")
      throw new Refused(401, "not_allowed", "bad_code", "this code does not open the page; run: croft open");
    return send(response, { token });
  }
  if (request.headers.authorization !== `Bearer ${token}`)
    throw new Refused(401, "not_allowed", "no_token", "this route needs a token; run: croft open");
  if (parts[0] === "events") return stream(request, response, url);
  send(response, await route(method, parts, url.searchParams, request));
}

function send(response: ServerResponse, answer: Answer): void {
  if ("bytes" in answer) {
    response.writeHead(200, {
      ...headers,
      "Content-Type": "application/octet-stream",
      "Content-Disposition": "attachment",
      "Cache-Control": "no-store",
    });
    createReadStream(answer.bytes).pipe(response);
    return;
  }
  response.writeHead("job" in answer ? 202 : 200, {
    ...headers,
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
  });
  response.end(JSON.stringify(answer));
}

const server = createServer((request, response) => {
  serve(request, response).catch((error: unknown) =>
    problem(response, error instanceof Refused ? error : new Refused(500, "io", "mock", String(error))),
  );
});
server.listen(Number(flags.port), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : flags.port;
  console.log(`http://127.0.0.1:${port}${flags.prefix}/#c=mock`);
  if (!flags.hostile) console.log(`a link to follow, when started with --releases 0: ${exampleUri}`);
});
