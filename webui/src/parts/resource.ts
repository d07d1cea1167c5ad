import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { onEvent } from "../live";
import type { Event } from "../model";

export interface Resource<T> {
  value: T | undefined;
  error: unknown;
  reload(): void;
  set(value: T): void;
}

/** Events come in bursts; one reading after the burst is enough. */
const settle = 250;

/**
 * What `load` gives, again when `key` changes, when events were lost, or when one is `stale`'s business. While it is read
 * again the old value stays.
 */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  stale?: (event: Event) => boolean,
): Resource<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: unknown }>({ key });
  const [turn, setTurn] = useState(0);
  const latest = useRef({ load, stale });
  latest.current = { load, stale };

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
    const stop = onEvent((event) => {
      if (event.event !== "resync" && !latest.current.stale?.(event)) return;
      clearTimeout(timer);
      timer = setTimeout(() => setTurn((n) => n + 1), settle);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);

  const current = state.key === key ? state : { key };
  return {
    value: current.value,
    error: current.error,
    reload: useCallback(() => setTurn((n) => n + 1), []),
    set: useCallback((value: T) => setState({ key, value }), [key]),
  };
}
