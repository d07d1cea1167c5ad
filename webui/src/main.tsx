import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app";
import { startLanguage } from "./i18n";
import { startLive } from "./live";
import * as session from "./session";
import { startTheme } from "./theme";

startTheme();
await startLanguage();
effect(() => (session.state.value === "open" ? startLive() : undefined));
await session.start();
const root = document.getElementById("app");
if (root) render(<App />, root);
