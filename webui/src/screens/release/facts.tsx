import * as format from "../../format";
import { name, t } from "../../i18n";
import type { ReleaseDetail } from "../../model";
import { Hex } from "../../parts/copy";
import { copiesInWords, otherCopies } from "../../parts/copies";
import { Fact, ForeignFact } from "../../parts/fact";
import { Ago, Bytes, Day } from "../../parts/figures";
import { Foreign } from "../../parts/foreign";

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
        <Signed release={release} />
        <Ours release={release} />
      </dl>
    </section>
  );
}

/** What the signed documents say of it. */
function Signed({ release }: { release: ReleaseDetail }) {
  return (
    <>
      <Fact label={t("kind")}>{name("kind", release.kind)}</Fact>
      <ForeignFact label={t("language")} text={release.languages.map(format.languageName).join(", ")} />
      <ForeignFact label={t("licence")} text={release.licence} />
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
              <Foreign text={author.name} /> {author.id && <Foreign class="quiet" text={author.id} />}
            </div>
          ))}
        </Fact>
      )}
      <ForeignFact label={t("subjects")} text={release.subjects?.join(", ")} />
      <ForeignFact label={t("source")} text={release.source} />
      <ForeignFact label="DOI" text={release.doi} />
      <Fact label={t("hash_v2")}>
        <Hex value={release.id} what={t("hash_v2")} />
      </Fact>
      <Fact label={t("hash_v1")}>
        <Hex value={release.btih} what={t("hash_v1")} />
      </Fact>
    </>
  );
}

/** What we hold of it and do with it. */
function Ours({ release }: { release: ReleaseDetail }) {
  const copies = copiesInWords(otherCopies(release));
  return (
    <>
      <Fact label={t("sharing")}>
        {t("connected_n", { n: release.peers })} · {copies} · {t("sent")} <Bytes n={release.sent_bytes} />
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
    </>
  );
}
