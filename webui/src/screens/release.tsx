import { useSignal } from "@preact/signals";
import * as api from "../api";
import * as format from "../format";
import { name, t, type Word } from "../i18n";
import type { ReleaseDetail } from "../model";
import { Action } from "../parts/action";
import { copiesInWords, otherCopies } from "../parts/copies";
import { Confirm } from "../parts/dialog";
import { Bar, Bytes, Rate } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Icon } from "../parts/icon";
import { Notice, Refusal } from "../parts/problem";
import { concerns, movesFigures, type Reaction, type Resource, useResource } from "../parts/resource";
import { save } from "../parts/save";
import { StateBadge, VerdictBadge } from "../parts/verdict";
import { go, route, to } from "../router";
import { Facts } from "./release/facts";
import { FilesTab } from "./release/files";
import { PeersTab } from "./release/peers";
import { PiecesTab } from "./release/pieces";
import { SignaturesTab } from "./release/signatures";
import { VersionsTab } from "./release/versions";

const tabs: [string, Word, (props: { release: ReleaseDetail }) => preact.JSX.Element | null][] = [
  ["about", "about", Facts],
  ["signatures", "signatures", SignaturesTab],
  ["files", "files", FilesTab],
  ["pieces", "pieces", PiecesTab],
  ["peers", "peers", PeersTab],
  ["versions", "versions", VersionsTab],
];

export function ReleaseScreen() {
  const id = route.value.parts[0] ?? "";
  const tab = route.value.parts[1] ?? "about";
  const detail = useResource(id, (signal) => api.release(id, signal), follow(id));
  const release = detail.value;
  if (!release)
    return detail.error !== undefined ? (
      <>
        <h1>{t("release")}</h1>
        <Refusal error={detail.error} retry={detail.reload} />
        <p>
          <a href={to("library")}>{t("library")}</a>
        </p>
      </>
    ) : (
      <h1>{t("release")}</h1>
    );
  const Tab = tabs.find(([each]) => each === tab)?.[2] ?? Facts;
  return (
    <>
      <Header release={release} detail={detail} />
      <nav class="tabs" aria-label={t("release_parts")}>
        {tabs.map(([each, word]) => (
          <a
            key={each}
            href={to("release", each === "about" ? [id] : [id, each])}
            aria-current={each === tab ? "page" : undefined}
          >
            {t(word)}
          </a>
        ))}
      </nav>
      <Tab release={release} key={tab} />
    </>
  );
}

/** Figures that move are put in place; anything else is read again, because the row is less than the whole. */
const follow =
  (id: string): Reaction<ReleaseDetail> =>
  (event, release) => {
    if (!concerns(event, "releases", id)) return undefined;
    return release && movesFigures(event) ? { ...release, ...(event.data.value as Partial<ReleaseDetail>) } : "stale";
  };

function Header({ release, detail }: { release: ReleaseDetail; detail: Resource<ReleaseDetail> }) {
  const title = format.translated(release.title);
  return (
    <header class="release-head">
      <p class="crumbs">
        <a href={to("library")}>{t("library")}</a> <Icon name="next" size={14} />{" "}
        <a href={to("publisher", [release.publisher])}>
          <Foreign text={release.petname} />
        </a>
      </p>
      <div class="screen-title">
        <h1>{`${release.name}-${release.serial}`}</h1>
        <VerdictBadge verdict={release.verdict} />
        <StateBadge release={release} />
        {release.pinned && (
          <span class="badge quiet">
            <Icon name="pin" size={14} />
            {t("pinned")}
          </span>
        )}
        <span class="actions">
          <Actions release={release} detail={detail} />
        </span>
      </div>
      <p class="subtitle">
        <Foreign text={title} />
        {release.version && (
          <span class="quiet">
            {" "}
            · <Foreign text={release.version} />
          </span>
        )}
      </p>
      <Troubles release={release} />
      <Progress release={release} />
    </header>
  );
}

function Troubles({ release }: { release: ReleaseDetail }) {
  return (
    <>
      {release.withdrawn && (
        <Notice tone="bad">{t("withdrawn_because", { reason: name("withdrawal", release.withdrawn) })}</Notice>
      )}
      {release.problem && (
        <Notice tone="bad">
          <strong>{name("code", release.problem.code)}</strong>
          <p>
            <Foreign text={release.problem.message} />
          </p>
        </Notice>
      )}
      {release.waits_for && (
        <Notice tone="warning">
          <Foreign text={release.waits_for} />
        </Notice>
      )}
      {!release.newest && !release.withdrawn && (
        <Notice tone="warning">
          {t("newer_exists")} <a href={to("release", [release.id, "versions"])}>{t("versions")}</a>
        </Notice>
      )}
    </>
  );
}

function Progress({ release }: { release: ReleaseDetail }) {
  if (release.state === "held" || release.state === "offered") return null;
  const share = format.percent(release.done_bytes, release.size_bytes);
  return (
    <div class="progress">
      <Bar part={release.done_bytes} whole={release.size_bytes} label={share} />
      <p class="quiet">
        <Bytes n={release.done_bytes} /> / <Bytes n={release.size_bytes} /> · {share} · <Rate n={release.down_rate} />
      </p>
    </div>
  );
}

function Actions({ release, detail }: { release: ReleaseDetail; detail: Resource<ReleaseDetail> }) {
  const dropping = useSignal(false);
  const act = (action: api.ReleaseAction) => async () => detail.set(await api.act(release.id, action));
  const here = release.state !== "offered";
  return (
    <>
      {!here && !release.withdrawn && (
        <Action
          kind="primary"
          icon="download"
          label={t("get")}
          done={t("asked_for")}
          act={async () => {
            await api.get(release.id);
            detail.reload();
          }}
        />
      )}
      {here &&
        (release.state === "paused" ? (
          <Action icon="play" label={t("resume")} act={act("resume")} />
        ) : (
          <Action icon="pause" label={t("pause")} act={act("pause")} />
        ))}
      {here && (
        <Action icon="pin" label={t(release.pinned ? "unpin" : "pin")} act={act(release.pinned ? "unpin" : "pin")} />
      )}
      {release.torrent && (
        <Action
          icon="file"
          label={t("save_torrent")}
          act={async () => save(await api.torrent(release.id), `${release.name}-${release.serial}.torrent`)}
        />
      )}
      {here && (
        <button type="button" onClick={() => (dropping.value = true)}>
          <Icon name="remove" size={16} />
          {t("drop")}…
        </button>
      )}
      {dropping.value && <DropDialog release={release} close={() => (dropping.value = false)} />}
    </>
  );
}

/** Never removes without saying what goes and how many others are known to have it. */
function DropDialog({ release, close }: { release: ReleaseDetail; close: () => void }) {
  const failed = useSignal<unknown>(undefined);
  const drop = () =>
    void api.drop(release.id).then(
      () => go(to("library")),
      (error: unknown) => (failed.value = error),
    );
  const copies = otherCopies(release);
  return (
    <>
      {failed.value !== undefined && <Refusal error={failed.value} />}
      <Confirm
        title={t("drop_title", { name: `${release.name}-${release.serial}` })}
        verb={t("drop")}
        act={drop}
        close={close}
      >
        <p>{release.own ? t("drop_own") : t("drop_what", { size: format.bytes(release.done_bytes) })}</p>
        {release.folder && (
          <p>
            <code>
              <Foreign text={release.folder} />
            </code>
          </p>
        )}
        <p>
          <strong>{copies ? copiesInWords(copies) : t("drop_only_copy")}</strong>
        </p>
      </Confirm>
    </>
  );
}
