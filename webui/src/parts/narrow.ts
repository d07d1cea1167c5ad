import { signal } from "@preact/signals";

const query = matchMedia("(max-width: 760px)");

/** Whether the window is as narrow as a phone: rows become cards. The same width stands in the style sheet. */
export const narrow = signal(query.matches);
query.addEventListener("change", () => (narrow.value = query.matches));
