import { computed, signal } from "@preact/signals";
import { parse } from "./address";

export { to } from "./address";

const hash = signal(location.hash);
window.addEventListener("hashchange", () => (hash.value = location.hash));

export const route = computed(() => parse(hash.value));

export function go(address: string): void {
  location.hash = address;
}

/** Changes the address without a step in the history: for what changes with each key stroke. */
export function amend(address: string): void {
  window.history.replaceState(null, "", address);
  hash.value = location.hash;
}
