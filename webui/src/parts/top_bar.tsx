import * as format from "../format";
import { t } from "../i18n";
import { connection, speed } from "../live";
import { amend, go, route, to } from "../router";
import { Icon } from "./icon";

let field: HTMLInputElement | null = null;

export function focusSearch(): void {
  field?.focus();
  field?.select();
}

/** Asks with every key stroke; the question before is called off, so what is shown belongs to what is typed. */
function search(text: string): void {
  const { screen, query } = route.value;
  if (screen === "library") amend(to("library", [], { ...query, q: text }));
  else if (text) go(to("library", [], { q: text }));
}

export function TopBar() {
  const query = route.value.screen === "library" ? (route.value.query["q"] ?? "") : "";
  return (
    <header class="top-bar">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          search(field?.value ?? "");
        }}
      >
        <Icon name="search" />
        <input
          type="search"
          value={query}
          placeholder={t("search_library")}
          aria-label={t("search_library")}
          aria-keyshortcuts="/"
          ref={(element) => {
            field = element;
          }}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => search(event.currentTarget.value)}
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
      <Speeds />
      <Connection />
    </header>
  );
}

function Speeds() {
  const now = speed.value;
  if (!now) return <div class="speeds" />;
  return (
    <div class="speeds">
      <span title={t("receiving")}>
        <Icon name="down" size={15} />
        <span class="sr-only">{t("receiving")} </span>
        {format.rate(now.down_rate)}
      </span>
      <span title={t("sending")}>
        <Icon name="up" size={15} />
        <span class="sr-only">{t("sending")} </span>
        {format.rate(now.up_rate)}
      </span>
    </div>
  );
}

function Connection() {
  const state = connection.value;
  return (
    <div class={`connection ${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      {t(state === "live" ? "live" : state === "lost" ? "connection_lost" : "connecting")}
    </div>
  );
}
