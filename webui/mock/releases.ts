import { readFileSync } from "node:fs";
import type { Link, Release, Signatures, State } from "../src/model";
import { changed, publish } from "./live";
import { compare, Refused, world } from "./state";
import { demoId, detail, entries, random } from "./world";

/** Everything below /releases. */

const orders: Record<string, (a: Release, b: Release) => number> = {
  name: () => 0,
  created: (a, b) => Date.parse(a.created) - Date.parse(b.created),
  size: (a, b) => a.size_bytes - b.size_bytes,
  up: (a, b) => a.up_rate - b.up_rate,
  done: (a, b) => a.done_bytes / a.size_bytes - b.done_bytes / b.size_bytes,
  state: (a, b) => compare(a.state, b.state),
  publisher: (a, b) => compare(a.petname, b.petname),
};
/** What a search looks through, made once: the real daemon answers in a millisecond or two. */
const haystacks = new WeakMap<Release, string>();
function haystack(release: Release): string {
  const made =
    haystacks.get(release) ??
    `${release.name}-${release.serial} ${Object.values(release.title).join(" ")} ${release.petname}`.toLowerCase();
  haystacks.set(release, made);
  return made;
}

export function list(query: URLSearchParams): Release[] {
  const q = query.get("q")?.toLowerCase();
  const wanted = query.get("state")?.split(",");
  const sort = query.get("sort") ?? "name";
  const order = orders[sort.replace(/^-/, "")];
  if (!order) throw new Refused(400, "invalid_argument", "unknown_sort", `releases can't be sorted by ${sort}`);
  const found = [...world.releases.values()].filter(
    (release) =>
      (!q || haystack(release).includes(q)) &&
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

export function find(id: string): Release {
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

export function namedPage(all: Release[], query: URLSearchParams) {
  const { rows, total, offset } = page(all, query);
  return { releases: rows, total, offset };
}

export function releaseRoute(method: string, release: Release, part: string, query: URLSearchParams): object {
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

function act(release: Release, verb: string): object {
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
