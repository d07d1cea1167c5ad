import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { choose, language, languages, t, type Language, type Word } from "../i18n";
import { status } from "../live";
import { place, to } from "../router";
import { nextTheme, theme } from "../theme";
import { Icon, type IconName } from "./icon";
import { Mark } from "./mark";

export interface Destination {
  name: string;
  title: Word;
  icon: IconName;
}

/** How many destinations the bar of a narrow screen shows; the others are behind "more". */
const near = 4;

export function Rail({ entries, current, help }: { entries: Destination[]; current: string; help: () => void }) {
  const more = useSignal(false);
  useEffect(() => {
    more.value = false;
  }, [place.value]);
  return (
    <nav class="rail" aria-label={t("screens")}>
      <a class="brand" href={to("overview")} aria-label="Croft">
        <Mark size={28} />
        <span>Croft</span>
      </a>
      <ul class={more.value ? "open" : ""}>
        {entries.map(({ name, title, icon }, index) => (
          <li key={name} class={index < near ? "" : "far"}>
            <a href={to(name)} aria-current={current === name ? "page" : undefined}>
              <Icon name={icon} size={20} />
              <span>{t(title)}</span>
              {name === "overview" && <ProblemCount />}
            </a>
          </li>
        ))}
        <li class="more">
          <button type="button" aria-expanded={more.value} onClick={() => (more.value = !more.value)}>
            <Icon name="more" size={20} />
            <span>{t("more")}</span>
          </button>
        </li>
      </ul>
      <div class={`rail-foot ${more.value ? "open" : ""}`}>
        <button type="button" onClick={nextTheme}>
          <Icon name={theme.value === "auto" ? "auto" : theme.value === "light" ? "sun" : "moon"} />
          <span>{t(`theme.${theme.value}`)}</span>
        </button>
        <label class="language">
          <Icon name="language" />
          <span class="sr-only">{t("language")}</span>
          <select value={language.value} onChange={(event) => void choose(event.currentTarget.value as Language)}>
            {Object.entries(languages).map(([tag, own]) => (
              <option key={tag} value={tag} lang={tag}>
                {own}
              </option>
            ))}
          </select>
        </label>
        <button type="button" onClick={help}>
          <Icon name="keyboard" />
          <span>{t("keys")}</span>
        </button>
      </div>
    </nav>
  );
}

function ProblemCount() {
  const n = status.value?.problems.length ?? 0;
  return n > 0 ? (
    <span class="count" title={t("problems_n", { n })}>
      {n}
      <span class="sr-only"> {t("problems")}</span>
    </span>
  ) : null;
}
