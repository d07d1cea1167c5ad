import { parseArgs } from "node:util";
import { makeWorld } from "./world";

/** What the mock was started with, and the world it speaks of. */

export const { values: flags } = parseArgs({
  options: {
    port: { type: "string", default: "7480" },
    releases: { type: "string", default: "10000" },
    prefix: { type: "string", default: "" },
    pace: { type: "string", default: "2" },
    hostile: { type: "boolean", default: false },
  },
});

export const gib = 1024 ** 3;
export const world = makeWorld(Number(flags.releases), flags.hostile ?? false);

/** A refusal: a problem document with this status. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly reason: string,
    words: string,
  ) {
    super(words);
  }
}

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
