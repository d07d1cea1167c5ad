import { go, to } from "./router";

/** The keyboard: `/` search, `g` + letter go, `j` `k` move, `x` select, `?` the list of all this. */

export const destinations: Readonly<Record<string, string>> = {
  o: "overview",
  l: "library",
  p: "publishers",
  v: "verify",
  m: "mirror",
  a: "activity",
  s: "settings",
};

interface ListKeys {
  move(step: 1 | -1): void;
  select(): void;
}
let list: ListKeys | undefined;

/** The list in view takes `j`, `k` and `x` until the result is called. */
export function listKeys(keys: ListKeys): () => void {
  list = keys;
  return () => {
    if (list === keys) list = undefined;
  };
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
}

export function startKeys(search: () => void, help: () => void): void {
  let going = 0;
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const destination = Date.now() - going < 1500 ? destinations[event.key] : undefined;
    going = 0;
    if (destination) go(to(destination));
    else if (event.key === "g") going = Date.now();
    else if (event.key === "/") search();
    else if (event.key === "?") help();
    else if (event.key === "j") list?.move(1);
    else if (event.key === "k") list?.move(-1);
    else if (event.key === "x") list?.select();
    else return;
    event.preventDefault();
  });
}
