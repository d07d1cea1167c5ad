import { pieces } from "../visible";

/** Text that somebody else wrote: isolated from our own direction, what would hide in it marked. */
export function Foreign({ text, class: name }: { text: string; class?: string }) {
  return (
    <bdi class={name}>
      {pieces(text).map((piece) => (piece.mark ? <span class="hidden-mark">{piece.text}</span> : piece.text))}
    </bdi>
  );
}
