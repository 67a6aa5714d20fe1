import "./style.css";
import { signal } from "@preact/signals";
import { Chapter, mount } from "../../shared/chapter.js";
import { classColors, type Rgb } from "../../shared/colors.js";
import { Button, Buttons, Check, NumberField, Slider, Status } from "../../shared/controls.js";
import { type Curve, Curves } from "../../shared/curves.js";
import { show } from "../../shared/language.js";
import { SYMBOLS } from "./chain.js";
import { Diagram } from "./diagram.js";
import { Chain, StepFormula } from "./formulas.js";
import {
  back,
  differences,
  INPUT,
  MOST_UPDATES,
  NUDGE,
  next,
  RATE,
  type Seen,
  STEPS,
  seen,
  setParameter,
  startOver,
  state,
  step,
  update,
  usedGradients,
  WEIGHT,
} from "./state.js";
import { t } from "./text.js";
import type { Parameter } from "./worker.js";

const [WRONG_COLOR, RIGHT_COLOR] = classColors as unknown as readonly [Rgb, Rgb];
const number = (value: number) => show(value, 4);

/** Whether the chain stands upright: phones have no room for it in a row. */
const narrow = matchMedia("(max-width: 40rem)");
const isNarrow = signal(narrow.matches);
narrow.addEventListener("change", ({ matches }) => {
  isNarrow.value = matches;
});

function Stepper() {
  const at = state.step.value;
  return (
    <div
      class="back-propagation-stepper"
      role="group"
      aria-label={t.progress}
      onKeyDown={(event) => {
        if (event.key === "ArrowRight") next();
        else if (event.key === "ArrowLeft") back();
        else return;
        event.preventDefault();
      }}
    >
      <Button disabled={at === 0} onClick={back}>
        ← {t.back}
      </Button>
      <ol>
        {STEPS.map((name, i) => (
          <li class={i <= at ? "done" : undefined}>
            <button
              type="button"
              title={t.names[name]}
              aria-label={t.step(i, STEPS.length - 1, t.names[name])}
              aria-current={i === at ? "step" : undefined}
              onClick={() => {
                state.step.value = i;
              }}
            />
          </li>
        ))}
      </ol>
      <Button primary disabled={step.value === "update" && state.updates.value === MOST_UPDATES} onClick={next}>
        {t.next} →
      </Button>
    </div>
  );
}

function Figure() {
  if (!seen.value) return null;
  const name = step.value;
  const slipped = seen.value.slip && name === "dw2";
  return (
    <div class="back-propagation-figure">
      <Stepper />
      <Diagram seen={seen.value} tall={isNarrow.value} />
      <p class="back-propagation-says">
        {t.says[name]} {slipped && <strong>{t.slipSays}</strong>}
      </p>
      <div class="back-propagation-below">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
        <div role="group" aria-label={t.names[name]} tabIndex={0} class="back-propagation-formula">
          {name !== "start" && <StepFormula step={name} seen={seen.value} />}
        </div>
        <Losses seen={seen.value} />
      </div>
    </div>
  );
}

function Losses({ seen }: { readonly seen: Seen }) {
  const { losses, rightLosses, slip } = seen;
  // Room for ten updates from the start on.
  const places = Array.from({ length: Math.max(11, losses.length) }, (_, i) => i);
  const spread = (values: readonly number[]) => places.map((i) => values[i] ?? null);
  const right: Curve = { label: slip ? t.right : t.loss, color: RIGHT_COLOR, values: spread(rightLosses ?? losses) };
  const wrong: Curve = { label: t.slides, color: WRONG_COLOR, values: spread(losses), dashed: true };
  return (
    <Curves
      label={t.losses}
      x={places}
      curves={slip ? [right, wrong] : [right]}
      xName={t.updatesAxis}
      yRange={[0, null]}
      height={140}
      decimals={4}
    />
  );
}

