import * as format from "../format";
import { t } from "../i18n";
import { status } from "../live";
import type { Time } from "../model";

export function Bytes({ n }: { n: number }) {
  return (
    <span class="figure" title={format.exactBytes(n)}>
      {format.bytes(n)}
    </span>
  );
}

export function Rate({ n }: { n: number }) {
  return (
    <span class="figure" title={`${format.exactBytes(n)}/s`}>
      {format.rate(n)}
    </span>
  );
}

export function Day({ time }: { time: Time }) {
  return (
    <time dateTime={time} title={time}>
      {format.date(time)}
    </time>
  );
}

/** "3 days ago", by the daemon's clock. */
export function Ago({ time }: { time: Time }) {
  const now = status.value ? Date.parse(status.value.now) : Date.now();
  return (
    <time dateTime={time} title={time}>
      {format.ago(time, Math.max(now, Date.parse(time)))}
    </time>
  );
}

/** What the disk has left, and how much of that is left alone. */
export function FreeOnDisk({ free, kept }: { free: number; kept: number }) {
  const sizes = { size: format.bytes(free), kept: format.bytes(kept) };
  return (
    <p class="quiet" title={format.exactBytes(free)}>
      {kept > 0 ? t("free_on_disk", sizes) : t("free_on_disk_all", sizes)}
    </p>
  );
}

/** How much of a whole there is, with the figure in words beside it. */
export function Bar({
  part,
  whole,
  label,
  tone = "good",
}: {
  part: number;
  whole: number;
  label: string;
  tone?: "good" | "warning";
}) {
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  return (
    <div class={`bar ${tone}`} role="img" aria-label={label}>
      <div style={{ inlineSize: `${share * 100}%` }} />
    </div>
  );
}
