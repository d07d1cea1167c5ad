import * as api from "../../api";
import * as format from "../../format";
import { t } from "../../i18n";
import type { Entry, ReleaseDetail } from "../../model";
import { Hex } from "../../parts/copy";
import { Bytes } from "../../parts/figures";
import { Foreign } from "../../parts/foreign";
import { Icon } from "../../parts/icon";
import { narrow } from "../../parts/narrow";
import { type Load, usePages } from "../../parts/pages";
import { Windowed, type Column } from "../../parts/windowed";
import { route, to } from "../../router";

const columns = (): Column[] => [
  { name: "name", label: t("name") },
  { name: "size", label: t("size") },
  { name: "hash", label: "SHA-256" },
];

/** One folder at a time, read as it is opened: a release may have a hundred thousand files. */
export function FilesTab({ release }: { release: ReleaseDetail }) {
  const folder = route.value.query["in"] ?? "";
  const load: Load<Entry & { id?: string }> = async (window, signal) => {
    const { entries, total } = await api.files(release.id, folder, window, signal);
    return { rows: entries, total };
  };
  const pages = usePages(`${release.id}/${folder}`, load);
  return (
    <section class="files">
      <Path release={release} folder={folder} />
      <Windowed
        pages={pages}
        label={t("files")}
        columns={columns()}
        rowHeight={narrow.value ? 64 : 44}
        place={folder}
        empty={<p>{t("no_files")}</p>}
        row={(entry) => <Row release={release} entry={entry} />}
      />
    </section>
  );
}

function Path({ release, folder }: { release: ReleaseDetail; folder: string }) {
  const parts = folder.split("/").filter(Boolean);
  const address = (depth: number) => to("release", [release.id, "files"], { in: parts.slice(0, depth).join("/") });
  return (
    <nav class="crumbs" aria-label={t("folder")}>
      <a href={address(0)}>{`${release.name}-${release.serial}`}</a>
      {parts.map((part, index) => (
        <span key={index}>
          <Icon name="next" size={14} />
          <a href={address(index + 1)} aria-current={index === parts.length - 1 ? "location" : undefined}>
            <Foreign text={part} />
          </a>
        </span>
      ))}
    </nav>
  );
}

function Row({ release, entry }: { release: ReleaseDetail; entry: Entry }) {
  return (
    <>
      <span role="cell" class="cell name">
        <Icon name={entry.kind} size={16} />
        {entry.kind === "folder" ? (
          <a href={to("release", [release.id, "files"], { in: entry.path })} data-open>
            <Foreign text={entry.name} />
          </a>
        ) : (
          <span tabIndex={-1} data-open>
            <Foreign text={entry.name} />
          </span>
        )}
        {entry.kind === "folder" && <span class="quiet">{t("files_n", { n: entry.files })}</span>}
      </span>
      <span role="cell" class="cell size">
        <Bytes n={entry.size_bytes} />
      </span>
      <span role="cell" class="cell hash">
        {entry.kind === "file" && entry.sha256 && (
          <Hex value={entry.sha256} what={`SHA-256, ${format.exactBytes(entry.size_bytes)}`} short />
        )}
      </span>
    </>
  );
}
