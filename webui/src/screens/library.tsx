import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import * as api from "../api";
import * as format from "../format";
import { name, t, type Word } from "../i18n";
import { onEvent } from "../live";
import type { Kind, Release, State } from "../model";
import { Action } from "../parts/action";
import { copiesInWords, otherCopies } from "../parts/copies";
import { Bytes, Rate } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Icon } from "../parts/icon";
import { narrow } from "../parts/narrow";
import { type Load, type Pages, usePages } from "../parts/pages";
import { ReleaseName } from "../parts/release_name";
import { concerns, movesFigures, staleOn, useResource } from "../parts/resource";
import { StateBadge, VerdictBadge } from "../parts/verdict";
import { Windowed, type Column } from "../parts/windowed";
import { amend, route, to } from "../router";
import { visible } from "../visible";

const kinds: Kind[] = ["wiki", "papers", "media", "other"];
const states: State[] = ["held", "fetching", "checking", "queued", "offered", "paused", "failed"];
const filters = ["q", "publisher", "kind", "language", "state", "sort"] as const;

/** In milliseconds: events come in bursts. */
const restBetweenReadings = 400;

type Selected = ReadonlyMap<string, Release>;

export function Library() {
  const query = route.value.query;
  const filter: api.ReleaseFilter = Object.fromEntries(filters.map((each) => [each, query[each]]));
  const key = JSON.stringify(filter);
  const load: Load<Release> = async (window, signal) => {
    const { releases, total } = await api.releases(filter, window, signal);
    return { rows: releases, total };
  };
  const pages = usePages(key, load);
  useEffect(() => follow(pages), []);
  const selected = useSignal<Selected>(new Map());
  const toggle = (release: Release) => {
    const next = new Map(selected.value);
    if (!next.delete(release.id)) next.set(release.id, release);
    selected.value = next;
  };
  return (
    <>
      <div class="screen-title">
        <h1>{t("library")}</h1>
        <span class="tally">{pages.total.value === undefined ? "" : t("releases_n", { n: pages.total.value })}</span>
      </div>
      <Filters />
      <Selection selected={selected.value} clear={() => (selected.value = new Map())} />
      <Windowed
        pages={pages}
        label={t("library")}
        columns={columns()}
        rowHeight={narrow.value ? 84 : 52}
        place={key}
        heading={(column) => <SortHeading column={column} />}
        select={toggle}
        empty={<Empty />}
        row={(release) => (
          <Row release={release} chosen={selected.value.has(release.id)} toggle={() => toggle(release)} />
        )}
      />
    </>
  );
}

