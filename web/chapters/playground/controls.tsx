import type { Signal } from "@preact/signals";
import { NumberField, Select, Slider, Stepper } from "../../shared/controls.js";
import { show, showPercent } from "../../shared/language.js";
import { Choice, optionsOf } from "./choice.js";
import { DATA_SETS, MANY_CLASSES, MOST_CLASSES } from "./data-sets.js";
import { changeActivations } from "./hidden-layers.js";
import { OwnData } from "./own-data.js";
import { ACTIVATIONS, BATCH_SIZES, DROPOUTS, LOSSES, OPTIMIZERS, PENALTIES, RATES, SCHEDULES } from "./settings.js";
import { experiment, state } from "./state.js";
import { t } from "./text.js";

/** Numbers as the page's language writes them. */
const numbers = <T extends string>(values: readonly T[]) =>
  values.map((value) => ({ value, label: value.replace(".", show(0.5, 1).charAt(1)) }));

function Seed({ label, value }: { readonly label: string; readonly value: Signal<number> }) {
  const set = (seed: number) => {
    value.value = Math.round(seed);
  };
  return <NumberField label={label} value={value.value} min={0} max={999_999} step={1} onChange={set} />;
}

/** Everything that decides the run. */
export function Controls() {
  return (
    <div class="playground-controls">
      <DataControls />
      <TrainingControls />
    </div>
  );
}

function DataControls() {
  const { data, classes, points, noise, test, draw } = state;
  const isOwn = data.value === "own";
  const wholeNumber = (count: number) => show(count, 0);
  return (
    <section aria-labelledby="playground-data">
      <h2 id="playground-data">{t.data}</h2>
      <Select label={t.dataSet} value={data} options={optionsOf(DATA_SETS, t.dataSets)} />
      {isOwn && <OwnData />}
      {MANY_CLASSES.includes(data.value) && <Stepper label={t.classes} value={classes} min={2} max={MOST_CLASSES} />}
      <div class="playground-pair">
        {!isOwn && (
          <>
            <Slider label={t.noise} value={noise} min={0} max={0.5} step={0.05} format={(part) => showPercent(part)} />
            <Slider label={t.points} value={points} min={20} max={500} step={20} format={wholeNumber} />
          </>
        )}
        <Slider label={t.test} value={test} min={0.1} max={0.9} step={0.1} format={(part) => showPercent(part)} />
        {!isOwn && <Seed label={t.draw} value={draw} />}
      </div>
    </section>
  );
}

function TrainingControls() {
  const { loss, opt, rate, sched, length, batch, drop, l1, l2, seed } = state;
  const hasClasses = experiment.value.task.kind === "classes";
  return (
    <section aria-labelledby="playground-training">
      <h2 id="playground-training">{t.training}</h2>
      <div class="playground-pair">
        <Activations />
        {hasClasses && <Select label={t.loss} value={loss} options={optionsOf(LOSSES, t.losses)} />}
        <Select label={t.optimizer} value={opt} options={optionsOf(OPTIMIZERS, t.optimizers)} />
        <Select label={t.rate} value={rate} options={numbers(RATES)} />
        <Select label={t.schedule} value={sched} options={optionsOf(SCHEDULES, t.schedules)} />
        {sched.value !== "constant" && (
          <NumberField
            label={t.length}
            value={length.value}
            min={1}
            max={10_000}
            step={1}
            onChange={(epochs) => {
              length.value = Math.round(epochs);
            }}
          />
        )}
        <Select label={t.batch} value={batch} options={optionsOf(BATCH_SIZES)} />
        <Select label={t.dropout} value={drop} options={numbers(DROPOUTS)} />
        <Select label={t.l1} value={l1} options={numbers(PENALTIES)} />
        <Select label={t.l2} value={l2} options={numbers(PENALTIES)} />
        <Seed label={t.seed} value={seed} />
      </div>
    </section>
  );
}

const BY_LAYER = "";

/** The activation of all hidden layers at once; that each has its own is no choice, but may be so. */
function Activations() {
  const { activations } = experiment.value.settings;
  const isOne = new Set(activations).size <= 1;
  return (
    <Choice
      label={t.activation}
      value={isOne ? state.act.value[0] : BY_LAYER}
      options={[...(isOne ? [] : [{ value: BY_LAYER, label: t.byLayer } as const]), ...optionsOf(ACTIVATIONS)]}
      onChange={(chosen) => chosen !== BY_LAYER && changeActivations(chosen)}
    />
  );
}
