import { classColors, css, type Rgb } from "../../shared/colors.js";
import { Curves } from "../../shared/curves.js";
import type { Seen } from "./state.js";
import { countByEpoch } from "./strides.js";
import { t } from "./text.js";

const [, BLUE] = classColors as unknown as readonly [Rgb, Rgb];
/** Bars in sight, the newest ones. */
const MOST_BARS = 40;
const FEWEST_BARS = 8;
const SIZE = { width: 400, height: 120 };
const FLOOR = 102;

/** How many mistakes each epoch had, as bars. */
export function MistakeBars({ seen: { at, path, end } }: { readonly seen: Seen }) {
  const counts = countByEpoch(path.updates, at);
  if (end?.kind === "converged") counts.push(0);
  const first = Math.max(0, counts.length - MOST_BARS);
  const bars = counts.slice(first);
  const step = SIZE.width / Math.max(bars.length, FEWEST_BARS);
  const highest = Math.max(1, ...bars);
  return (
    <figure class="perceptron-bars">
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        role="img"
        preserveAspectRatio="xMinYMid"
        aria-label={t.mistakes(bars.join(", "))}
      >
        {bars.map((count, i) => {
          const height = (count / highest) * (FLOOR - 18);
          const middle = (i + 0.5) * step;
          return (
            <>
              <rect x={middle - 0.36 * step} y={FLOOR - height} width={0.72 * step} height={height} fill={css(BLUE)} />
              {(bars.length <= 20 || i === bars.length - 1) && (
                <text x={middle} y={FLOOR - height - 4}>
                  {count}
                </text>
              )}
              {(bars.length <= 20 || (first + i + 1) % 5 === 0) && (
                <text x={middle} y={SIZE.height - 4} class="epoch">
                  {first + i + 1}
                </text>
              )}
            </>
          );
        })}
        <path d={`M0 ${FLOOR + 0.5}H${SIZE.width}`} />
      </svg>
      <figcaption>{t.mistakesCaption}</figcaption>
    </figure>
  );
}

/** ADALINE's loss in each epoch that is over. */
export function LossCurve({ seen: { at, path } }: { readonly seen: Seen }) {
  const running = path.updates[at]?.epoch ?? path.losses.length;
  const epochs = Array.from({ length: Math.max(8, running) }, (_, i) => i + 1);
  const values = epochs.map((_, i) => (i < running ? (path.losses[i] ?? null) : null));
  return (
    <Curves
      label={t.lossCurve}
      x={epochs}
      curves={[{ label: t.loss, color: BLUE, values }]}
      yRange={[0, null]}
      height={112}
      decimals={4}
    />
  );
}
