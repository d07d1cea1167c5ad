import type { Event } from "./model";

/** Puts server-sent events together from text that arrives in any cuts (WHATWG HTML, 9.2.6). */
export class EventReader {
  private rest = "";
  private name = "";
  private id = 0;
  private data: string[] = [];

  /** The events that `text` completes. */
  feed(text: string): Event[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    const complete: Event[] = [];
    for (const line of lines) {
      if (line === "") this.finish(complete);
      else this.field(line);
    }
    return complete;
  }

  private field(line: string): void {
    const colon = line.indexOf(":");
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.name = value;
    else if (name === "data") this.data.push(value);
    else if (name === "id" && /^\d+$/.test(value)) this.id = Number(value);
  }

  private finish(complete: Event[]): void {
    if (this.data.length > 0) {
      complete.push({ event: this.name, id: this.id, data: JSON.parse(this.data.join("\n")) } as Event);
    }
    this.name = "";
    this.data = [];
  }
}
