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

interface Props<T extends { id?: string }> {
  pages: Pages<T>;
  label: string;
  columns: Column[];
  rowHeight: number;
  row: (row: T, index: number) => preact.ComponentChildren;
  empty: preact.ComponentChildren;
  select?: (row: T) => void;
  heading?: (column: Column) => preact.ComponentChildren;
  /** Turns the list back to its top when it changes: another filter, another folder. */
  place?: string;
}

/** Rows kept beyond each edge, so that a flick of the wheel does not show blanks. */
const margin = 8;

/** A table of any length of which only the rows in view exist. */
export function Windowed<T extends { id?: string }>(props: Props<T>) {
  const { pages, rowHeight, label, columns, row, heading = (column: Column) => column.label } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const view = useSignal({ first: 0, last: 30 });
  const cursor = useRef(-1);

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
    cursor.current = -1;
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [props.place]);

  const focusRow = (index: number) => {
    const box = scroller.current;
    if (!box) return;
    cursor.current = index;
    const top = index * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight;
    look();
    requestAnimationFrame(() => box.querySelector<HTMLElement>(`[aria-rowindex="${index + 2}"] [data-open]`)?.focus());
  };
  useEffect(
    () =>
      listKeys({
        move: (step) => {
          const total = pages.total.peek() ?? 0;
          if (total > 0) focusRow(Math.max(0, Math.min(total - 1, cursor.current + step)));
        },
        select: () => {
          const at = pages.row(cursor.current);
          if (at) props.select?.(at);
        },
      }),
    [pages, rowHeight, props.select],
  );
  useSignalEffect(() => {
    if (pages.version.value >= 0) look();
  });

  const rows = [];
  const total = pages.total.value ?? 0;
  if (pages.version.value >= 0) {
    for (let index = view.value.first; index <= Math.min(view.value.last, total - 1); index++) {
      const at = pages.row(index);
      rows.push(
        <div
          role="row"
          class={`row ${at ? "" : "blank"}`}
          key={index}
          aria-rowindex={index + 2}
          style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
          onFocusIn={() => (cursor.current = index)}
        >
          {at ? row(at, index) : <span role="cell" class="placeholder" />}
        </div>,
      );
    }
  }
  return (
    <div class={`windowed ${pages.total.value === 0 ? "without-rows" : ""}`}>
      {pages.error.value !== undefined && <Refusal error={pages.error.value} retry={() => pages.restart()} />}
      <div role="table" aria-label={label} aria-rowcount={total + 1} class="table">
        <div role="rowgroup" class="head">
          <div role="row" class="row" aria-rowindex={1}>
            {columns.map((column) => (
              <span role="columnheader" key={column.name} class={`cell ${column.name}`}>
                {column.quiet ? <span class="sr-only">{column.label}</span> : heading(column)}
              </span>
            ))}
          </div>
        </div>
        <div role="rowgroup" class="scroller" ref={scroller} tabIndex={0} aria-label={label} onScroll={look}>
          <div class="spacer" role="presentation" style={{ height: `${total * rowHeight}px` }}>
            {rows}
          </div>
        </div>
      </div>
      {pages.total.value === 0 && <div class="empty">{props.empty}</div>}
    </div>
  );
}
