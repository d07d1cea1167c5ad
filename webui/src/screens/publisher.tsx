import { useSignal } from "@preact/signals";
import * as api from "../api";
import { name, t } from "../i18n";
import type { Key, PublisherDetail, Role } from "../model";
import { Action, failure } from "../parts/action";
import { announce } from "../parts/announce";
import { CopyButton, Hex } from "../parts/copy";
import { Confirm } from "../parts/dialog";
import { Fact, ForeignFact } from "../parts/fact";
import { Ago, Bytes, Day } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Icon } from "../parts/icon";
import { Notice, Refusal } from "../parts/problem";
import { type Resource, staleOn, useResource } from "../parts/resource";
import { save } from "../parts/save";
import { go, route, to } from "../router";
import { visible } from "../visible";
import { Standing } from "./publishers";

export function PublisherScreen() {
  const id = route.value.parts[0] ?? "";
  const detail = useResource(id, (signal) => api.publisher(id, signal), staleOn("publishers", id));
  const publisher = detail.value;
  if (!publisher)
    return detail.error !== undefined ? (
      <>
        <h1>{t("publisher")}</h1>
        <Refusal error={detail.error} retry={detail.reload} />
        <p>
          <a href={to("publishers")}>{t("publishers")}</a>
        </p>
      </>
    ) : (
      <h1>{t("publisher")}</h1>
    );
  return (
    <>
      <p class="crumbs">
        <a href={to("publishers")}>{t("publishers")}</a>
      </p>
      <div class="screen-title">
        <h1>
          <Foreign text={publisher.petname} />
        </h1>
        <Standing publisher={publisher} />
        <span class="actions">
          <Actions publisher={publisher} detail={detail} />
        </span>
      </div>
      <p class="subtitle">
        {t("claims")}{" "}
        <q>
          <Foreign text={publisher.claimed_name} />
        </q>
      </p>
      <Troubles publisher={publisher} detail={detail} />
      <Facts publisher={publisher} />
      <Keys publisher={publisher} />
      <Documents publisher={publisher} />
    </>
  );
}

function Actions({ publisher, detail }: { publisher: PublisherDetail; detail: Resource<PublisherDetail> }) {
  const leaving = useSignal(false);
  const unfollow = () =>
    void api.unfollow(publisher.id).then(
      () => go(to("publishers")),
      (error: unknown) => announce(failure(error)),
    );
  const check = async () => {
    const { changed } = await api.check(publisher.id);
    announce(t(changed ? "check_news" : "check_same"));
    detail.reload();
  };
  return (
    <>
      <a class="button" href={to("library", [], { publisher: publisher.id })}>
        <Icon name="library" size={16} />
        {t("releases")}
      </a>
      <Action icon="refresh" label={t("check_now")} act={check} />
      <button type="button" onClick={() => (leaving.value = true)}>
        {t("unfollow")}…
      </button>
      {leaving.value && (
        <Confirm
          title={t("unfollow_title", { name: visible(publisher.petname) })}
          verb={t("unfollow")}
          act={unfollow}
          close={() => (leaving.value = false)}
        >
          <p>{t("unfollow_what")}</p>
        </Confirm>
      )}
    </>
  );
}

/** Enough to see what is at stake; the library has them all. */
const namesAtMost = 24;

function Troubles({ publisher, detail }: { publisher: PublisherDetail; detail: Resource<PublisherDetail> }) {
  const confirm = async () => detail.set(await api.changePublisher(publisher.id, { confirmed: true }));
  return (
    <>
      {publisher.equivocated && <Notice tone="bad">{t("equivocated_what")}</Notice>}
      {publisher.waiting && <Waiting publisher={publisher} waiting={publisher.waiting} detail={detail} />}
      {publisher.problem && !isTold(publisher) && (
        <Notice tone="bad">
          <strong>{name("code", publisher.problem.code)}</strong>
          <p>
            <Foreign text={publisher.problem.message} />
          </p>
        </Notice>
      )}
      {publisher.stale && !publisher.final && <Notice tone="warning">{t("stale_what")}</Notice>}
      {!publisher.confirmed && (
        <Notice tone="warning">
          <p>{t("unconfirmed_what")}</p>
          <p class="fingerprint big">
            {publisher.fingerprint.split("-").map((group) => (
              <span key={group}>{group}</span>
            ))}
          </p>
          <Action icon="check" label={t("i_compared")} done={t("done")} act={confirm} />
        </Notice>
      )}
    </>
  );
}

/** Whether a notice of its own says already what its problem is. */
function isTold({ waiting, equivocated, problem }: PublisherDetail): boolean {
  return (!!waiting && problem?.reason === "mass_change") || (equivocated && problem?.code === "equivocation");
}

