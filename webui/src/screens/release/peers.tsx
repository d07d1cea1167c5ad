import * as api from "../../api";
import * as format from "../../format";
import { t } from "../../i18n";
import type { ReleaseDetail } from "../../model";
import { Rate } from "../../parts/figures";
import { Foreign } from "../../parts/foreign";
import { Refusal } from "../../parts/problem";
import { staleOn, useResource } from "../../parts/resource";

export function PeersTab({ release }: { release: ReleaseDetail }) {
  const list = useResource(release.id, (signal) => api.peers(release.id, signal), staleOn("releases", release.id));
  if (list.error !== undefined) return <Refusal error={list.error} retry={list.reload} />;
  if (!list.value) return null;
  if (list.value.peers.length === 0) return <p class="empty">{t("no_peers")}</p>;
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={t("peers")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t("address")}</th>
            <th scope="col">{t("client")}</th>
            <th scope="col">{t("has")}</th>
            <th scope="col" class="number">
              {t("receiving")}
            </th>
            <th scope="col" class="number">
              {t("sending")}
            </th>
          </tr>
        </thead>
        <tbody>
          {list.value.peers.map((peer) => (
            <tr key={peer.address}>
              <td>
                <code>
                  <Foreign text={peer.address} />
                </code>
              </td>
              <td>
                <Foreign text={peer.client} />
              </td>
              <td>{peer.is_seed ? t("has_all") : format.percent(peer.progress, 1)}</td>
              <td class="number">
                <Rate n={peer.down_rate} />
              </td>
              <td class="number">
                <Rate n={peer.up_rate} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
