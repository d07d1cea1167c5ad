import { useSignal } from "@preact/signals";
import * as api from "../../api";
import { name, t } from "../../i18n";
import type { Link, ReleaseDetail, Signatures } from "../../model";
import { Action } from "../../parts/action";
import { Command, Hex } from "../../parts/copy";
import { Bytes } from "../../parts/figures";
import { Foreign } from "../../parts/foreign";
import { Refusal } from "../../parts/problem";
import { useResource } from "../../parts/resource";
import { save } from "../../parts/save";
import { OutcomeBadge } from "../../parts/verdict";
import { pieces } from "../../visible";

/** Whose word is it? From the fingerprint down to the bytes, each link to be checked with stock tools. */
export function SignaturesTab({ release }: { release: ReleaseDetail }) {
  const chain = useResource(release.id + release.verdict, (signal) => api.signatures(release.id, signal));
  if (chain.error !== undefined) return <Refusal error={chain.error} retry={chain.reload} />;
  if (!chain.value) return null;
  const { fingerprint, feed_folder, chain: links } = chain.value;
  return (
    <section>
      <p class="fingerprint-line">
        {t("chain.starts")} <code class="fingerprint">{fingerprint}</code>
      </p>
      {feed_folder && (
        <p class="quiet">
          {t("chain.folder")}{" "}
          <code>
            <Foreign text={feed_folder} />
          </code>
        </p>
      )}
      <ol class="chain">
        {links.map((link) => (
          <ChainLink key={link.document} link={link} chain={chain.value as Signatures} />
        ))}
      </ol>
    </section>
  );
}

function ChainLink({ link, chain }: { link: Link; chain: Signatures }) {
  return (
    <li class={`link ${link.verdict}`}>
      <div class="link-head">
        <h2>{t(`link.${link.kind}`)}</h2>
        <OutcomeBadge verdict={link.verdict} />
      </div>
      <p class="quiet">
        <code>
          <Foreign text={link.document} />
        </code>{" "}
        · <Bytes n={link.size_bytes} />
      </p>
      {link.message && (
        <p>
          <Foreign text={link.message} />
        </p>
      )}
      {link.named_by && (
        <p>
          {t("named_by")}{" "}
          {link.named_by === "fingerprint" ? (
            t("the_fingerprint")
          ) : (
            <code>
              <Foreign text={link.named_by} />
            </code>
          )}
        </p>
      )}
      {link.role && <Signers link={link} />}
      {link.trusted_comment && (
        <p>
          {t("trusted_comment")}:{" "}
          <q>
            <Foreign text={link.trusted_comment} />
          </q>
        </p>
      )}
      {link.sha256 && (
        <p class="hash-line">
          SHA-256 <Hex value={link.sha256} what="SHA-256" />
        </p>
      )}
      {link.kind !== "content" && <ExactBytes link={link} chain={chain} />}
      <p class="by-hand">{t("by_hand")}</p>
      {link.commands.map((command) => (
        <Command key={command} text={command} />
      ))}
    </li>
  );
}

function Signers({ link }: { link: Link }) {
  return (
    <div>
      <p>
        {t("signed_by", {
          n: link.signers.length,
          threshold: link.threshold ?? 1,
          role: name("role", link.role ?? ""),
        })}
      </p>
      <ul class="keys-list">
        {link.signers.map((key) => (
          <li key={key.key}>
            <strong>{key.key_id}</strong> <Hex value={key.minisign} what={t("public_key")} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The document as it was signed, to the byte: to look at, and to keep. */
function ExactBytes({ link, chain }: { link: Link; chain: Signatures }) {
  const text = useSignal<string | undefined>(undefined);
  const readable = link.kind !== "torrent";
  const show = async () => {
    text.value =
      text.value === undefined ? await (await api.signedDocument(chain.publisher, link.document)).text() : undefined;
  };
  return (
    <>
      <div class="actions">
        {readable && (
          <Action icon="file" label={t(text.value === undefined ? "show_bytes" : "hide_bytes")} act={show} />
        )}
        {[link.document, ...link.signatures].map((each) => (
          <Action
            key={each}
            icon="download"
            label={each.split("/").at(-1) ?? each}
            act={async () => save(await api.signedDocument(chain.publisher, each), each)}
          />
        ))}
      </div>
      {text.value !== undefined && (
        <pre class="exact" tabIndex={0} aria-label={link.document}>
          {lines(text.value)}
        </pre>
      )}
    </>
  );
}

/** Line by line, so that the ends of lines stay lines and all else that hides is marked. */
function lines(text: string) {
  return text.split("\n").map((line, index) => (
    <span key={index}>
      {pieces(line).map((piece) => (piece.mark ? <span class="hidden-mark">{piece.text}</span> : piece.text))}
      {"\n"}
    </span>
  ));
}
