import { useSignal } from "@preact/signals";
import { useId, useRef } from "preact/hooks";
import * as api from "../api";
import * as format from "../format";
import { name, t } from "../i18n";
import type { Verified } from "../model";
import { Command, Hex } from "../parts/copy";
import { Bar, Bytes } from "../parts/figures";
import { Foreign } from "../parts/foreign";
import { Icon } from "../parts/icon";
import { Notice, Refusal } from "../parts/problem";
import { to } from "../router";

interface Chosen {
  file?: File | undefined;
  signature?: File | undefined;
}

/** Sorts what was dropped or picked into a file and its signature, whichever came first. */
export function sort(files: Iterable<File>, before: Chosen): Chosen {
  const chosen = { ...before };
  for (const file of files) {
    if (file.name.endsWith(".minisig")) chosen.signature = file;
    else chosen.file = file;
  }
  return chosen;
}

export function Verify() {
  const chosen = useSignal<Chosen>({});
  const sent = useSignal<number | undefined>(undefined);
  const verdict = useSignal<Verified | undefined>(undefined);
  const error = useSignal<unknown>(undefined);
  const running = useRef<AbortController>();
  const take = (files: Iterable<File>) => {
    chosen.value = sort(files, verdict.value ? {} : chosen.value);
    verdict.value = error.value = undefined;
    if (chosen.value.file && chosen.value.signature) void check(chosen.value.file, chosen.value.signature);
  };
  const check = async (file: File, signature: File) => {
    running.current?.abort();
    const mine = (running.current = new AbortController());
    sent.value = 0;
    try {
      const result = await api.verify(
        file,
        await signature.arrayBuffer(),
        (n) => {
          if (!mine.signal.aborted) sent.value = n;
        },
        mine.signal,
      );
      if (!mine.signal.aborted) verdict.value = result;
    } catch (refusal) {
      if (!mine.signal.aborted) error.value = refusal;
    } finally {
      if (running.current === mine) sent.value = undefined;
    }
  };
  return (
    <>
      <h1>{t("verify")}</h1>
      <p class="lead">{t("verify_lead")}</p>
      <DropZone chosen={chosen.value} take={take} />
      {sent.value !== undefined && chosen.value.file && (
        <Sending
          sent={sent.value}
          file={chosen.value.file}
          stop={() => {
            running.current?.abort();
            sent.value = undefined;
          }}
        />
      )}
      {error.value !== undefined && <Refusal error={error.value} />}
      <div aria-live="polite">{verdict.value && <Judgement verdict={verdict.value} />}</div>
    </>
  );
}

function DropZone({ chosen, take }: { chosen: Chosen; take: (files: Iterable<File>) => void }) {
  const over = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    over.value = false;
    take(event.dataTransfer?.files ?? []);
  };
  return (
    <section
      class={`drop ${over.value ? "over" : ""}`}
      aria-label={t("verify_drop")}
      onDragOver={(event) => {
        event.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={drop}
    >
      <Icon name="upload" size={30} />
      <label for={id}>{t("verify_drop")}</label>
      <input
        id={id}
        ref={input}
        type="file"
        multiple
        class="sr-only"
        onChange={(event) => {
          take(event.currentTarget.files ?? []);
          event.currentTarget.value = "";
        }}
      />
      <button type="button" onClick={() => input.current?.click()}>
        {t("choose_files")}
      </button>
      <ul class="chosen-files">
        <Slot what={t("the_file")} file={chosen.file} />
        <Slot what={t("its_signature")} file={chosen.signature} />
      </ul>
    </section>
  );
}

function Slot({ what, file }: { what: string; file: File | undefined }) {
  return (
    <li class={file ? "there" : ""}>
      <Icon name={file ? "check" : "unproved"} size={15} /> {what}:{" "}
      {file ? (
        <>
          <Foreign text={file.name} /> <Bytes n={file.size} />
        </>
      ) : (
        t("awaited")
      )}
    </li>
  );
}

function Sending({ sent, file, stop }: { sent: number; file: File; stop: () => void }) {
  return (
    <div class="progress">
      <Bar part={sent} whole={file.size} label={format.percent(sent, file.size)} />
      <p class="quiet">
        {t("checking")} <Bytes n={sent} /> / <Bytes n={file.size} />{" "}
        <button type="button" onClick={stop}>
          {t("cancel")}
        </button>
      </p>
    </div>
  );
}

function Judgement({ verdict }: { verdict: Verified }) {
  const good = verdict.verdict === "valid";
  const tone = good ? (verdict.confirmed ? "good" : "warning") : verdict.verdict === "unknown_key" ? "warning" : "bad";
  return (
    <section class={`judgement ${tone}`}>
      <Icon name={good ? "valid" : tone === "bad" ? "invalid" : "warning"} size={36} />
      <div>
        <h2>{t(`judgement.${verdict.verdict}`)}</h2>
        <p class="quiet">
          <Foreign text={verdict.name} /> · <Bytes n={verdict.size_bytes} />
        </p>
        {verdict.petname && verdict.publisher && (
          <p>
            {t(good ? "judgement.signed_by" : "judgement.key_of")}{" "}
            <a href={to("publisher", [verdict.publisher])}>
              <Foreign text={verdict.petname} />
            </a>
            {verdict.role && <span class="quiet"> ({name("role", verdict.role)})</span>}
          </p>
        )}
        {good && verdict.confirmed === false && <Notice tone="warning">{t("judgement.unconfirmed")}</Notice>}
        {!good && verdict.message && (
          <p>
            <Foreign text={verdict.message} />
          </p>
        )}
        {!good && <p>{t(`what_now.${verdict.verdict === "valid" ? "unknown_key" : verdict.verdict}`)}</p>}
        {verdict.trusted_comment && (
          <p>
            {t("trusted_comment")}:{" "}
            <q>
              <Foreign text={verdict.trusted_comment} />
            </q>
          </p>
        )}
        <p class="hash-line">
          {t("key_id")} <strong>{verdict.key_id}</strong>
        </p>
        <p class="hash-line">
          SHA-256 <Hex value={verdict.sha256} what="SHA-256" />
        </p>
        {verdict.command && (
          <>
            <p class="by-hand">{t("by_hand")}</p>
            <Command text={verdict.command} />
          </>
        )}
      </div>
    </section>
  );
}
