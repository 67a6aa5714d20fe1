import { computed, effect, signal } from "@preact/signals";
import { epochsAt, isBefore, START } from "./position.js";
import { kept, lane, state } from "./state.js";
import { t } from "./text.js";

const GOAL = 0.95;

/** Which of the chapter's tasks are done: what was reached once stays so. */
const reached = signal<readonly boolean[]>(t.tasks.map(() => false));

function check(): readonly boolean[] {
  const report = lane.report.value;
  if (!report || !isBefore(START, report)) return t.tasks.map(() => false);
  const { data, layers, features, edits } = state;
  const { train, test } = report;
  const isPlain = features.value.every((feature) => feature === "x1" || feature === "x2");
  const beaten = kept.value.some(({ lane }) => {
    const other = lane.report.value;
    return other !== undefined && epochsAt(other) >= epochsAt(report) && other.test.loss > test.loss;
  });
  return [
    data.value === "xor" && train.accuracy === 1 && test.accuracy === 1,
    data.value === "circles" && layers.value.length === 0 && test.accuracy >= GOAL,
    data.value === "spiral" && isPlain && test.accuracy >= GOAL,
    edits.value.some((edit) => isBefore(START, edit) && isBefore(edit, report)),
    beaten,
  ];
}

effect(() => {
  const now = check();
  const before = reached.peek();
  if (now.some((done, i) => done && !before[i])) reached.value = before.map((done, i) => done || now[i] === true);
});

/** What there is to try, with what is reached. */
export const goals = computed(() => t.tasks.map((text, i) => ({ text, done: reached.value[i] === true })));
