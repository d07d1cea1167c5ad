import { translated } from "../format";
import type { Release } from "../model";
import { to } from "../router";
import { Foreign } from "./foreign";

type Named = Pick<Release, "id" | "name" | "serial" | "petname"> & { title?: Release["title"] };

/** What people call a release, leading to it: NAME-SERIAL, its title, who publishes it. */
export function ReleaseName({ release }: { release: Named }) {
  const title = release.title ? translated(release.title) : "";
  return (
    <span class="release-name">
      <a href={to("release", [release.id])} data-open>{`${release.name}-${release.serial}`}</a>
      <span class="quiet">
        {title && <Foreign text={title} />}
        {title && " · "}
        <Foreign text={release.petname} />
      </span>
    </span>
  );
}