/** Keeps the rows in view as the daemon has them; what may have come, gone or moved is read again after the burst. */
function follow(pages: Pages<Release>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    timer = undefined;
    pages.restart();
  };
  const stop = onEvent((event) => {
    if (event.event !== "resync" && !concerns(event, "releases")) return;
    if (event.event === "delta") pages.patch(event.data.id, event.data.value as Partial<Release>);
    if (!movesFigures(event)) timer ??= setTimeout(again, restBetweenReadings);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}

const columns = (): Column[] => [
  { name: "chosen", label: t("select"), quiet: true },
  { name: "name", label: t("name"), sort: "name" },
  { name: "size", label: t("size"), sort: "size" },
  { name: "state", label: t("state"), sort: "state" },
  { name: "up", label: t("sending"), sort: "up" },
  { name: "copies", label: t("copies") },
  { name: "created", label: t("created"), sort: "created" },
  { name: "verdict", label: t("verdict") },
];

function SortHeading({ column }: { column: Column }) {
  if (!column.sort) return <>{column.label}</>;
  const now = route.value.query["sort"] ?? "name";
  const rising = now === column.sort;
  const falling = now === `-${column.sort}`;
  const label = `${column.label}: ${t(rising ? "sort_falling" : "sort_rising")}`;
  const next = rising ? `-${column.sort}` : column.sort;
  return (
    <button
      type="button"
      class="sort"
      aria-label={label}
      title={label}
      onClick={() => amend(to("library", [], { ...route.value.query, sort: next }))}
    >
      {column.label}
      {(rising || falling) && <Icon name={rising ? "up" : "down"} size={13} />}
    </button>
  );
}

function Row({ release, chosen, toggle }: { release: Release; chosen: boolean; toggle: () => void }) {
  const copies = otherCopies(release);
  return (
    <>
      <span role="cell" class="cell chosen">
        <input
          type="checkbox"
          checked={chosen}
          onChange={toggle}
          aria-label={t("select_what", { what: `${release.name}-${release.serial}` })}
        />
      </span>
      <span role="cell" class="cell name">
        <ReleaseName release={release} />
        {release.pinned && (
          <span class="pin" title={t("pinned")}>
            <Icon name="pin" size={14} />
            <span class="sr-only">{t("pinned")}</span>
          </span>
        )}
      </span>
      <span role="cell" class="cell size">
        <Bytes n={release.size_bytes} />
      </span>
      <span role="cell" class="cell state">
        <StateBadge release={release} />
        {release.waits_for && (
          <span class="quiet waits" title={visible(release.waits_for)}>
            <Foreign text={release.waits_for} />
          </span>
        )}
      </span>
      <span role="cell" class="cell up">
        {release.up_rate > 0 ? <Rate n={release.up_rate} /> : <span class="quiet">–</span>}
      </span>
      <span role="cell" class="cell copies" title={copiesInWords(copies)}>
        {copies === undefined ? <span class="quiet">–</span> : format.count(copies)}
      </span>
      <span role="cell" class="cell created">
        <time dateTime={release.created} title={release.created}>
          {format.date(release.created)}
        </time>
      </span>
      <span role="cell" class="cell verdict">
        <VerdictBadge verdict={release.verdict} />
      </span>
    </>
  );
}

function Filters() {
  const publishers = useResource("publishers", (signal) => api.publishers(signal), staleOn("publishers"));
  const known = publishers.value?.publishers ?? [];
  const tags = [...new Set(known.flatMap((each) => each.languages))].sort();
  return (
    <div class="filters">
      <Choice field="state" label="state" options={states.map((each) => [each, name("state", each)])} />
      <Choice field="kind" label="kind" options={kinds.map((each) => [each, name("kind", each)])} />
      <Choice field="publisher" label="publisher" options={known.map((each) => [each.id, visible(each.petname)])} />
      <Choice
        field="language"
        label="language"
        options={tags.map((each) => [each, visible(format.languageName(each))])}
      />
    </div>
  );
}

function Choice({ field, label, options }: { field: string; label: Word; options: [string, string][] }) {
  const query = route.value.query;
  return (
    <label class={`choice ${query[field] ? "set" : ""}`}>
      <span>{t(label)}</span>
      <select
        value={query[field] ?? ""}
        onChange={(event) => amend(to("library", [], { ...query, [field]: event.currentTarget.value }))}
      >
        <option value="">{t("all")}</option>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}

function Selection({ selected, clear }: { selected: Selected; clear: () => void }) {
  if (selected.size === 0) return null;
  const each = (act: (release: Release) => Promise<unknown>) => async () => {
    for (const release of selected.values()) await act(release);
    clear();
  };
  return (
    <div class="selection" role="group" aria-label={t("selected_n", { n: selected.size })}>
      <strong>{t("selected_n", { n: selected.size })}</strong>
      <Action icon="download" label={t("get")} done={t("asked_for")} act={each((release) => api.get(release.id))} />
      <Action icon="pin" label={t("pin")} done={t("done")} act={each((release) => api.act(release.id, "pin"))} />
      <Action icon="pin" label={t("unpin")} done={t("done")} act={each((release) => api.act(release.id, "unpin"))} />
      <Action icon="pause" label={t("pause")} done={t("done")} act={each((release) => api.act(release.id, "pause"))} />
      <Action icon="play" label={t("resume")} done={t("done")} act={each((release) => api.act(release.id, "resume"))} />
      <button type="button" onClick={clear}>
        {t("cancel")}
      </button>
    </div>
  );
}

function Empty() {
  const filtered = filters.some((each) => each !== "sort" && route.value.query[each]);
  return filtered ? (
    <>
      <p>{t("no_match")}</p>
      <a class="button" href={to("library")}>
        {t("show_all")}
      </a>
    </>
  ) : (
    <>
      <p>{t("library_empty")}</p>
      <a class="button primary" href={to("publishers", [], { follow: "yes" })}>
        {t("follow_publisher")}
      </a>
    </>
  );
}
