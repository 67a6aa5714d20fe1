import { useComputed } from "@preact/signals";
import { Button, Buttons } from "../../shared/controls.js";
import { show, showPercent } from "../../shared/language.js";
import { spreadActivations } from "./activations.js";
import { colorsOf, OutputMap } from "./decision.js";
import { experimentOf } from "./experiment.js";
import type { RunValues } from "./fields.js";
import type { Report } from "./job.js";
import { featureName } from "./names.js";
import { forget, type Kept, kept, restore, SMALL_SIDE, state } from "./state.js";
import { positionText } from "./status.js";
import { t } from "./text.js";

/** Hidden layers: one activation and the neurons of each, or both of each. */
function hiddenOf({ layers, act }: RunValues): string {
  const activations = spreadActivations(act, layers.length);
  if (new Set(activations).size === 1) return `${activations[0]} ${layers.join("-")}`;
  return layers.map((units, i) => `${activations[i]} ${units}`).join(" – ") || t.noHidden;
}

/** What a run is, in a line. */
function summaryOf(values: RunValues, report: Report | undefined): string {
  const { data, features, opt, rate } = values;
  const network = `${t.dataSets[data]}, ${features.map(featureName).join(" ")}, ${hiddenOf(values)}`;
  return t.summary(network, `${t.optimizers[opt]} ${rate}`, report ? positionText(report) : "–");
}

function scoreOf({ train, test }: Report): string {
  const losses = `${t.trainLoss} ${show(train.loss, 3)}, ${t.testLoss} ${show(test.loss, 3)}`;
  return Number.isNaN(test.accuracy) ? losses : `${losses}, ${t.testAccuracy} ${showPercent(test.accuracy, 1)}`;
}

/** The runs that are kept, each with its own network. */
export function Runs() {
  if (kept.value.length === 0) return null;
  return (
    <section class="panel playground-runs" aria-labelledby="playground-runs">
      <h2 id="playground-runs">{t.runs}</h2>
      <p>{t.runsHint}</p>
      <ul>
        {kept.value.map((run, i) => (
          <Card key={run.text} run={run} number={i} />
        ))}
      </ul>
    </section>
  );
}

function Card({ run, number }: { readonly run: Kept; readonly number: number }) {
  const colors = useComputed(() => colorsOf(experimentOf(run.values), state.steps.value));
  const report = run.lane.report.value;
  const refusal = run.lane.refusal.value;
  return (
    <li>
      <OutputMap report={run.lane.report} side={SMALL_SIDE} colors={colors} label={t.smallMap(number + 1)} />
      <div>
        <h3>{t.run(number + 1)}</h3>
        <p>{summaryOf(run.values, report)}</p>
        <p>{refusal === undefined ? report && scoreOf(report) : t.failed(refusal)}</p>
        <Buttons>
          <Button onClick={() => restore(run)}>{t.restore}</Button>
          <Button onClick={() => forget(number)}>{t.forget}</Button>
        </Buttons>
      </div>
    </li>
  );
}
