import { useEffect, useRef } from "preact/hooks";
import * as api from "../../api";
import * as format from "../../format";
import { t } from "../../i18n";
import type { ReleaseDetail } from "../../model";
import { Refusal } from "../../parts/problem";
import { staleOn, useResource } from "../../parts/resource";
import { runs, shares } from "../../pieces";
import { theme } from "../../theme";

/** Enough runs to read; beyond it the picture says more. */
const longestTable = 200;

export function PiecesTab({ release }: { release: ReleaseDetail }) {
  const pieces = useResource(release.id, (signal) => api.pieces(release.id, signal), staleOn("releases", release.id));
  if (pieces.error !== undefined) return <Refusal error={pieces.error} retry={pieces.reload} />;
  if (!pieces.value) return null;
  const { pieces: total, have, piece_bytes, bits } = pieces.value;
  const all = runs(bits, total);
  return (
    <section>
      <p>
        {t("pieces_have", { have: format.count(have), total: format.count(total), size: format.bytes(piece_bytes) })}
      </p>
      <Picture
        bits={bits}
        total={total}
        label={t("pieces_have", {
          have: format.count(have),
          total: format.count(total),
          size: format.bytes(piece_bytes),
        })}
      />
      <p class="legend">
        <span class="swatch have" /> {t("piece_have")} <span class="swatch missing" /> {t("piece_missing")}
      </p>
      <details open={all.length <= 12}>
        <summary>{t("as_table")}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("pieces")}</th>
              <th scope="col" class="number">
                {t("count")}
              </th>
              <th scope="col">{t("state")}</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, longestTable).map((run) => (
              <tr key={run.first}>
                <td>
                  {format.count(run.first)}–{format.count(run.first + run.length - 1)}
                </td>
                <td class="number">{format.count(run.length)}</td>
                <td>{t(run.have ? "piece_have" : "piece_missing")}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {all.length > longestTable && <p class="quiet">{t("and_more", { n: all.length - longestTable })}</p>}
      </details>
    </section>
  );
}

const cell = 12;
const rowsAtMost = 24;

function Picture({ bits, total, label }: { bits: string; total: number; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const draw = () => {
    if (canvas.current) paint(canvas.current, bits, total);
  };
  useEffect(draw, [bits, total, theme.value]);
  useEffect(() => {
    const observer = new ResizeObserver(draw);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    if (canvas.current?.parentElement) observer.observe(canvas.current.parentElement);
    scheme.addEventListener("change", draw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", draw);
    };
  }, [bits, total]);
  return (
    <div class="piece-map">
      <canvas ref={canvas} role="img" aria-label={label} />
    </div>
  );
}

/** A cell a piece while they fit, else a cell for several, as full as they are. */
function paint(canvas: HTMLCanvasElement, bits: string, total: number): void {
  const width = canvas.parentElement?.clientWidth ?? 600;
  const across = Math.max(1, Math.floor(width / cell));
  const cells = shares(bits, total, across * rowsAtMost);
  const scale = window.devicePixelRatio;
  const height = Math.ceil(cells.length / across) * cell;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.inlineSize = `${width}px`;
  canvas.style.blockSize = `${height}px`;
  const context = canvas.getContext("2d");
  if (!context) return;
  const style = getComputedStyle(canvas);
  context.scale(scale, scale);
  cells.forEach((share, index) => {
    const x = (index % across) * cell;
    const y = Math.floor(index / across) * cell;
    context.fillStyle = style.getPropertyValue("--piece-missing");
    context.fillRect(x, y, cell - 2, cell - 2);
    context.fillStyle = style.getPropertyValue("--piece-have");
    context.globalAlpha = share;
    context.fillRect(x, y, cell - 2, cell - 2);
    context.globalAlpha = 1;
  });
}
