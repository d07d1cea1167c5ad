import { computed, effect, signal } from "@preact/signals";
import * as api from "./api";
import type { Event, Speed, Status, Topic } from "./model";
import { screen } from "./router";

/** What the page knows without asking: one event stream for all screens. */

export const connection = signal<"connecting" | "live" | "lost">("connecting");
export const status = signal<Status | undefined>(undefined);
export const speed = signal<Speed | undefined>(undefined);
/** Up and down rates since the page was opened, oldest first, one a second at most. */
export const history = signal<readonly { at: number; down: number; up: number }[]>([]);

const historyLength = 300;
const silenceLimit = 40_000;
const longestPause = 15_000;

const topicsOf: Partial<Record<string, Topic[]>> = {
  overview: ["releases", "publishers", "journal"],
  library: ["releases", "publishers"],
  release: ["releases"],
  publishers: ["publishers"],
  publisher: ["publishers"],
  mirror: ["releases"],
  activity: ["journal"],
};
const topics = computed(() => ["status", "speed", ...(topicsOf[screen.value] ?? [])].join(",") as string);

const listeners = new Set<(event: Event) => void>();

/** Calls `listener` for each event until the function it gives back is called. */
export function onEvent(listener: (event: Event) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let lastId: number | undefined;

function remember({ down_rate, up_rate }: Speed): void {
  const now = Date.now();
  const kept = history.value.filter((sample) => sample.at > now - historyLength * 1000);
  history.value = [...kept, { at: now, down: down_rate, up: up_rate }];
}

/** With no last id to go on from, nobody tells what we missed: everything shown must be read again. */
function connected(id: number): void {
  if (connection.value === "lost" && lastId === undefined) tell({ event: "resync", id, data: {} });
  connection.value = "live";
}

function tell(event: Event): void {
  for (const listener of listeners) listener(event);
}

function take(event: Event): void {
  connected(event.id);
  lastId = event.id;
  if (event.event === "full" && event.data.topic === "status") {
    status.value = event.data.value;
  } else if (event.event === "full" && event.data.topic === "speed") {
    speed.value = event.data.value;
    remember(event.data.value);
  }
  tell(event);
}

/** Reads one stream to its end; a stream that says nothing for longer than two pings is dead. */
async function listen(wanted: string, stop: AbortSignal): Promise<void> {
  const silence = new AbortController();
  const rearm = () => setTimeout(() => silence.abort(), silenceLimit);
  let timer = rearm();
  const abort = () => silence.abort();
  stop.addEventListener("abort", abort, { once: true });
  try {
    for await (const event of api.events(wanted.split(",") as Topic[], lastId, silence.signal)) {
      clearTimeout(timer);
      timer = rearm();
      take(event);
    }
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", abort);
  }
}

function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    stop.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

async function stayConnected(wanted: string, stop: AbortSignal): Promise<void> {
  for (let wait = 500; !stop.aborted; wait = Math.min(wait * 2, longestPause)) {
    const before = lastId;
    try {
      await listen(wanted, stop);
    } catch {
      // However it broke, what follows is the same: say so and try again.
    }
    if (stop.aborted) return;
    if (lastId !== before) wait = 500;
    connection.value = "lost";
    await pause(wait, stop);
  }
}

/** Keeps a stream of the topics that the screen in view needs, until the result is called. */
export function startLive(): () => void {
  return effect(() => {
    const wanted = topics.value;
    const stop = new AbortController();
    void stayConnected(wanted, stop.signal);
    return () => stop.abort();
  });
}
