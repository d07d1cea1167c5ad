import * as api from "../../api";
import * as format from "../../format";
import { t } from "../../i18n";
import type { ReleaseDetail } from "../../model";
import { Bytes, Day } from "../../parts/figures";
import { Refusal } from "../../parts/problem";
import { useResource } from "../../parts/resource";
import { StateBadge, VerdictBadge } from "../../parts/verdict";
import { to } from "../../router";

export function VersionsTab({ release }: { release: ReleaseDetail }) {
  const list = useResource(release.id, (signal) => api.versions(release.id, signal));
  if (list.error !== undefined) return <Refusal error={list.error} retry={list.reload} />;
  if (!list.value) return null;
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t("versions")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("edition")}</th>
            <th scope="col">{t("created")}</th>
            <th scope="col" class="number">
              {t("size")}
            </th>
            <th scope="col" class="number">
              {t("shared")}
            </th>
            <th scope="col">{t("state")}</th>
            <th scope="col">{t("verdict")}</th>
          </tr>
        </thead>
        <tbody>
          {list.value.versions.map((version) => (
            <tr key={version.id}>
              <td>
                {version.id === release.id ? (
                  <strong>
                    {`${version.name}-${version.serial}`} <span class="quiet">({t("this_one")})</span>
                  </strong>
                ) : (
                  <a href={to("release", [version.id])}>{`${version.name}-${version.serial}`}</a>
                )}
              </td>
              <td>
                <Day time={version.created} />
              </td>
              <td class="number">
                <Bytes n={version.size_bytes} />
              </td>
              <td class="number">
                {version.shared_bytes === undefined ? "–" : format.percent(version.shared_bytes, version.size_bytes)}
              </td>
              <td>
                <StateBadge release={{ ...version, done_bytes: 0 }} />
              </td>
              <td>
                <VerdictBadge verdict={version.verdict} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