/** An update that takes much of what is held here off the offer: nothing of it is done before the user's yes. */
function Waiting({
  publisher,
  waiting,
  detail,
}: {
  publisher: PublisherDetail;
  waiting: NonNullable<PublisherDetail["waiting"]>;
  detail: Resource<PublisherDetail>;
}) {
  const names = waiting.lost_names.slice(0, namesAtMost);
  const more = waiting.lost_names.length - names.length;
  return (
    <Notice tone="warning">
      <strong>{t("waiting_title", { catalogue: String(waiting.catalogue_version) })}</strong>
      <p>{t("waiting_what", { n: waiting.lost_names.length })}</p>
      <ul class="names">
        {names.map((each) => (
          <li key={each}>
            <code>
              <Foreign text={each} />
            </code>
          </li>
        ))}
      </ul>
      {more > 0 && <p>{t("and_more", { n: more })}</p>}
      <p>{t("waiting_choice")}</p>
      <Action
        icon="check"
        label={t("accept_update")}
        done={t("done")}
        act={async () => detail.set(await api.accept(publisher.id))}
      />
    </Notice>
  );
}

function Facts({ publisher }: { publisher: PublisherDetail }) {
  return (
    <dl class="facts">
      <Fact label={t("fingerprint")}>
        <code class="fingerprint">{publisher.fingerprint}</code>{" "}
        <CopyButton text={publisher.fingerprint} what={t("fingerprint")} />
      </Fact>
      <Fact label={t("publisher_id")}>
        <Hex value={publisher.id} what={t("publisher_id")} />
      </Fact>
      <ForeignFact label={t("homepage")} text={publisher.homepage} />
      <Fact label={t("sources")}>
        {publisher.sources.map((source) => (
          <div key={source}>
            <Foreign text={source} />
          </div>
        ))}
      </Fact>
      <Fact label={t("releases")}>
        {t("held_of", { held: publisher.held, n: publisher.releases })} · <Bytes n={publisher.held_bytes} /> /{" "}
        <Bytes n={publisher.offered_bytes} />
      </Fact>
      <Catalogue publisher={publisher} />
      <Fact label={t("last_news")}>{publisher.last_news ? <Ago time={publisher.last_news} /> : "–"}</Fact>
      <Fact label={t("followed_since")}>
        <Day time={publisher.followed_at} />
      </Fact>
      <Fact label={t("share_uri")}>
        <Hex value={publisher.uri} what={t("share_uri")} />
      </Fact>
    </dl>
  );
}

function Catalogue({ publisher }: { publisher: PublisherDetail }) {
  const { catalogue_version, catalogue_created, catalogue_expires } = publisher;
  if (catalogue_version === undefined || !catalogue_created) return null;
  return (
    <Fact label={t("catalogue")}>
      {catalogue_version} · <Day time={catalogue_created} />
      {catalogue_expires && (
        <>
          {" "}
          · {t("expires")} <Day time={catalogue_expires} />
        </>
      )}
    </Fact>
  );
}

const roles: Role[] = ["root", "release", "beacon"];

function Keys({ publisher }: { publisher: PublisherDetail }) {
  return (
    <section>
      <h2>{t("signing_keys")}</h2>
      <dl class="facts">
        {roles.map((role) => (
          <div key={role}>
            <dt>{name("role", role)}</dt>
            <dd>
              <p class="quiet">
                {t("threshold", { n: publisher.roles[role].threshold, of: publisher.roles[role].keys.length })}
              </p>
              {publisher.roles[role].keys.map((key) => (
                <KeyLine key={key.key} signer={key} />
              ))}
            </dd>
          </div>
        ))}
        {publisher.revoked.length > 0 && (
          <div>
            <dt>{t("revoked")}</dt>
            <dd>
              {publisher.revoked.map((key) => (
                <div key={key.key}>
                  <Hex value={key.key} what={t("public_key")} />
                  <p class="quiet">
                    <Foreign text={key.reason} />
                  </p>
                </div>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

function KeyLine({ signer }: { signer: Key }) {
  return (
    <div>
      <strong>{signer.key_id}</strong> <Hex value={signer.minisign} what={t("public_key")} />
    </div>
  );
}

function Documents({ publisher }: { publisher: PublisherDetail }) {
  return (
    <section>
      <h2>{t("documents")}</h2>
      <ul class="lines">
        {publisher.documents.map((each) => (
          <li key={each.name}>
            <code class="grow leads">
              <Foreign text={each.name} />
            </code>
            <span class="end">
              <Bytes n={each.size_bytes} />
            </span>
            <Hex value={each.sha256} what="SHA-256" short />
            <Action
              icon="download"
              label={t("save")}
              act={async () => save(await api.signedDocument(publisher.id, each.name), each.name)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
