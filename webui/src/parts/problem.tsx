import { ApiError } from "../api";
import { name, t } from "../i18n";
import { Foreign } from "./foreign";
import { Icon } from "./icon";

/** What went wrong: in our words what kind it is, in the daemon's what exactly. */
export function Refusal({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = error instanceof ApiError ? error.problem : undefined;
  const unreachable = problem?.reason === "unreachable";
  return (
    <div class="notice bad" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{unreachable ? t("unreachable") : name("code", problem?.code ?? "io")}</strong>
        {!unreachable && (
          <p>
            <Foreign text={problem?.detail ?? String(error)} />
          </p>
        )}
      </div>
      {retry && (
        <button type="button" onClick={retry}>
          {t("try_again")}
        </button>
      )}
    </div>
  );
}

export function Notice({ tone, children }: { tone: "warning" | "bad" | "good"; children: preact.ComponentChildren }) {
  return (
    <div class={`notice ${tone}`}>
      <Icon name={tone === "good" ? "valid" : "warning"} />
      <div>{children}</div>
    </div>
  );
}