/** How the loss went with the last update. */
function Went() {
  const losses = seen.value?.losses ?? [];
  const [from, to] = losses.slice(-2);
  const count = t.update(losses.length - 1);
  if (from === undefined || to === undefined) return <Status>{t.update(0)}</Status>;
  if (number(from) === number(to)) return <Status>{`${count} ${t.stayed(number(to))}`}</Status>;
  return <Status>{`${count} ${(to < from ? t.fell : t.rose)(number(from), number(to))}`}</Status>;
}

function Field({ name }: { readonly name: Parameter }) {
  const value = state.updates.value > 0 ? seen.value?.parameters[name] : state[name].value;
  return (
    <NumberField
      label={SYMBOLS[name]}
      value={value ?? state[name].value}
      min={WEIGHT.min}
      max={WEIGHT.max}
      onChange={(value) => setParameter(name, value)}
    />
  );
}

function Controls() {
  const { x, y, eta, slip, updates } = state;
  const isFull = updates.value === MOST_UPDATES;
  return (
    <>
      <Buttons>
        <Button primary disabled={isFull} onClick={() => update(1)}>
          {t.oneUpdate}
        </Button>
        <Button disabled={isFull} onClick={() => update(10)}>
          {t.tenUpdates}
        </Button>
        <Button disabled={updates.value === 0 && state.step.value === 0} onClick={startOver}>
          {t.startOver}
        </Button>
      </Buttons>
      <Went />
      <div class="back-propagation-fields">
        <NumberField label={t.input} value={x.value} {...INPUT} onChange={(value) => (x.value = value)} />
        <Field name="w1" />
        <Field name="b1" />
        <NumberField label={t.target} value={y.value} min={0} max={1} onChange={(value) => (y.value = value)} />
        <Field name="w2" />
        <Field name="b2" />
      </div>
      <Slider label={t.rate} value={eta} {...RATE} step={0.05} scale="log" />
      <section class="back-propagation-slip" aria-labelledby="slip">
        <h2 id="slip">{t.slipTitle}</h2>
        <p>{t.slipText}</p>
        <Check label={t.slip} value={slip} />
      </section>
    </>
  );
}

/** The lecture's four formulas, each with its number, and what nudging says of it. */
function Derivatives() {
  if (!seen.value || !differences.value) return null;
  const { slip } = seen.value;
  const gradients = usedGradients(seen.value);
  const nudged = differences.value;
  return (
    <section class="back-propagation-derivatives" aria-labelledby="derivatives">
      <h2 id="derivatives">{t.table}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <div class="back-propagation-table" role="region" aria-labelledby="derivatives" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <td />
              <th scope="col">{t.byChain}</th>
              <th scope="col">{t.byNudging}</th>
            </tr>
          </thead>
          <tbody>
            {(["w2", "b2", "w1", "b1"] as const).map((name) => {
              const isWrong = gradients[name] * nudged[name] < 0;
              return (
                <tr class={isWrong ? "wrong" : undefined}>
                  <th scope="row">
                    <Chain of={name} slip={slip} />
                  </th>
                  <td>{number(gradients[name])}</td>
                  <td>
                    {number(nudged[name])} <span>{isWrong ? `✗ ${t.differs}` : `✓ ${t.agrees}`}</span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p class="back-propagation-small">{t.nudge(show(NUDGE))}</p>
    </section>
  );
}

function Page() {
  const { tasks } = t;
  const loss = seen.value?.pass.loss ?? 1;
  return (
    <Chapter
      id="back-propagation"
      lead={t.lead}
      figure={<Figure />}
      controls={<Controls />}
      formula={<Derivatives />}
      tasks={[
        { text: tasks.step, done: step.value === "update" },
        { text: tasks.half, done: !state.slip.value && state.updates.value > 0 && loss < 0.01 },
        { text: tasks.slip, done: state.slip.value && state.updates.value >= 10 },
        { text: tasks.flat },
        { text: tasks.zero },
      ]}
    />
  );
}

mount(<Page />);
