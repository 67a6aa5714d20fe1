import { computed, type ReadonlySignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ClassMark, Point } from "../../shared/class-marks.js";
import { classColors, css, diverging, type Rgb } from "../../shared/colors.js";
import { Check } from "../../shared/controls.js";
import { Plane } from "../../shared/plane.js";
import { useFrame } from "../../shared/plane-frame.js";
import type { Example } from "./data-sets.js";
import { useDrawing } from "./drawing.js";
import type { Report } from "./job.js";
import { axisNames, className } from "./names.js";
import { placeExample } from "./own.js";
import { classColorsOf, type OutputColors, paintMap, signColors } from "./paint.js";
import { outputOf } from "./recipe.js";
import type { Experiment } from "./settings.js";
import { experiment, lane, MAP_SIDE, settings, state, view } from "./state.js";
import { statusText } from "./status.js";
import { t } from "./text.js";

/** How far the values of a regression go. */
const scaleOf = ({ examples }: Experiment) => Math.max(1e-6, ...examples.map(({ y }) => Math.abs(y)));

/** The colours that an experiment's outputs have. */
export function colorsOf(experiment: Experiment, sharp: boolean): OutputColors {
  const { task, settings } = experiment;
  if (task.kind === "regression") return signColors(scaleOf(experiment), sharp);
  return outputOf(task, settings.loss).units === 1 ? signColors(1, sharp) : classColorsOf(sharp);
}

interface MapProps {
  readonly report: ReadonlySignal<Report | undefined>;
  readonly side: number;
  readonly colors: ReadonlySignal<OutputColors>;
  /** For those who do not see it; without it the map is decoration. */
  readonly label?: string;
}

/** What a network says of each place, as an image. */
export function OutputMap({ report, side, colors, label }: MapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useDrawing(() => {
    const map = report.value?.map;
    if (map) paintMap(canvas.current as HTMLCanvasElement, map, side, colors.value);
  }, [report, colors]);
  return label === undefined ? (
    <canvas ref={canvas} width={side} height={side} class="heat-map" aria-hidden="true" />
  ) : (
    <canvas ref={canvas} width={side} height={side} class="heat-map" role="img" aria-label={label} />
  );
}

const colors = computed(() => colorsOf(experiment.value, state.steps.value));
const under = <OutputMap report={lane.report} side={MAP_SIDE} colors={colors} />;

/** The examples, drawn anew when they are others: not with every epoch. */
const points = computed(() => {
  const { task } = experiment.value;
  const { examples } = experiment.value;
  const test = lane.test.value;
  if (task.kind === "regression") return <Values examples={examples} test={test} scale={scaleOf(experiment.value)} />;
  return (
    <g class="playground-points">
      {examples.map(({ x1, x2, y }, i) => (
        <g class={test.has(i) ? "outlined" : undefined} style={{ color: css(classColors[y] as Rgb) }}>
          <Point x={x1} y={x2} kind={y} />
        </g>
      ))}
    </g>
  );
});

interface ValuesProps {
  readonly examples: readonly Example[];
  readonly test: ReadonlySet<number>;
  readonly scale: number;
}

/** Examples of a regression: the colour is the value. */
function Values({ examples, test, scale }: ValuesProps) {
  const { x, y } = useFrame();
  return (
    <g class="playground-values" aria-hidden="true">
      {examples.map((one, i) => (
        <circle
          class={test.has(i) ? "outlined" : undefined}
          cx={x(one.x1)}
          cy={y(one.x2)}
          r={3.6}
          fill={css(diverging(one.y / scale))}
        />
      ))}
    </g>
  );
}

/** The plane, large: what the network says of each place, and the examples. */
export function Decision() {
  const { x1, x2 } = view.value;
  const [xName, yName] = axisNames(settings.value);
  const isOwn = state.data.value === "own";
  const label = t.planeLabel(statusText.value);
  return (
    <section class="playground-decision" aria-label={t.plane}>
      <Plane
        xRange={x1}
        yRange={x2}
        label={label}
        xName={xName}
        yName={yName}
        under={under}
        {...(isOwn ? { onPlace: placeExample } : {})}
      >
        {points.value}
      </Plane>
      <Legend />
    </section>
  );
}

function Legend() {
  const { task } = experiment.value;
  return (
    <div class="playground-legend">
      {task.kind === "classes" &&
        Array.from({ length: task.classes }, (_, id) => (
          <span>
            <ClassMark kind={id} />
            {className(id, settings.value)}
          </span>
        ))}
      <span>
        <b class="filled" aria-hidden="true" /> {t.filled}
      </span>
      <span>
        <b class="outlined" aria-hidden="true" /> {t.outlined}
      </span>
      <Check label={t.steps} value={state.steps} />
    </div>
  );
}
