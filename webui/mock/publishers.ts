import { existsSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import type { Publisher, PublisherDetail } from "../src/model";
import { publish, status } from "./live";
import { flags, Refused, world } from "./state";
import { exampleId, makeWorld } from "./world";

/** Everything below /publishers. */

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

/** The user's yes: the update is taken, and nothing waits any more. */
function accept(found: PublisherDetail): PublisherDetail {
  if (!found.waiting) throw new Refused(404, "not_found", "nothing_waits", `no update of ${found.petname} waits`);
  found.catalogue_version = found.waiting.catalogue_version;
  delete found.waiting;
  delete found.problem;
  publish({ event: "full", data: { topic: "publishers", id: found.id, value: row(found) } });
  publish({ event: "full", data: { topic: "status", value: status() } });
  return found;
}

export function publisherRoute(method: string, id: string, rest: string[], body: Record<string, unknown>): object {
  if (id === "")
    return method === "POST"
      ? follow(body)
      : { publishers: world.publishers.map(row), total: world.publishers.length, offset: 0 };
  if (id === "preview") return preview(body);
  const found = publisher(id);
  if (rest[0] === "check") return { changed: false };
  if (rest[0] === "accept") return accept(found);
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
