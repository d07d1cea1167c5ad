import { signal } from "@preact/signals";
import * as api from "./api";
import { amend, to } from "./router";

/** `open`: we hold a token that the daemon took so far. */
export const state = signal<"starting" | "open" | "closed">("starting");

const slot = "croft.token";

function close(): void {
  sessionStorage.removeItem(slot);
  api.authorize(undefined, close);
  state.value = "closed";
}

function open(token: string): void {
  sessionStorage.setItem(slot, token);
  api.authorize(token, close);
  state.value = "open";
}

/** Trades the one-time code of `croft open` in the address for a token, and takes it out of the address first. */
export async function start(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get("c");
  if (code) amend(to("overview"));
  const kept = sessionStorage.getItem(slot);
  api.authorize(undefined, close);
  if (!code) return kept ? open(kept) : close();
  try {
    open((await api.session(code)).token);
  } catch {
    close();
  }
}
