import { t } from "../i18n";
import { visible } from "../visible";
import { announce } from "./announce";
import { Icon } from "./icon";

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(t("copied"));
  } catch {
    announce(t("copy_failed"));
  }
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  const label = t("copy_what", { what });
  return (
    <button type="button" class="icon-button" title={label} aria-label={label} onClick={() => copy(text)}>
      <Icon name="copy" size={15} />
    </button>
  );
}

/** A hash, key or id: shortened in the middle where `short`, whole in the title and the clipboard. */
export function Hex({ value, what, short = false }: { value: string; what: string; short?: boolean }) {
  const shown = short && value.length > 20 ? `${value.slice(0, 8)}…${value.slice(-8)}` : value;
  return (
    <span class="hex">
      <code title={visible(value)}>{visible(shown)}</code>
      <CopyButton text={value} what={what} />
    </span>
  );
}

/** A line for a terminal. */
export function Command({ text }: { text: string }) {
  return (
    <div class="command">
      <pre tabIndex={0}>
        <code>{visible(text)}</code>
      </pre>
      <CopyButton text={text} what={t("command")} />
    </div>
  );
}
