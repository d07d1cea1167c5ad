import * as api from "../api";
import { t } from "../i18n";
import type { Publisher } from "../model";
import { Bytes, Ago } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Icon } from "../parts/icon";
import { Refusal } from "../parts/problem";
import { staleOn, useResource } from "../parts/resource";
import { Badge } from "../parts/verdict";
import { amend, route, to } from "../router";
import { FollowPanel } from "./follow";

export function Publishers() {
  const list = useResource("publishers", (signal) => api.publishers(signal), staleOn("publishers"));
  const following = route.value.query["follow"] === "yes";
  const empty = list.value?.publishers.length === 0;
  return (
    <>
      <div class="screen-title">
        <h1>{t("publishers")}</h1>
        <span class="actions">
          {!following && !empty && (
            <button type="button" class="primary" onClick={() => amend(to("publishers", [], { follow: "yes" }))}>
              <Icon name="add" size={16} />
              {t("follow")}
            </button>
          )}
        </span>
      </div>
      {list.error !== undefined && <Refusal error={list.error} retry={list.reload} />}
      {(following || empty) && (
        <FollowPanel followed={list.reload} close={empty ? undefined : () => amend(to("publishers"))} />
      )}
      <ul class="publishers">
        {list.value?.publishers.map((publisher) => (
          <Line key={publisher.id} publisher={publisher} />
        ))}
      </ul>
    </>
  );
}

function Line({ publisher }: { publisher: Publisher }) {
  return (
    <li class="card">
      <div class="screen-title">
        <h2>
          <a href={to("publisher", [publisher.id])}>
            <Foreign text={publisher.petname} />
          </a>
        </h2>
        <Standing publisher={publisher} />
      </div>
      <p>
        {t("claims")}{" "}
        <q>
          <Foreign text={publisher.claimed_name} />
        </q>
      </p>
      <p>
        <code class="fingerprint">{publisher.fingerprint}</code>
      </p>
      <p class="quiet">
        {t("held_of", { held: publisher.held, n: publisher.releases })} · <Bytes n={publisher.held_bytes} />
        {publisher.catalogue_version !== undefined && <> · {t("catalogue_n", { n: publisher.catalogue_version })}</>}
        {publisher.last_news && (
          <>
            {" "}
            · {t("last_news")} <Ago time={publisher.last_news} />
          </>
        )}
      </p>
      {publisher.problem && (
        <p class="trouble">
          <Icon name="warning" size={15} /> <Foreign text={publisher.problem.message} />
        </p>
      )}
    </li>
  );
}

/** What one should know of a publisher at a glance: the gravest first. */
export function Standing({ publisher }: { publisher: Publisher }) {
  return (
    <span class="badges">
      {publisher.equivocated && (
        <Badge tone="bad" icon="invalid">
          {t("equivocated")}
        </Badge>
      )}
      {publisher.confirmed ? (
        <Badge tone="good" icon="valid">
          {t("confirmed")}
        </Badge>
      ) : (
        <Badge tone="warning" icon="warning">
          {t("unconfirmed")}
        </Badge>
      )}
      {publisher.own && (
        <Badge tone="quiet" icon="key">
          {t("own")}
        </Badge>
      )}
      {publisher.waiting && (
        <Badge tone="warning" icon="clock">
          {t("waits_for_you")}
        </Badge>
      )}
      {publisher.final ? (
        <Badge tone="quiet" icon="check">
          {t("final")}
        </Badge>
      ) : (
        publisher.stale && (
          <Badge tone="warning" icon="clock">
            {t("stale")}
          </Badge>
        )
      )}
      {publisher.clock_warning && (
        <Badge tone="warning" icon="clock">
          {t("clock_warning")}
        </Badge>
      )}
    </span>
  );
}
