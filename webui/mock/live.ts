import type { IncomingMessage, ServerResponse } from "node:http";
import type { Event, Release, Speed, State, Status } from "../src/model";
import { flags, gib, world } from "./state";

/** What changes by itself: status, speed, and the events that say so. */

/** How much of each fetched release comes in a second, in hundredths. */
const pace = Number(flags.pace);

const startedAt = "2026-11-20T05:00:00Z";

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
export const used = () =>
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

export function status(): Status {
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

const clients = new Map<ServerResponse, Set<string>>();
const missed: Event[] = [];
let counter = 1000;

const write = (response: ServerResponse, { event, id, data }: Event) =>
  response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

type Unnumbered = Event extends infer Each ? (Each extends Event ? Omit<Each, "id"> : never) : never;

export function publish(event: Unnumbered): void {
  const numbered = { ...event, id: ++counter } as Event;
  missed.push(numbered);
  if (missed.length > 500) missed.shift();
  for (const [response, topics] of clients) if (wants(topics, numbered)) write(response, numbered);
}

const wants = (topics: Set<string>, event: Event) => !("topic" in event.data) || topics.has(event.data.topic);

export function stream(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  headers: Record<string, string>,
): void {
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

export const changed = (release: Release) =>
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
      release.done_bytes + Math.ceil((release.size_bytes * pace) / 100),
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
if (pace > 0) setInterval(move, 1000).unref();
setInterval(() => {
  for (const response of clients.keys()) write(response, { event: "ping", id: counter, data: {} });
}, 15_000).unref();
