import { t } from "../i18n";
import { Command } from "../parts/copy";
import { Mark } from "../parts/mark";

/** Without a token there is nothing to show but how to get one. */
export function SignIn() {
  return (
    <main class="sign-in">
      <Mark size={44} />
      <h1>Croft</h1>
      <p>{t("sign_in.how")}</p>
      <Command text="croft open" />
      <p class="quiet">{t("sign_in.why")}</p>
    </main>
  );
}
