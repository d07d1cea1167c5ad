import { useSignal } from "@preact/signals";
import { ApiError } from "../api";
import { name, t } from "../i18n";
import { visible } from "../visible";
import { announce } from "./announce";
import { Icon, type IconName } from "./icon";

/** What to tell of a failure in one line. */
export function failure(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.problem.reason === "unreachable") return t("unreachable");
  return `${name("code", error.problem.code)}: ${visible(error.problem.detail)}`;
}

/** A button that is busy until the daemon has answered; what it answered is said, never guessed. */
export function Action({
  icon,
  label,
  done,
  act,
  kind = "",
}: {
  icon?: IconName;
  label: string;
  done?: string;
  act: () => Promise<unknown>;
  kind?: "primary" | "";
}) {
  const busy = useSignal(false);
  const run = async () => {
    busy.value = true;
    try {
      await act();
      if (done) announce(done);
    } catch (error) {
      announce(failure(error));
    } finally {
      busy.value = false;
    }
  };
  return (
    <button type="button" class={kind} disabled={busy.value} aria-busy={busy.value} onClick={run}>
      {icon && <Icon name={icon} size={16} />}
      {label}
    </button>
  );
}
