import * as api from "../api";
import { name, t } from "../i18n";
import { status } from "../live";
import type { Setting } from "../model";
import { Bytes, Rate } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Icon } from "../parts/icon";
import { Refusal } from "../parts/problem";
import { useResource } from "../parts/resource";

/** What holds now, where it comes from, and what it is called in the file. Nothing is changed here. */
export function Settings() {
  const list = useResource("settings", (signal) => api.settings(signal));
  return (
    <>
      <h1>{t("settings")}</h1>
      <p class="lead">{t("settings_lead")}</p>
      {list.error !== undefined && <Refusal error={list.error} retry={list.reload} />}
      {list.value && (
        <dl class="facts settings">
          {list.value.settings.map((setting) => (
            <Line key={setting.key} setting={setting} />
          ))}
        </dl>
      )}
      {status.value && (
        <p class="quiet">
          croftd {status.value.version} · libtorrent {status.value.libtorrent} ·{" "}
          {t("loop_lag", { n: status.value.loop_lag_ms })} · <a href="licences.txt">{t("licences")}</a>
        </p>
      )}
    </>
  );
}

function Line({ setting }: { setting: Setting }) {
  return (
    <div>
      <dt>
        <code>
          <Foreign text={setting.key} />
        </code>
      </dt>
      <dd>
        <span>
          <Value setting={setting} />
        </span>
        <span class="quiet">
          {name("origin", setting.origin)}{" "}
          {setting.origin_detail && (
            <code>
              <Foreign text={setting.origin_detail} />
            </code>
          )}
          {setting.locked && (
            <>
              {" "}
              <Icon name="key" size={13} /> {t("locked")}
            </>
          )}
        </span>
      </dd>
    </div>
  );
}

const sizes: ReadonlySet<string> = new Set(["mirror.budget", "mirror.keep_free"]);
const rates: ReadonlySet<string> = new Set(["mirror.up", "mirror.down"]);

/** As it stands in the file, but what is bare bytes there gets its unit. */
function Value({ setting: { key, value } }: { setting: Setting }) {
  if (value === "") return <span class="quiet">{t("unset")}</span>;
  const isNumber = /^\d+$/.test(value);
  if (isNumber && sizes.has(key)) return <Bytes n={Number(value)} />;
  if (isNumber && rates.has(key)) return Number(value) === 0 ? <>{t("no_limit")}</> : <Rate n={Number(value)} />;
  return <Foreign text={value} />;
}
