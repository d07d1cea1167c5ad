import { signal } from "@preact/signals";
import { en } from "./strings/en";

/** A sentence with `{names}`, or one for each plural form of `{n}` in its language. */
export type Entry = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { other: string });
export type Word = keyof typeof en;
export type Dictionary = Readonly<Record<Word, Entry>>;
export type Values = Readonly<Record<string, string | number>>;

const loaders = {
  en: async () => en as Dictionary,
  de: async () => (await import("./strings/de")).de,
  es: async () => (await import("./strings/es")).es,
  fr: async () => (await import("./strings/fr")).fr,
} as const;

export type Language = keyof typeof loaders;
/** Each by its own name, as it stands in the menu. */
export const languages: Readonly<Record<Language, string>> = {
  en: "English",
  de: "Deutsch",
  es: "Español",
  fr: "Français",
};
const rightToLeft: ReadonlySet<string> = new Set(["ar", "fa", "he", "ur"]);
const slot = "croft.language";

export const language = signal<Language>("en");
const dictionary = signal<Dictionary>(en);

function isLanguage(tag: string | undefined | null): tag is Language {
  return !!tag && Object.hasOwn(loaders, tag);
}

function preferred(): Language {
  const kept = localStorage.getItem(slot);
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((tag) => tag.split("-")[0]).find(isLanguage) ?? "en";
}

async function load(chosen: Language): Promise<void> {
  dictionary.value = await loaders[chosen]();
  language.value = chosen;
  document.documentElement.lang = chosen;
  document.documentElement.dir = rightToLeft.has(chosen) ? "rtl" : "ltr";
}

export function startLanguage(): Promise<void> {
  return load(preferred());
}

export async function choose(chosen: Language): Promise<void> {
  await load(chosen);
  localStorage.setItem(slot, chosen);
}

/** The form of `entry` for `values.n`, filled in. */
export function fill(entry: Entry, values: Values, tag: string): string {
  const form = typeof entry === "string" ? entry : (entry[pluralForm(tag, Number(values["n"]))] ?? entry.other);
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? written(tag, value) : value;
  });
}

const plurals = new Map<string, Intl.PluralRules>();
const numbers = new Map<string, Intl.NumberFormat>();

function pluralForm(tag: string, n: number): Intl.LDMLPluralRule {
  const rules = plurals.get(tag) ?? new Intl.PluralRules(tag);
  plurals.set(tag, rules);
  return rules.select(n);
}

function written(tag: string, n: number): string {
  const format = numbers.get(tag) ?? new Intl.NumberFormat(tag);
  numbers.set(tag, format);
  return format.format(n);
}

/** What to say, in the language chosen. Reading it in a component makes it follow the choice. */
export function t(word: Word, values: Values = {}): string {
  return fill(dictionary.value[word], values, language.value);
}

/** `prefix.value` where the dictionary knows it, else `value` as it came: for words that the daemon may add to. */
export function name(prefix: string, value: string): string {
  const word = `${prefix}.${value}`;
  return Object.hasOwn(en, word) ? t(word as Word) : value;
}
