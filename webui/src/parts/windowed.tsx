import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { listKeys } from "../keys";
import type { Pages } from "./pages";
import { Refusal } from "./problem";

export interface Column {
  name: string;
  label: string;
  /** Shown to assistive technology only, where the column needs no heading for the eye. */
  quiet?: boolean;
  sort?: string;
}

type Row = { id?: string };

interface Props<T extends Row> {
  pages: Pages<T>;
  label: string;
  columns: Column[];
  rowHeight: number;
  row: (row: T, index: number) => preact.ComponentChildren;
  empty: preact.ComponentChildren;
  select?: (row: T) => void;
  heading?: ((column: Column) => preact.ComponentChildren) | undefined;
  /** Turns the list back to its top when it changes: another filter, another folder. */
  place?: string;
}

/** Rows kept beyond each edge, so that a flick of the wheel does not show blanks. */
const margin = 8;

/** Which rows the scrolled box shows, kept as it is scrolled and resized. */
function useView<T extends Row>({ pages, rowHeight, place }: Props<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useSignal({ first: 0, last: 30 });
  const look = () => {
    const box = scroller.current;
    if (!box) return;
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - margin);
    const last = Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + margin;
    if (first !== view.value.first || last !== view.value.last) view.value = { first, last };
    pages.show(first, last);
  };
  useLayoutEffect(look, [pages, rowHeight]);
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [pages, rowHeight]);
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [place]);
  return { scroller, view, look };
}

/** The row that the keyboard is at: `j` and `k` move it, scroll to it and focus what opens it. */
function useCursor<T extends Row>(
  { pages, rowHeight, place, select }: Props<T>,
  { scroller, look }: ReturnType<typeof useView>,
) {
  const cursor = useRef(-1);
  const focus = (index: number) => {
    const box = scroller.current;
    if (!box) return;
    cursor.current = index;
    const top = index * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight;
    look();
    requestAnimationFrame(() => box.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"] [data-open]`)?.focus());
  };
  const move = (step: number) => {
    const total = pages.total.peek() ?? 0;
    if (total > 0) focus(Math.max(0, Math.min(total - 1, cursor.current + step)));
  };
  const choose = () => {
    const row = pages.row(cursor.current);
    if (row) select?.(row);
  };
  useEffect(() => listKeys({ move, select: choose }), [pages, rowHeight, select]);
  useLayoutEffect(() => {
    cursor.current = -1;
  }, [place]);
  return cursor;
}

/** A table of any length of which only the rows in view exist. */
export function Windowed<T extends Row>(props: Props<T>) {
  const { pages, rowHeight, label, columns } = props;
  const { scroller, view, look } = useView(props);
  const cursor = useCursor(props, { scroller, view, look });
  useSignalEffect(() => {
    if (pages.version.value >= 0) look();
  });
  const total = pages.total.value ?? 0;
  return (
    <div class={`windowed ${pages.total.value === 0 ? "without-rows" : ""}`}>
      {pages.error.value !== undefined && <Refusal error={pages.error.value} retry={() => pages.restart()} />}
      <div role="table" aria-label={label} aria-rowcount={total + 1} class="table">
        <Head columns={columns} heading={props.heading} />
        <div role="rowgroup" class="scroller" ref={scroller} tabIndex={0} aria-label={label} onScroll={look}>
          <div class="spacer" role="presentation" style={{ height: `${total * rowHeight}px` }}>
            {shown(props, view.value, total, (index) => (cursor.current = index))}
          </div>
        </div>
      </div>
      {pages.total.value === 0 && <div class="empty">{props.empty}</div>}
    </div>
  );
}

function Head({ columns, heading = (column) => column.label }: Pick<Props<Row>, "columns" | "heading">) {
  return (
    <div role="rowgroup" class="head">
      <div role="row" class="row" aria-rowindex={1}>
        {columns.map((column) => (
          <span role="columnheader" key={column.name} class={`cell ${column.name}`}>
            {column.quiet ? <span class="sr-only">{column.label}</span> : heading(column)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** The rows of the view, each at its place; one that is still on its way is a blank. */
function shown<T extends Row>(
  { pages, rowHeight, row }: Props<T>,
  { first, last }: { first: number; last: number },
  total: number,
  focused: (index: number) => void,
) {
  const end = pages.version.value >= 0 ? Math.min(last, total - 1) : 0;
  return Array.from({ length: Math.max(0, end - first + 1) }, (_, offset) => {
    const index = first + offset;
    const content = pages.row(index);
    return (
      <div
        role="row"
        class={`row ${content ? "" : "blank"}`}
        key={index}
        aria-rowindex={index + 2}
        style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
        onFocusIn={() => focused(index)}
      >
        {content ? row(content, index) : <span role="cell" class="placeholder" />}
      </div>
    );
  });
}
