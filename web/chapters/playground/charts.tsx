import { computed } from "@preact/signals";
import { classColors, type Rgb } from "../../shared/colors.js";
import { Curves } from "../../shared/curves.js";
import type { Curves as Course } from "./lane.js";
import { kept, lane } from "./state.js";
import { t } from "./text.js";

const [TRAIN, TEST, ...OTHERS] = classColors as unknown as readonly [Rgb, Rgb, ...Rgb[]];
const HEIGHT = 125;

/** Epochs of several courses as one ascending list. */
const union = computed(() => {
  const all = [lane.curves.value, ...kept.value.map((one) => one.lane.curves.value)];
  return [...new Set(all.flatMap(({ epochs }) => epochs))].sort((a, b) => a - b);
});

/** A course's values at all epochs of the list, null where it has none. */
function spread(course: Course, values: readonly number[]): readonly (number | null)[] {
  if (union.value.length === course.epochs.length) return values.map(finite);
  const found = new Map(course.epochs.map((epoch, i) => [epoch, values[i] as number]));
  return union.value.map((epoch) => finite(found.get(epoch)));
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null);

const curvesOf = (train: "train" | "trainAccuracy", test: "test" | "testAccuracy") =>
  computed(() => {
    const course = lane.curves.value;
    return [
      { label: t.trainCurve, color: TRAIN, values: spread(course, course[train]) },
      { label: t.testCurve, color: TEST, values: spread(course, course[test]) },
      ...kept.value.map(({ lane }, i) => ({
        label: t.keptCurve(i + 1),
        color: OTHERS[i] as Rgb,
        values: spread(lane.curves.value, lane.curves.value[test]),
        dashed: true,
      })),
    ];
  });

const losses = curvesOf("train", "test");
const accuracies = curvesOf("trainAccuracy", "testAccuracy");

/** Loss and accuracy over epochs, those of kept runs beside them. */
export function Charts() {
  const hasClasses = !Number.isNaN(lane.report.value?.train.accuracy ?? Number.NaN);
  return (
    <div class="playground-charts">
      <Curves label={t.lossCurve} x={union.value} curves={losses.value} yRange={[0, null]} height={HEIGHT} />
      {hasClasses && (
        <Curves label={t.accuracyCurve} x={union.value} curves={accuracies.value} yRange={[null, 1]} height={HEIGHT} />
      )}
    </div>
  );
}
