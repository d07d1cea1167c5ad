import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as api from "../api";
import * as format from "../format";
import { t } from "../i18n";
import { onEvent } from "../live";
import type { JournalEntry, Level } from "../model";
import { Action } from "../parts/action";
import { Foreign } from "../parts/foreign";
import { Icon, type IconName } from "../parts/icon";
import { Refusal } from "../parts/problem";
import { useResource } from "../parts/resource";
import { to } from "../router";

const icons: Record<Level, IconName> = { info: "check", warning: "warning", problem: "invalid" };
const step = 100;

export function Activity() {
  const newest = useResource("journal", (signal) => api.journal(undefined, step, signal));
  const fresh = useSignal<JournalEntry[]>([]);
  const older = useSignal<JournalEntry[]>([]);
  useEffect(
    () =>
      onEvent((event) => {
        if (event.event === "full" && event.data.topic === "journal") fresh.value = [event.data.value, ...fresh.value];
      }),
    [],
  );
  if (!newest.value)
    return newest.error !== undefined ? (
      <>
        <h1>{t("activity")}</h1>
        <Refusal error={newest.error} retry={newest.reload} />
      </>
    ) : (
      <h1>{t("activity")}</h1>
    );
  const entries = merge([...fresh.value, ...newest.value.entries, ...older.value]);
  const last = entries.at(-1);
  const more = async () => {
    if (last) older.value = [...older.value, ...(await api.journal(last.id, step)).entries];
  };
  return (
    <>
      <h1>{t("activity")}</h1>
      {entries.length === 0 && <p class="empty">{t("nothing_happened")}</p>}
      {byDay(entries).map(([day, list]) => (
        <section key={day}>
          <h2 class="day">{day}</h2>
          <ol class="journal">
            {list.map((entry) => (
              <Line key={entry.id} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
      {entries.length < newest.value.total && <Action label={t("show_older")} act={more} />}
    </>
  );
}

/** Newest first, each once. */
export function merge(entries: JournalEntry[]): JournalEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()].sort((a, b) => b.id - a.id);
}

function byDay(entries: JournalEntry[]): [string, JournalEntry[]][] {
  const days = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    const day = format.date(entry.time);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}

function Line({ entry }: { entry: JournalEntry }) {
  const address = entry.release
    ? to("release", [entry.release])
    : entry.publisher
      ? to("publisher", [entry.publisher])
      : undefined;
  return (
    <li class={entry.level}>
      <time dateTime={entry.time} title={entry.time}>
        {format.time(entry.time)}
      </time>
      <Icon name={icons[entry.level] ?? "check"} size={16} />
      <span>
        {entry.level !== "info" && <span class="sr-only">{t(`level.${entry.level}`)}: </span>}
        {address ? (
          <a href={address}>
            <Foreign text={entry.message} />
          </a>
        ) : (
          <Foreign text={entry.message} />
        )}
      </span>
    </li>
  );
}
