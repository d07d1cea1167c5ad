import * as format from "../format";
import { name, t } from "../i18n";
import type { Release, State, Verdict } from "../model";
import { Icon, type IconName } from "./icon";

type Tone = "good" | "quiet" | "warning" | "bad" | "busy";

/** A word with its icon and colour: never colour alone. */
export function Badge({ tone, icon, children }: { tone: Tone; icon: IconName; children: preact.ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <Icon name={icon} size={14} />
      <span>{children}</span>
    </span>
  );
}

const verdicts: Record<Verdict, [Tone, IconName]> = {
  valid: ["good", "valid"],
  signed: ["quiet", "unproved"],
  damaged: ["bad", "warning"],
  withdrawn: ["bad", "ban"],
};

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const [tone, icon] = verdicts[verdict] ?? ["warning", "warning"];
  return (
    <Badge tone={tone} icon={icon}>
      {name("verdict", verdict)}
    </Badge>
  );
}

/** The verdict of one link of a chain, or of a file: `valid`, or the code of what is wrong. */
export function OutcomeBadge({ verdict }: { verdict: string }) {
  if (verdict === "valid")
    return (
      <Badge tone="good" icon="valid">
        {t("verdict.valid")}
      </Badge>
    );
  if (verdict === "signed")
    return (
      <Badge tone="quiet" icon="unproved">
        {t("verdict.signed")}
      </Badge>
    );
  if (verdict === "unknown_key")
    return (
      <Badge tone="warning" icon="warning">
        {t("code.unknown_key")}
      </Badge>
    );
  return (
    <Badge tone="bad" icon="invalid">
      {name("code", verdict)}
    </Badge>
  );
}

const states: Record<State, [Tone, IconName]> = {
  offered: ["quiet", "unproved"],
  queued: ["quiet", "clock"],
  fetching: ["busy", "down"],
  checking: ["busy", "refresh"],
  held: ["good", "check"],
  paused: ["quiet", "pause"],
  failed: ["bad", "warning"],
};

export function StateBadge({ release }: { release: Pick<Release, "state" | "done_bytes" | "size_bytes"> }) {
  const [tone, icon] = states[release.state] ?? ["quiet", "unproved"];
  const share = release.state === "fetching" ? ` ${format.percent(release.done_bytes, release.size_bytes)}` : "";
  return (
    <Badge tone={tone} icon={icon}>
      {name("state", release.state)}
      {share}
    </Badge>
  );
}
