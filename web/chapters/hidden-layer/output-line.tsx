import { ticks } from "../../shared/axes.js";
import { Point } from "../../shared/class-marks.js";
import { css } from "../../shared/colors.js";
import { show } from "../../shared/language.js";
import { FrameContext, makeFrame, SIZE } from "../../shared/plane-frame.js";
import { Probe, shade } from "./planes.js";
import { boundOf, partOf } from "./sheet.js";
import { type Seen, state } from "./state.js";
import { t } from "./text.js";

const WIDTH = SIZE / 2;
/** Half as wide as a plane: the numbers from -1 to 1 across. */
const ACROSS = { min: -1, max: 3 };
/** Values stand beside their points where these are so few. */
const MOST_VALUES = 4;
const AXIS = -0.62;

/** After the last step every point is a number; 0 separates the classes. */
export function OutputLine({ seen }: { readonly seen: Seen }) {
  const part = partOf(state.step.value, 2);
  const { examples, points, probe } = seen;
  const bound = Math.max(2, boundOf(points.y.map((y) => 1.15 * y)));
  const frame = makeFrame(ACROSS, { min: -bound, max: bound });
  const place = (y: number) => Math.min(bound, Math.max(-bound, part * y));
  const zero = frame.y(0);
  const values = [...points.y].map((y) => show(y)).join("; ");
  const probed = probe.y[0] as number;
  return (
    <FrameContext.Provider value={frame}>
      <div class="hidden-layer-output">
        <svg viewBox={`0 0 ${WIDTH} ${SIZE}`} role="img" aria-label={t.output(values, show(probed))}>
          <g opacity={part}>
            <rect width={WIDTH} height={zero} fill={css(shade(1))} />
            <rect y={zero} width={WIDTH} height={SIZE - zero} fill={css(shade(-1))} />
          </g>
          <g class="axes">
            {ticks(frame.yRange).map((value) => (
              <>
                <path d={`M0 ${frame.y(value)}H${WIDTH}`} />
                {Math.abs(value) < bound && (
                  <text x={frame.x(AXIS) - 8} y={frame.y(value) + (value === 0 ? -6 : 4)} text-anchor="end">
                    {show(value, 0)}
                  </text>
                )}
              </>
            ))}
            <path class="zero" d={`M${frame.x(AXIS)} 0V${SIZE}`} />
            <text x={frame.x(AXIS) + 8} y={14} class="name">
              y
            </text>
          </g>
          <g class="boundary">
            <path d={`M0 ${zero}H${WIDTH}`} />
          </g>
          {examples.map(({ kind }, i) => {
            const x = AXIS + (1.5 * (i + 1)) / (examples.length + 1);
            const y = points.y[i] as number;
            return (
              <>
                <Point x={x} y={place(y)} kind={kind} />
                {examples.length <= MOST_VALUES && part === 1 && (
                  <text class="hidden-layer-value" x={frame.x(x)} y={frame.y(place(y)) + (i % 2 === 0 ? 20 : -11)}>
                    {show(y)}
                  </text>
                )}
              </>
            );
          })}
          <Probe x={AXIS} y={place(probed)} />
        </svg>
      </div>
    </FrameContext.Provider>
  );
}
