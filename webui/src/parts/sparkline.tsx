import * as format from "../format";
import { t } from "../i18n";
import { history, speed } from "../live";
import { Icon } from "./icon";

const width = 300;
const height = 64;
const minute = 60_000;
const longest = 5;

/** Up and down over the last minutes: one at first, five once the page was open that long. */
export function Sparkline() {
  const samples = history.value;
  const now = samples.at(-1)?.at ?? 0;
  const minutes = Math.min(longest, Math.max(1, Math.ceil((now - (samples[0]?.at ?? now)) / minute)));
  const most = Math.max(1024, ...samples.map((sample) => Math.max(sample.down, sample.up)));
  const line = (of: "down" | "up") =>
    samples
      .map(
        (sample) =>
          `${width - ((now - sample.at) / (minutes * minute)) * width},${height - 2 - (sample[of] / most) * (height - 6)}`,
      )
      .join(" ");
  const label = t("speed_chart", { n: minutes, most: format.rate(most) });
  return (
    <>
      <p class="large rates">
        <span>
          <Icon name="down" size={16} />
          {format.rate(speed.value?.down_rate ?? 0)}
        </span>
        <span>
          <Icon name="up" size={16} />
          {format.rate(speed.value?.up_rate ?? 0)}
        </span>
      </p>
      <svg
        class="sparkline"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <polyline class="down" points={line("down")} />
        <polyline class="up" points={line("up")} />
      </svg>
      <p class="quiet">{label}</p>
    </>
  );
}
