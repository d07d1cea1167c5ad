import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { t, type Word } from "./i18n";
import { connection } from "./live";
import { destinations, startKeys } from "./keys";
import { Announcer } from "./parts/announce";
import { Dialog } from "./parts/dialog";
import type { IconName } from "./parts/icon";
import { Rail } from "./parts/rail";
import { focusSearch, TopBar } from "./parts/top_bar";
import { place, screen as current, to } from "./router";
import { Activity } from "./screens/activity";
import { Library } from "./screens/library";
import { Mirror } from "./screens/mirror";
import { Overview } from "./screens/overview";
import { PublisherScreen } from "./screens/publisher";
import { Publishers } from "./screens/publishers";
import { ReleaseScreen } from "./screens/release";
import { Settings } from "./screens/settings";
import { SignIn } from "./screens/sign_in";
import { Verify } from "./screens/verify";
import * as session from "./session";

/** Every screen there is; `icon` where the rail leads to it, `under` where another screen does. */
const screens: Record<string, { title: Word; show: () => preact.JSX.Element; icon?: IconName; under?: string }> = {
  overview: { title: "overview", show: Overview, icon: "overview" },
  library: { title: "library", show: Library, icon: "library" },
  release: { title: "release", show: ReleaseScreen, under: "library" },
  publishers: { title: "publishers", show: Publishers, icon: "publishers" },
  publisher: { title: "publisher", show: PublisherScreen, under: "publishers" },
  verify: { title: "verify", show: Verify, icon: "verify" },
  mirror: { title: "mirror", show: Mirror, icon: "mirror" },
  activity: { title: "activity", show: Activity, icon: "activity" },
  settings: { title: "settings", show: Settings, icon: "settings" },
};
const entries = Object.entries(screens).flatMap(([name, { title, icon }]) => (icon ? [{ name, title, icon }] : []));

const help = signal(false);

export function App() {
  useEffect(() => startKeys(focusSearch, () => (help.value = true)), []);
  if (session.state.value === "starting") return null;
  if (session.state.value === "closed") return <SignIn />;
  const screen = screens[current.value];
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        {t("skip")}
      </a>
      <Rail entries={entries} current={screen?.under ?? current.value} help={() => (help.value = true)} />
      <TopBar />
      <Main title={screen ? t(screen.title) : t("no_screen")}>
        {connection.value !== "connecting" && (screen ? <screen.show /> : <NoScreen />)}
      </Main>
      {help.value && <Help close={() => (help.value = false)} />}
      <Announcer />
    </div>
  );
}

/**
 * Takes the focus when the screen changes, so that a reader of the screen hears where it is; never from a field. The screens
 * wait for the event stream: so no change falls between what they read and the first event.
 */
function Main({ title, children }: { title: string; children: preact.ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  const here = place.value;
  const before = useRef(here);
  useEffect(() => {
    document.title = `${title} · Croft`;
    if (before.current !== here) {
      if (!(document.activeElement instanceof HTMLInputElement)) main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
    before.current = here;
  }, [here, title]);
  return (
    <main id="main" tabIndex={-1} ref={main} class={`screen-${current.value}`}>
      {children}
    </main>
  );
}

function NoScreen() {
  return (
    <>
      <h1>{t("no_screen")}</h1>
      <p>
        <a href={to("overview")}>{t("overview")}</a>
      </p>
    </>
  );
}

function Help({ close }: { close: () => void }) {
  const go = Object.entries(destinations).map(([key, screen]) => [`g ${key}`, t(screen as Word)] as const);
  const keys = [
    ["/", t("search")],
    ["j k", t("keys.move")],
    ["Enter", t("keys.open")],
    ["x", t("keys.select")],
    ["Esc", t("close")],
    ...go,
  ];
  return (
    <Dialog title={t("keys")} close={close}>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              {key?.split(" ").map((one) => (
                <kbd>{one}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
