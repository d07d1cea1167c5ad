import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import * as api from "../api";
import * as format from "../format";
import { name, t } from "../i18n";
import type { Preview } from "../model";
import { announce } from "../parts/announce";
import { Ago } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Notice, Refusal } from "../parts/problem";
import { go, to } from "../router";
import { visible } from "../visible";

/** Paste a URI, see whose it is, compare the fingerprint, follow: nothing is stored before the last step. */
export function FollowPanel({ followed, close }: { followed: () => void; close: (() => void) | undefined }) {
  const source = useSignal("");
  const preview = useSignal<Preview | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const field = useId();
  const look = async (event: SubmitEvent) => {
    event.preventDefault();
    busy.value = true;
    preview.value = error.value = undefined;
    try {
      preview.value = await api.preview({ source: source.value.trim() });
    } catch (refusal) {
      error.value = refusal;
    } finally {
      busy.value = false;
    }
  };
  return (
    <section class="card follow" aria-label={t("follow_publisher")}>
      <h2>{t("follow_publisher")}</h2>
      <form onSubmit={look}>
        <label for={field}>{t("follow_uri")}</label>
        <textarea
          id={field}
          rows={3}
          required
          spellcheck={false}
          autocomplete="off"
          placeholder="magnet:?xs=urn:btpk:…&x.pub=…"
          value={source.value}
          onInput={(event) => {
            source.value = event.currentTarget.value;
            preview.value = undefined;
          }}
        />
        <p class="quiet">{t("follow_hint")}</p>
        <div class="actions">
          <button type="submit" class={preview.value ? "" : "primary"} disabled={busy.value} aria-busy={busy.value}>
            {t(busy.value ? "looking" : "look")}
          </button>
          {close && (
            <button type="button" onClick={close}>
              {t("cancel")}
            </button>
          )}
        </div>
      </form>
      {error.value !== undefined && <Refusal error={error.value} />}
      {preview.value && <Compare source={source.value.trim()} preview={preview.value} followed={followed} />}
    </section>
  );
}

function Compare({ source, preview, followed }: { source: string; preview: Preview; followed: () => void }) {
  const petname = useSignal("");
  const compared = useSignal(false);
  const error = useSignal<unknown>(undefined);
  const busy = useSignal(false);
  const ids = [useId(), useId()] as const;
  const follow = async (event: SubmitEvent) => {
    event.preventDefault();
    busy.value = true;
    error.value = undefined;
    try {
      const publisher = await api.follow({
        source,
        ...(petname.value.trim() ? { petname: petname.value.trim() } : {}),
        ...(compared.value ? { fingerprint: preview.fingerprint } : {}),
      });
      announce(t("now_following", { name: visible(publisher.petname) }));
      followed();
      go(to("publisher", [publisher.id]));
    } catch (refusal) {
      error.value = refusal;
    } finally {
      busy.value = false;
    }
  };
  return (
    <form class="compare" onSubmit={follow}>
      <Who preview={preview} />
      <label for={ids[0]}>{t("petname")}</label>
      <input
        id={ids[0]}
        type="text"
        maxLength={64}
        autocomplete="off"
        value={petname.value}
        onInput={(event) => (petname.value = event.currentTarget.value)}
      />
      <p class="quiet">{t("petname_hint")}</p>
      <label class="check" for={ids[1]}>
        <input
          id={ids[1]}
          type="checkbox"
          checked={compared.value}
          onChange={(event) => (compared.value = event.currentTarget.checked)}
        />
        <span>{t("i_compared")}</span>
      </label>
      {!compared.value && <p class="quiet">{t("without_comparing")}</p>}
      {error.value !== undefined && <Refusal error={error.value} />}
      <button type="submit" class="primary" disabled={busy.value || preview.already_followed} aria-busy={busy.value}>
        {t(compared.value ? "follow" : "follow_provisionally")}
      </button>
    </form>
  );
}

function Who({ preview }: { preview: Preview }) {
  const kinds = preview.kinds.map((each) => `${name("kind", each.kind)} ${format.bytes(each.size_bytes)}`).join(" · ");
  return (
    <>
      <p class="large">
        <Foreign text={preview.claimed_name} /> <span class="quiet">{t("as_it_claims")}</span>
      </p>
      <p>{t("compare_this")}</p>
      <p class="fingerprint big" aria-label={t("fingerprint")}>
        {preview.fingerprint.split("-").map((group) => (
          <span key={group}>{group}</span>
        ))}
      </p>
      <p class="quiet">
        {t("releases_n", { n: preview.releases })}, {format.bytes(preview.size_bytes)}: {kinds} · {t("last_news")}{" "}
        <Ago time={preview.newest_created} />
      </p>
      {preview.already_followed && <Notice tone="warning">{t("already_followed")}</Notice>}
      {!preview.anchored && <Notice tone="warning">{t("not_anchored")}</Notice>}
      {preview.stale && <Notice tone="warning">{t("stale_preview")}</Notice>}
      {preview.warnings.map((warning) => (
        <Notice key={warning} tone="warning">
          <Foreign text={warning} />
        </Notice>
      ))}
    </>
  );
}
