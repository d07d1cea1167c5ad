import { signal } from "@preact/signals";

const said = signal("");

/** Says `text` to assistive technology and shows it for a moment at the foot of the page. */
export function announce(text: string): void {
  said.value = "";
  setTimeout(() => (said.value = text));
  setTimeout(() => {
    if (said.value === text) said.value = "";
  }, 4000);
}

export function Announcer() {
  return (
    <div class={`toast ${said.value ? "shown" : ""}`} role="status" aria-live="polite">
      {said.value}
    </div>
  );
}
