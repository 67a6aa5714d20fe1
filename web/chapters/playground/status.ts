import { computed } from "@preact/signals";
import { show, showPercent } from "../../shared/language.js";
import type { Report } from "./job.js";
import { lane } from "./state.js";
import { t } from "./text.js";

/** How many epochs are done, and batches of the next one. */
export function positionText({ epoch, batches, steps }: Report): string {
  const [epochs, done, all] = [epoch, batches, steps].map((count) => show(count, 0)) as [string, string, string];
  return batches === 0 ? epochs : t.position(epochs, done, all);
}

/** Where training stands, in words: the last time it paused, so that nobody is told twenty times a second. */
export const statusText = computed<string>(
  (() => {
    let last = "";
    return () => {
      const report = lane.report.value;
      if (!report) return t.loading;
      if (report.running && last !== "") return last;
      const { train, test } = report;
      const losses = t.status(positionText(report), show(train.loss, 3), show(test.loss, 3));
      const hasClasses = !Number.isNaN(train.accuracy);
      const accuracies = t.statusAccuracy(showPercent(train.accuracy, 1), showPercent(test.accuracy, 1));
      last = hasClasses ? `${losses}, ${accuracies}` : losses;
      return last;
    };
  })(),
);
