import { computed } from "@preact/signals";
import { show, showPercent } from "../../shared/language.js";
import { lane } from "./state.js";
import { t } from "./text.js";

/** Where training stands, in words: the last time it paused, so that nobody is told twenty times a second. */
export const statusText = computed<string>(
  (() => {
    let last = "";
    return () => {
      const report = lane.report.value;
      if (!report) return t.loading;
      if (report.running && last !== "") return last;
      const { epoch, train, test } = report;
      const losses = t.status(show(epoch, 0), show(train.loss, 3), show(test.loss, 3));
      const hasClasses = !Number.isNaN(train.accuracy);
      const accuracies = t.statusAccuracy(showPercent(train.accuracy, 1), showPercent(test.accuracy, 1));
      last = hasClasses ? `${losses}, ${accuracies}` : losses;
      return last;
    };
  })(),
);
