import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { onEvent } from "../live";
import type { Event, Id, Release, Topic } from "../model";

export interface Resource<T> {
  value: T | undefined;
  error: unknown;
  reload(): void;
  set(value: T): void;
}

/** What an event means for a value (or for one still on its way): another value, that it must be read again, or nothing. */
export type Reaction<T> = (event: Event, value: T | undefined) => T | "stale" | undefined;

/** Events come in bursts; the value is read again at most this often, in milliseconds. */
const rest = 300;

/** What `load` gives: again when `key` changes, when events were lost, and as `react` says. The old value stays meanwhile. */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  react?: Reaction<T>,
): Resource<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: unknown }>({ key });
  const [turn, setTurn] = useState(0);
  const current = state.key === key ? state : { key };
  const latest = useRef({ load, react, value: current.value });
  latest.current = { load, react, value: current.value };

  useEffect(() => {
    const abort = new AbortController();
    latest.current.load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setState({ key, value });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState((old) => (old.key === key ? { ...old, error } : { key, error }));
      },
    );
    return () => abort.abort();
  }, [key, turn]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = () => {
      timer = undefined;
      setTurn((n) => n + 1);
    };
    const stop = onEvent((event) => {
      const { value } = latest.current;
      const next = event.event === "resync" ? "stale" : latest.current.react?.(event, value);
      if (next === "stale") timer ??= setTimeout(again, rest);
      else if (next !== undefined) setState({ key, value: next });
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [key]);

  return {
    value: current.value,
    error: current.error,
    reload: useCallback(() => setTurn((n) => n + 1), []),
    set: useCallback((value: T) => setState({ key, value }), [key]),
  };
}

/** Whether an event is about this topic, and this row of it where one is named. */
export function concerns(event: Event, topic: Topic, id?: Id): boolean {
  if (!("topic" in event.data) || event.data.topic !== topic) return false;
  return id === undefined || ("id" in event.data && event.data.id === id);
}

/** Read again whenever something of this topic, or this row of it, changed in any way. */
export function staleOn(topic: Topic, id?: Id): (event: Event) => "stale" | undefined {
  return (event) => (concerns(event, topic, id) ? "stale" : undefined);
}

/** What moves every second while a release is fetched or shared, and changes no list's order or filter that people use. */
const figures: ReadonlySet<string> = new Set<keyof Release>([
  "done_bytes",
  "down_rate",
  "up_rate",
  "sent_bytes",
  "peers",
  "seeds",
  "known_seeds",
  "waits_for",
]);

/** Whether an event only moves a row's figures: then they can be put in place. */
export function movesFigures(event: Event): event is Extract<Event, { event: "delta" }> {
  return event.event === "delta" && Object.keys(event.data.value).every((member) => figures.has(member));
}

/** Read again when a row of this topic came, changed its standing or went. */
export function staleOnRows(topic: Topic): (event: Event) => "stale" | undefined {
  return (event) => (!movesFigures(event) && concerns(event, topic) ? "stale" : undefined);
}
