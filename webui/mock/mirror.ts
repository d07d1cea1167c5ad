import type { Plan, PlanStep, Release } from "../src/model";
import { used } from "./live";
import { compare, gib, world } from "./state";

/** Everything below /mirror. */

export function plan(budget: number | undefined): Plan {
  const step = ({ id, publisher: owner, petname, name, serial, kind, size_bytes }: Release, why: string): PlanStep => ({
    id,
    publisher: owner,
    petname,
    name,
    serial,
    kind,
    size_bytes,
    why: world.foreign(why),
  });
  const result: Plan = {
    used_bytes: used(),
    planned_bytes: used(),
    fetch: [],
    keep: [],
    evict: [],
    skip: [],
    ...(budget === undefined ? {} : { budget_bytes: budget }),
  };
  let left = (budget ?? 0) - used();
  for (const release of [...world.releases.values()].sort((a, b) => compare(b.created, a.created)).slice(0, 400)) {
    if (release.done_bytes > 0) result.keep.push(step(release, release.pinned ? "pinned by you" : "newest"));
    else if (budget === undefined) result.skip.push(step(release, "no budget is set"));
    else if (release.size_bytes <= left) {
      left -= release.size_bytes;
      result.planned_bytes += release.size_bytes;
      result.fetch.push(step(release, "newest, and it fits"));
    } else result.skip.push(step(release, "does not fit"));
  }
  return result;
}

export const policy = () => ({
  ...(world.budget === undefined ? {} : { budget_bytes: world.budget }),
  keep_free_bytes: gib,
  used_bytes: used(),
  free_bytes: 812 * gib,
  locked: false,
  origin: world.budget === undefined ? "built_in" : "set",
});
