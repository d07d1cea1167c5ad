import { batch, signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Window } from "../api";

export interface Page<T> {
  rows: T[];
  total: number;
}
export type Load<T> = (window: Window, signal: AbortSignal) => Promise<Page<T>>;

/** In milliseconds: a wild scroll asks for 25 pages a second, half of what a token may. */
const restBetweenReads = 40;

/** The part of a long list that is in view, read from the daemon in pages as it is scrolled. */
export class Pages<T extends { id?: string }> {
  readonly total = signal<number | undefined>(undefined);
  readonly error = signal<unknown>(undefined);
  /** Rises whenever a row changed: read it to follow the rows. */
  readonly version = signal(0);

  private rows = new Map<number, T>();
  private asked = new Set<number>();
  private abort = new AbortController();
  private first = 0;
  private last = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private load: Load<T>,
    private readonly size = 100,
  ) {}

  row(index: number): T | undefined {
    return this.rows.get(index);
  }

  /** The rows in view; reads the pages of them that are not here, not oftener than the daemon likes to be asked. */
  show(first: number, last: number): void {
    this.first = first;
    this.last = last;
    if (this.asked.size === 0) this.readShown();
    else this.timer ??= setTimeout(() => this.readShown(), restBetweenReads);
  }

  /** Another list, or the same one read anew. What is shown stays until the first page is here. */
  restart(load: Load<T> = this.load): void {
    this.load = load;
    this.abort.abort();
    this.abort = new AbortController();
    this.asked.clear();
    void this.read(Math.floor(this.first / this.size), this.abort, true);
  }

  /** Changes the row with this id where it is here, and tells whether it was. */
  patch(id: string, change: Partial<T>): boolean {
    for (const [index, row] of this.rows) {
      if (row.id !== id) continue;
      this.rows.set(index, { ...row, ...change });
      this.version.value++;
      return true;
    }
    return false;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.abort.abort();
  }

  private readShown(): void {
    this.timer = undefined;
    const end = Math.max(0, Math.min(this.last, (this.total.peek() ?? this.size) - 1));
    for (let page = Math.floor(this.first / this.size); page * this.size <= end; page++) {
      if (!this.asked.has(page)) void this.read(page, this.abort);
    }
  }

  private async read(page: number, abort: AbortController, fresh = false): Promise<void> {
    this.asked.add(page);
    try {
      const result = await this.load({ offset: page * this.size, limit: this.size }, abort.signal);
      if (!abort.signal.aborted) this.take(page, result, fresh);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.asked.delete(page);
      this.error.value = error;
    }
  }

  private take(page: number, { rows, total }: Page<T>, fresh: boolean): void {
    batch(() => {
      if (fresh) this.rows.clear();
      rows.forEach((row, index) => this.rows.set(page * this.size + index, row));
      this.total.value = total;
      this.error.value = undefined;
      this.version.value++;
    });
    this.show(Math.min(this.first, Math.max(0, total - 1)), this.last);
  }
}

/** The pages of the list that `key` names, for as long as the component is there. Asked for before the frame is drawn, not after. */
export function usePages<T extends { id?: string }>(key: string, load: Load<T>): Pages<T> {
  const pages = useMemo(() => new Pages<T>(load), []);
  const asked = useRef(key);
  useLayoutEffect(() => {
    if (asked.current !== key) pages.restart(load);
    asked.current = key;
  }, [key]);
  useEffect(() => () => pages.stop(), []);
  return pages;
}
