import { t } from "../i18n";
import type { Release } from "../model";

/** How many others have all of it, as far as trackers, the DHT or our own connections tell; undefined where nothing tells. */
export function otherCopies({ known_seeds, seeds }: Pick<Release, "known_seeds" | "seeds">): number | undefined {
  return known_seeds ?? (seeds > 0 ? seeds : undefined);
}

export function copiesInWords(copies: number | undefined): string {
  return copies === undefined ? t("copies_unknown") : t("copies_n", { n: copies });
}
