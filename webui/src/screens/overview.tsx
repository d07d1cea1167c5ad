import * as api from "../api";
import * as format from "../format";
import { t } from "../i18n";
import { status } from "../live";
import type { Release, Releases, Status, StatusProblem } from "../model";
import { Action } from "../parts/action";
import { Command } from "../parts/copy";
import { Ago, Bar, Bytes, Day, FreeOnDisk, Rate } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Icon } from "../parts/icon";
import { Refusal } from "../parts/problem";
import { ReleaseName } from "../parts/release_name";
import { movesFigures, type Reaction, staleOnRows, useResource } from "../parts/resource";
import { Sparkline } from "../parts/sparkline";
import { StateBadge } from "../parts/verdict";
import { go, to } from "../router";

/** Enough for a look; the library has them all. */
const shownMoving = 6;
const shownOffered = 5;

export function Overview() {
  const first = useResource("status", (signal) => api.status(signal));
  const now = status.value ?? first.value;
  if (!now)
    return first.error !== undefined ? (
      <>
        <h1>{t("overview")}</h1>
        <Refusal error={first.error} retry={first.reload} />
      </>
    ) : (
      <h1>{t("overview")}</h1>
    );
  return (
    <>
      <h1 class="sr-only">{t("overview")}</h1>
      {now.publishers === 0 ? <FirstSteps /> : <Headline now={now} />}
      {now.problems.length > 0 && <Problems problems={now.problems} />}
      <div class="cards">
        <Speed />
        <Disk now={now} />
        <Network now={now} />
      </div>
      {now.publishers > 0 && <Moving />}
      {now.publishers > 0 && <Offered budget={now.budget_bytes} />}
    </>
  );
}

function Headline({ now }: { now: Status }) {
  const held = now.releases.held;
  return (
    <section
      class={`headline ${held === 0 ? "none" : now.problems.length > 0 ? "" : "good"}`}
      aria-label={t("state_of_things")}
    >
      <Icon name={held > 0 ? "valid" : "unproved"} size={34} />
      <div>
        <p class="large">
          {held === 0 ? (
            t("nothing_held")
          ) : (
            <>
              {t("releases_held", { n: held })} <Bytes n={now.held_bytes} />
            </>
          )}
        </p>
        <p class="quiet">
          {now.proved_since && (
            <>
              {t("proved_since")} <Day time={now.proved_since} />
              {" · "}
            </>
          )}
          <a href={to("publishers")}>{t("publishers_n", { n: now.publishers })}</a>
        </p>
      </div>
    </section>
  );
}

function FirstSteps() {
  return (
    <section class="card first-steps">
      <h2>{t("first.title")}</h2>
      <ol>
        <li>{t("first.follow")}</li>
        <li>{t("first.compare")}</li>
        <li>{t("first.budget")}</li>
      </ol>
      <a class="button primary" href={to("publishers", [], { follow: "yes" })}>
        <Icon name="add" size={16} />
        {t("follow_publisher")}
      </a>
    </section>
  );
}

