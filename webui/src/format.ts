import { language } from "./i18n";
import type { Time, Translations } from "./model";

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

const formats = new Map<string, unknown>();

/** A formatter takes longer to make than a row of a list to draw: each is made once for each language. */
function once<T>(kind: string, tag: string, make: () => T): T {
  const key = `${kind}/${tag}`;
  if (!formats.has(key)) formats.set(key, make());
  return formats.get(key) as T;
}

function figure(tag: string, digits: number): Intl.NumberFormat {
  return once(`figure ${digits}`, tag, () => new Intl.NumberFormat(tag, { maximumFractionDigits: digits }));
}

function moment(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const tag = language.value;
  return once(JSON.stringify(options), tag, () => new Intl.DateTimeFormat(tag, options));
}

/** Three figures at most, in the largest binary unit that leaves one before the point: `1.4 MiB`. */
export function bytes(amount: number, tag: string = language.value): string {
  let unit = 0;
  let value = amount;
  for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1024;
  const digits = unit === 0 || value >= 99.5 ? 0 : value >= 9.95 ? 1 : 2;
  return `${figure(tag, digits).format(value)}\u00a0${units[unit]}`;
}

export function exactBytes(amount: number): string {
  return `${figure(language.value, 0).format(amount)} B`;
}

export function rate(perSecond: number): string {
  return `${bytes(perSecond)}/s`;
}

export function count(n: number): string {
  return figure(language.value, 0).format(n);
}

/** Never rounds up to 100 %: what is not whole must not look whole. */
export function percent(part: number, whole: number): string {
  const share = whole > 0 ? Math.floor((part / whole) * 1000) / 1000 : 1;
  const tag = language.value;
  const digits = share > 0.99 ? 1 : 0;
  return once(
    `percent ${digits}`,
    tag,
    () => new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: digits }),
  ).format(share < 1 && share > 0.99 ? share : Math.floor(share * 100) / 100);
}

export function date(time: Time): string {
  return moment({ dateStyle: "medium" }).format(new Date(time));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** "3 days ago", against the daemon's clock where one is given. */
export function ago(time: Time, now: number = Date.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  const tag = language.value;
  const format = once("ago", tag, () => new Intl.RelativeTimeFormat(tag, { numeric: "auto" }));
  const [unit, length] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return format.format(Math.trunc(seconds / length), unit);
}

export function languageName(tag: string): string {
  try {
    const ours = language.value;
    return once("language", ours, () => new Intl.DisplayNames(ours, { type: "language" })).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** The text in our language, else English, else any. */
export function translated(texts: Translations): string {
  return texts[language.value] ?? texts["en"] ?? Object.values(texts)[0] ?? "";
}

export function time(at: Time): string {
  return moment({ timeStyle: "short" }).format(new Date(at));
}
