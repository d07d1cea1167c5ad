import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./icon";

/** The browser's own modal dialog: it keeps the focus inside and `Escape` closes it. */
export function Dialog({
  title,
  close,
  children,
}: {
  title: string;
  close: () => void;
  children: preact.ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby={heading} onClose={close}>
      <header>
        <h2 id={heading}>{title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={t("close")}
          title={t("close")}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </header>
      {children}
    </dialog>
  );
}

/** Asks before something that cannot be taken back. */
export function Confirm({
  title,
  children,
  verb,
  act,
  close,
}: {
  title: string;
  children: preact.ComponentChildren;
  verb: string;
  act: () => void;
  close: () => void;
}) {
  return (
    <Dialog title={title} close={close}>
      {children}
      <footer>
        <button type="button" onClick={close}>
          {t("cancel")}
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            act();
          }}
        >
          {verb}
        </button>
      </footer>
    </Dialog>
  );
}
