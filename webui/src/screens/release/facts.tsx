import * as format from "../../format";
import { name, t } from "../../i18n";
import type { ReleaseDetail } from "../../model";
import { Hex } from "../../parts/copy";
import { Ago, Bytes, Day } from "../../parts/figures";
import { Foreign } from "../../parts/foreign";

/** What the signed documents say of a release, and what we did with it. */
export function Facts({ release }: { release: ReleaseDetail }) {
  const description = release.description ? format.translated(release.description) : "";
  return (
    <section>
      {description && (
        <p class="description">
          <Foreign text={description} />
        </p>
      )}
      <dl class="facts">
        <Fact label={t("kind")}>{name("kind", release.kind)}</Fact>
        <Fact label={t("language")}>
          <Foreign text={release.languages.map(format.languageName).join(", ")} />
        </Fact>
        <Fact label={t("licence")}>
          <Foreign text={release.licence} />
        </Fact>
        <Fact label={t("created")}>
          <Day time={release.created} />
        </Fact>
        <Fact label={t("size")}>
          <Bytes n={release.size_bytes} />
          {release.files !== undefined && <span class="quiet"> · {t("files_n", { n: release.files })}</span>}
        </Fact>
        {release.authors && release.authors.length > 0 && (
          <Fact label={t("authors")}>
            {release.authors.map((author) => (
              <div key={author.name}>
                <Foreign text={author.name} />
                {author.id && (
                  <span class="quiet">
                    {" "}
                    <Foreign text={author.id} />
                  </span>
                )}
              </div>
            ))}
          </Fact>
        )}
        {release.subjects && release.subjects.length > 0 && (
          <Fact label={t("subjects")}>
            <Foreign text={release.subjects.join(", ")} />
          </Fact>
        )}
        {release.source && (
          <Fact label={t("source")}>
            <Foreign text={release.source} />
          </Fact>
        )}
        {release.doi && (
          <Fact label="DOI">
            <Foreign text={release.doi} />
          </Fact>
        )}
        <Fact label={t("sharing")}>
          {t("connected_n", { n: release.peers })}
          <span class="quiet">
            {" "}
            · {t("copies_n", { n: release.known_seeds ?? release.seeds })} · {t("sent")}{" "}
            <Bytes n={release.sent_bytes} />
          </span>
        </Fact>
        {release.held_since && (
          <Fact label={t("held_since")}>
            <Day time={release.held_since} />
          </Fact>
        )}
        {release.proved_at && (
          <Fact label={t("proved")}>
            <Ago time={release.proved_at} />
          </Fact>
        )}
        {release.folder && (
          <Fact label={t("folder")}>
            <code>
              <Foreign text={release.folder} />
            </code>
          </Fact>
        )}
        <Fact label={t("hash_v2")}>
          <Hex value={release.id} what={t("hash_v2")} />
        </Fact>
        <Fact label={t("hash_v1")}>
          <Hex value={release.btih} what={t("hash_v1")} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
