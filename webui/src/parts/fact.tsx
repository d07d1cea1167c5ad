import { Foreign } from "./foreign";

/** One line of a list of facts (`<dl class="facts">`). */
export function Fact({ label, children }: { label: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The same for foreign text; no line where there is none. */
export function ForeignFact({ label, text }: { label: string; text: string | undefined }) {
  if (!text) return null;
  return (
    <Fact label={label}>
      <Foreign text={text} />
    </Fact>
  );
}
