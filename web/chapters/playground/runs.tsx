import { useComputed } from "@preact/signals";
import { Button, Buttons } from "../../shared/controls.js";
import { show, showPercent } from "../../shared/language.js";
import { colorsOf, OutputMap } from "./decision.js";
import { experimentOf } from "./experiment.js";
import type { RunValues } from "./fields.js";
import type { Report } from "./job.js";
import { featureName } from "./names.js";
import { forget, type Kept, kept, restore, SMALL_SIDE, state } from "./state.js";
import { t } from "./text.js";

/** What a run is, in a line. */
function summaryOf({ data, features, layers, act, opt, rate }: RunValues, epoch: number): string {
  const hidden = layers.length === 0 ? t.noHidden : `${act} ${layers.join("-")}`;
  const network = `${t.dataSets[data]}, ${features.map(featureName).join(" ")}, ${hidden}`;
  return t.summary(network, `${t.optimizers[opt]} ${rate}`, show(epoch, 0));
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
  return (
    <li>
      <OutputMap report={run.lane.report} side={SMALL_SIDE} colors={colors} label={t.smallMap(number + 1)} />
      <div>
        <h3>{t.run(number + 1)}</h3>
        <p>{summaryOf(run.values, report?.epoch ?? 0)}</p>
        <p>{report && scoreOf(report)}</p>
        <Buttons>
          <Button onClick={() => restore(run)}>{t.restore}</Button>
          <Button onClick={() => forget(number)}>{t.forget}</Button>
        </Buttons>
      </div>
    </li>
  );
}