function Problems({ problems }: { problems: StatusProblem[] }) {
  return (
    <section>
      <h2>
        {t("problems")} <span class="tally">{format.count(problems.length)}</span>
      </h2>
      <ul class="problems">
        {problems.map((problem) => (
          <li key={problem.code + problem.subject + problem.message}>
            <Icon name="warning" />
            <div>
              <ProblemSubject problem={problem} />
              <p>
                <Foreign text={problem.message} />
              </p>
              {problem.reason === "mass_change" && problem.publisher && (
                <a class="button" href={to("publisher", [problem.publisher])}>
                  {t("decide")}
                </a>
              )}
              {problem.command && <Command text={problem.command} />}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function ProblemSubject({ problem }: { problem: StatusProblem }) {
  const address = problem.release
    ? to("release", [problem.release])
    : problem.publisher
      ? to("publisher", [problem.publisher])
      : undefined;
  const words = <Foreign text={problem.subject} />;
  return <strong>{address ? <a href={address}>{words}</a> : words}</strong>;
}

function Speed() {
  return (
    <section class="card">
      <h2>{t("speed")}</h2>
      <Sparkline />
    </section>
  );
}

function Disk({ now }: { now: Status }) {
  const budget = now.budget_bytes;
  return (
    <section class="card">
      <h2>{t("disk")}</h2>
      {budget === undefined ? (
        <p>
          {t("no_budget")} <a href={to("mirror")}>{t("set_budget")}</a>
        </p>
      ) : (
        <>
          <p class="large">
            <Bytes n={now.used_bytes} />{" "}
            <span class="quiet">
              / <Bytes n={budget} />
            </span>
          </p>
          <Bar
            part={now.used_bytes}
            whole={budget}
            label={t("used_of_budget", { share: format.percent(now.used_bytes, budget) })}
            tone={now.used_bytes > budget ? "warning" : "good"}
          />
        </>
      )}
      <FreeOnDisk free={now.free_bytes} kept={now.keep_free_bytes} />
    </section>
  );
}

function Network({ now }: { now: Status }) {
  return (
    <section class="card">
      <h2>{t("network")}</h2>
      <p class="large">{t("peers_n", { n: now.peers })}</p>
      <p class="quiet">{now.dht_nodes > 0 ? t("dht_nodes_n", { n: now.dht_nodes }) : t("no_dht")}</p>
      <p class="quiet">
        {now.listening.length > 0 ? t("listens_on") : t("listens_nowhere")}{" "}
        {now.listening.map((one) => (
          <code key={one}>{one} </code>
        ))}
      </p>
    </section>
  );
}

const followMoving: Reaction<Releases> = (event, list) => {
  if (!movesFigures(event) || event.data.topic !== "releases") return staleOnRows("releases")(event);
  const { id, value } = event.data;
  if (!list?.releases.some((release) => release.id === id)) return undefined;
  return {
    ...list,
    releases: list.releases.map((release) => (release.id === id ? { ...release, ...value } : release)),
  };
};

function Moving() {
  const list = useResource(
    "moving",
    (signal) =>
      api.releases({ state: "fetching,checking,queued", sort: "-done" }, { offset: 0, limit: shownMoving }, signal),
    followMoving,
  );
  if (!list.value || list.value.total === 0) return null;
  return (
    <section>
      <h2>
        {t("moving")} <span class="tally">{format.count(list.value.total)}</span>
      </h2>
      <ul class="lines">
        {list.value.releases.map((release) => (
          <MovingLine key={release.id} release={release} />
        ))}
      </ul>
    </section>
  );
}

function MovingLine({ release }: { release: Release }) {
  return (
    <li>
      <ReleaseName release={release} />
      <span class="grow">
        <Bar
          part={release.done_bytes}
          whole={release.size_bytes}
          label={format.percent(release.done_bytes, release.size_bytes)}
        />
        {release.waits_for && (
          <span class="quiet">
            <Foreign text={release.waits_for} />
          </span>
        )}
      </span>
      <StateBadge release={release} />
      <span class="end">
        <Rate n={release.down_rate} />
      </span>
    </li>
  );
}

function Offered({ budget }: { budget: number | undefined }) {
  const list = useResource(
    "offered",
    (signal) =>
      api.releases({ state: "offered", offered: "true", sort: "-created" }, { offset: 0, limit: shownOffered }, signal),
    staleOnRows("releases"),
  );
  if (!list.value || list.value.total === 0) return null;
  return (
    <section>
      <h2>
        {t("offered_title")} <span class="tally">{format.count(list.value.total)}</span>
      </h2>
      {budget === undefined && (
        <p class="quiet">
          {t("offered_no_budget")} <a href={to("mirror")}>{t("set_budget")}</a>
        </p>
      )}
      <ul class="lines">
        {list.value.releases.map((release) => (
          <li key={release.id}>
            <ReleaseName release={release} />
            <span class="grow quiet">
              <Ago time={release.created} />
            </span>
            <span class="end">
              <Bytes n={release.size_bytes} />
            </span>
            <Action icon="download" label={t("get")} done={t("asked_for")} act={() => api.get(release.id)} />
          </li>
        ))}
      </ul>
      {list.value.total > shownOffered && (
        <button type="button" onClick={() => go(to("library", [], { state: "offered" }))}>
          {t("show_all")}
        </button>
      )}
    </section>
  );
}
