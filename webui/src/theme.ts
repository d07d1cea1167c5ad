import { effect, signal } from "@preact/signals";

export const themes = ["auto", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

const slot = "croft.theme";
const saved = localStorage.getItem(slot) as Theme | null;

export const theme = signal<Theme>(saved && themes.includes(saved) ? saved : "auto");

export function startTheme(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    localStorage.setItem(slot, theme.value);
  });
}

export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? "auto";
}
