import { computed, signal } from "@preact/signals";
import { parse } from "./address";

export { to } from "./address";

const hash = signal(location.hash);
window.addEventListener("hashchange", () => (hash.value = location.hash));

export const route = computed(() => parse(hash.value));

/** Which screen, and which release or publisher of it: what most of the page follows, so that typing in the search draws only the list anew. */
export const screen = computed(() => route.value.screen);
export const place = computed(() => `${route.value.screen}/${route.value.parts[0] ?? ""}`);

export function go(address: string): void {
  location.hash = address;
}

/** Changes the address without a step in the history: for what changes with each key stroke. */
export function amend(address: string): void {
  window.history.replaceState(null, "", address);
  hash.value = location.hash;
}
