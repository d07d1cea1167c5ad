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

/** The one-time code of `croft open`, taken out of the address before anything else happens with it. */
function takeCode(): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get("c");
  if (code) amend(to("overview"));
  return code;
}

/** Trades a code for a token. One that is used up or wrong ends nothing: the token we have may still be good. */
async function enter(code: string): Promise<void> {
  try {
    open((await api.session(code)).token);
  } catch {
    if (state.value !== "open") resume();
  }
}

function resume(): void {
  const kept = sessionStorage.getItem(slot);
  if (kept) open(kept);
  else close();
}

/** Logs in with the code in the address, now or when one is pasted later, or goes on with the token of this tab. */
export async function start(): Promise<void> {
  const code = takeCode();
  window.addEventListener("hashchange", () => {
    const later = takeCode();
    if (later) void enter(later);
  });
  if (code) await enter(code);
  else resume();
}
