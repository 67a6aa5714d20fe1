import { BoundaryLine } from "../../shared/boundary-line.js";
import { Point } from "../../shared/class-marks.js";
import { show } from "../../shared/language.js";
import { placePoint } from "../../shared/placed-points.js";
import { Plane } from "../../shared/plane.js";
import { useFrame } from "../../shared/plane-frame.js";
import { MOST_POINTS, RANGE } from "./data.js";
import { useGlide } from "./glide.js";
import { EditablePoints } from "./points.js";
import { type Seen, state } from "./state.js";
import { t } from "./text.js";
import type { Line } from "./track.js";

const ZERO: Line = { w: [0, 0], b: 0 };

/** The line after the last update that is seen. */
export const lineAt = ({ at, path }: Seen): Line => path.updates[at - 1]?.after ?? ZERO;

const describe = (line: string, { w, b }: Line) => t.plane(line, show(w[0]), show(w[1]), show(b));

/** The two sides of a line, tinted as their classes. */
function Sides({ w, b }: Line) {
  const frame = useFrame();
  const square = w[0] ** 2 + w[1] ** 2;
  if (!(square > 0 && square < 1e12)) return null;
  const far = 20 / Math.sqrt(square);
  const foot = [(-b * w[0]) / square, (-b * w[1]) / square] as const;
  const corner = (along: number, across: number) => {
    const x = foot[0] - along * far * w[1] + across * far * w[0];
    const y = foot[1] + along * far * w[0] + across * far * w[1];
    return `${frame.x(x).toFixed(2)} ${frame.y(y).toFixed(2)}`;
  };
  return (
    <g aria-hidden="true">
      {([1, -1] as const).map((side) => (
        <path
          class={side === 1 ? "perceptron-side positive" : "perceptron-side"}
          d={`M${corner(-1, 0)}L${corner(1, 0)}L${corner(1, side)}L${corner(-1, side)}Z`}
        />
      ))}
    </g>
  );
}

/** A learner's line on its way, and where it was before its last update. */
function Lines({ seen }: { readonly seen: Seen }) {
  const line = useGlide(lineAt(seen));
  const before = seen.path.updates[seen.at - 1]?.before;
  const canBeDrawn = Math.hypot(...line.w) < 1e6;
  return (
    <>
      <Sides {...line} />
      {before && <BoundaryLine {...before} class="faint" arrow={false} />}
      {canBeDrawn && <BoundaryLine {...line} />}
    </>
  );
}

interface LearnerPlaneProps {
  readonly seen: Seen;
}

/** The example of the last update; nothing where the learner has come to its end. */
const ringOf = ({ at, path, end }: Seen) => (end?.kind === "converged" ? undefined : path.updates[at - 1]?.example);

/** The plane in which points are placed, with the perceptron's line. */
export function PerceptronPlane({ seen }: LearnerPlaneProps) {
  const { points, kind } = state;
  return (
    <Plane
      xRange={RANGE}
      yRange={RANGE}
      label={describe(t.lines.perceptron, lineAt(seen))}
      onPlace={(x, y) => placePoint(points, { x, y, kind: Number(kind.value) }, MOST_POINTS)}
    >
      <Lines seen={seen} />
      <EditablePoints ring={ringOf(seen)} />
    </Plane>
  );
}

/** The same points with ADALINE's line. */
export function AdalinePlane({ seen }: LearnerPlaneProps) {
  const ring = ringOf(seen);
  return (
    <Plane xRange={RANGE} yRange={RANGE} label={describe(t.lines.adaline, lineAt(seen))}>
      <Lines seen={seen} />
      {state.points.value.map((point, i) => (
        <Point {...point} ring={i === ring} />
      ))}
    </Plane>
  );
}
