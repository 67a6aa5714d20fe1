import { Point } from "../../shared/class-marks.js";
import { classColors, css, sequential } from "../../shared/colors.js";
import { Handle } from "../../shared/handle.js";
import { HeatMap } from "../../shared/heat-map.js";
import { Plane } from "../../shared/plane.js";
import { SIZE, useFrame } from "../../shared/plane-frame.js";
import { contour } from "./contours.js";
import type { Path } from "./descend.js";
import { OPTIMIZERS, type OptimizerName } from "./optimizers.js";
import { landscape, moveStart, paths, SIDE, type Surface, shownStep, start, surface } from "./state.js";
import { t } from "./text.js";
import { lengthOf, placeAt } from "./verdict.js";

/** Colour and shape of each, by the number of a class. */
export const KINDS: Readonly<Record<OptimizerName, number>> = { sgd: 0, momentum: 2, adam: 3 };
export const DASHES: Readonly<Record<OptimizerName, string | undefined>> = {
  sgd: undefined,
  momentum: "9 5",
  adam: "2 4.5",
};
export const colorOf = (name: OptimizerName) => css(classColors[KINDS[name]] as (typeof classColors)[0]);

/** What counts most is drawn last, above the others. */
const UPWARDS = [...OPTIMIZERS].reverse();

/** Contours at these parts of the height: closer to each other towards the bottom, as the ground gets flatter. */
const LEVELS = Array.from({ length: 13 }, (_, i) => 0.62 ** (i + 0.5));
/** The darkest shade: lines and points must still be seen on it. */
const DEEPEST = 0.55;

const shade = (height: number) => sequential(DEEPEST * (1 - height ** 0.3));

/** What is drawn of a surface, made once: its heights as parts of the whole, and its contours. */
const drawings = new WeakMap<Surface, { readonly heights: Float32Array; readonly lines: readonly string[] }>();
function drawingOf(surface: Surface) {
  let drawing = drawings.get(surface);
  if (!drawing) {
    const { losses, lowest, highest } = surface;
    const heights = losses.map((loss) => (loss - lowest) / (highest - lowest));
    const at = (index: number) => ((index / (SIDE - 1)) * SIZE).toFixed(1);
    const lines = LEVELS.map((level) =>
      contour(heights, SIDE, level)
        .map(([from, to]) => `M${at(from[0])} ${at(from[1])}L${at(to[0])} ${at(to[1])}`)
        .join(""),
    );
    drawing = { heights, lines };
    drawings.set(surface, drawing);
  }
  return drawing;
}

/** The loss over the two weights, and the ways down. */
export function LossMap() {
  const { range, names } = landscape.value;
  const drawing = surface.value && drawingOf(surface.value);
  const [first, second] = start.value;
  const all = paths.value;
  return (
    <div class="gradient-descent-map">
      <Plane
        xRange={range}
        yRange={range}
        xName={names[0]}
        yName={names[1]}
        label={t.map(names[0], names[1], shownStep.value)}
        under={drawing && <HeatMap values={drawing.heights} columns={SIDE} rows={SIDE} color={shade} />}
        onPlace={moveStart}
      >
        <g class="gradient-descent-contours" aria-hidden="true">
          {drawing?.lines.map((line) => (
            <path d={line} />
          ))}
        </g>
        {all && UPWARDS.map((name) => <Way name={name} path={all[name]} />)}
        {all && UPWARDS.map((name) => <Walker name={name} path={all[name]} />)}
        <Handle x={first} y={second} label={t.start} onMove={moveStart}>
          <circle r={9} class="gradient-descent-start" />
        </Handle>
      </Plane>
    </div>
  );
}

interface WalkerProps {
  readonly name: OptimizerName;
  readonly path: Path;
}

/** What was walked strong, what is still to come faint. */
function Way({ name, path }: WalkerProps) {
  const { x, y } = useFrame();
  const walked = Math.min(shownStep.value, lengthOf(path));
  const points = Array.from({ length: lengthOf(path) + 1 }, (_, step) => {
    const [first, second] = placeAt(path, step);
    return `${near(x(first))} ${near(y(second))}`;
  });
  const stroke = colorOf(name);
  const line = `M${points.slice(0, walked + 1).join("L")}`;
  return (
    <g class="gradient-descent-way" aria-hidden="true">
      <path class="ahead" d={`M${points.slice(walked).join("L")}`} style={{ stroke }} />
      <path class="casing" d={line} />
      <path class="walked" d={line} style={{ stroke, strokeDasharray: DASHES[name] }} />
      {points.length < MARKED && points.slice(0, walked + 1).map((point) => <Stop at={point} color={stroke} />)}
    </g>
  );
}

/** Single steps are marked on paths of fewer. */
const MARKED = 150;

function Stop({ at, color }: { readonly at: string; readonly color: string }) {
  const [x, y] = at.split(" ");
  return <circle cx={x} cy={y} r={2} style={{ fill: color }} />;
}

/** Far outside, a line needs no exact place. */
const near = (place: number) => Math.min(9999, Math.max(-9999, place || 0)).toFixed(1);

function Walker({ name, path }: WalkerProps) {
  const [first, second] = placeAt(path, shownStep.value);
  const { min, max } = landscape.value.range;
  const isInside = [first, second].every((weight) => weight >= min && weight <= max);
  return isInside ? <Point x={first} y={second} kind={KINDS[name]} /> : null;
}
