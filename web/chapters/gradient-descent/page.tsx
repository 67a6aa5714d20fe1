import "./style.css";
import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Chapter, mount } from "../../shared/chapter.js";
import { Button, Buttons, Check, Segments, Slider, Status } from "../../shared/controls.js";
import { show } from "../../shared/language.js";
import { PlayButton } from "../../shared/play-button.js";
import { reducedMotion } from "../../shared/scheme.js";
import { SeedField } from "../../shared/seed.js";
import { Formulas } from "./formulas.js";
import { LANDSCAPES } from "./landscapes.js";
import { LossMap } from "./map.js";
import { goTo, pause, play, playing } from "./motion.js";
import { OPTIMIZERS } from "./optimizers.js";
import {
  BATCHES,
  chooseSurface,
  ITERATIONS,
  longest,
  paths,
  RATE,
  shownStep,
  state,
  TOLERANCE,
  verdict,
} from "./state.js";
import { t } from "./text.js";
import { lengthOf } from "./verdict.js";
import { Fits, Losses, resultOf, Walkers } from "./walkers.js";

/** A positive number with so many digits that count. */
const showDigits = (value: number, digits: number) =>
  show(value, Math.max(0, digits - 1 - Math.floor(Math.log10(value) + 1e-9)));

function Figure() {
  return (
    <div class="gradient-descent-figure">
      <div>
        <LossMap />
        <Time />
      </div>
      <div class="gradient-descent-beside">
        <Walkers />
        <Losses />
        <Fits />
      </div>
    </div>
  );
}

/** The step that is shown, and going through them. */
function Time() {
  const step = shownStep.value;
  const isOver = step >= longest.value;
  return (
    <div class="gradient-descent-time">
      <Buttons>
        {reducedMotion.value ? (
          <Button primary disabled={isOver} onClick={() => goTo(longest.value)}>
            {t.end}
          </Button>
        ) : (
          <PlayButton playing={playing.value} onPlay={play} onPause={pause} disabled={longest.value === 0} />
        )}
        <Button disabled={isOver} onClick={() => goTo(step + 1)}>
          {t.next}
        </Button>
        <Button disabled={step === 0} onClick={() => goTo(0)}>
          {t.startOver}
        </Button>
      </Buttons>
      <Scrubber />
      <div class="visually-hidden">
        <Status>
          {isOver && !playing.value && OPTIMIZERS.map((name) => `${t.optimizers[name]}: ${resultOf(name)}`).join(". ")}
        </Status>
      </div>
    </div>
  );
}

function Scrubber() {
  const id = useId();
  const text = t.stepOf(shownStep.value, longest.value);
  return (
    <div class="slider">
      <label for={id}>{t.step}</label>
      <output for={id}>{text}</output>
      <input
        id={id}
        type="range"
        min={0}
        max={longest.value}
        step={1}
        value={shownStep.value}
        aria-valuetext={text}
        onInput={({ currentTarget }) => goTo(currentTarget.valueAsNumber)}
      />
    </div>
  );
}

function Controls() {
  const { surface, eta, batch, seed } = state;
  return (
    <>
      <Segments
        label={t.surface}
        value={surface}
        options={LANDSCAPES.map((value) => ({ value, label: t.surfaces[value] }))}
        onChange={chooseSurface}
      />
      <p class="gradient-descent-small">{t.abouts[surface.value]}</p>
      <div>
        <Slider label={t.eta} value={eta} {...RATE} step={0.05} scale="log" format={(value) => showDigits(value, 2)} />
        <p class={`gradient-descent-verdict ${verdict.value ?? ""}`} role="status">
          {verdict.value && t.verdicts[verdict.value]}
        </p>
      </div>
      <Stops />
      <div class="gradient-descent-batch">
        <Segments
          label={t.batch}
          value={batch}
          options={BATCHES.map((value) => ({ value, label: t.batches[value] }))}
        />
        {batch.value !== "all" && <SeedField value={seed} />}
      </div>
    </>
  );
}

/** The three rules of which the first that holds ends a walk. */
function Stops() {
  const { most, byTheta, theta, byGradient, gradient, batch } = state;
  return (
    <fieldset class="gradient-descent-stops">
      <legend>{t.stops}</legend>
      <Slider label={t.most} value={most} {...ITERATIONS} step={10} format={(value) => show(value, 0)} />
      <Tolerance label={t.theta} of="‖Δθ‖" on={byTheta} value={theta} />
      <Tolerance label={t.gradient} of="‖∇L‖" on={byGradient} value={gradient} />
      {batch.value !== "all" && <p class="gradient-descent-small">{t.epochs}</p>}
    </fieldset>
  );
}

interface ToleranceProps {
  readonly label: string;
  readonly of: string;
  readonly on: Signal<boolean>;
  readonly value: Signal<number>;
}

function Tolerance({ label, of, on, value }: ToleranceProps) {
  return (
    <div class="gradient-descent-tolerance">
      <Check label={label} value={on} />
      <Slider
        label={t.tolerance(of)}
        value={value}
        {...TOLERANCE}
        step={0.5}
        scale="log"
        format={(value) => showDigits(value, 1)}
        disabled={!on.value}
      />
    </div>
  );
}

function Page() {
  const { tasks } = t;
  const path = paths.value?.sgd;
  // A goal is reached where the reader has let it walk to its end.
  const end = path && shownStep.value > 0 && shownStep.value >= lengthOf(path) ? path.end : undefined;
  return (
    <Chapter
      id="gradient-descent"
      lead={t.lead}
      figure={<Figure />}
      controls={<Controls />}
      formula={<Formulas />}
      tasks={[
        { text: tasks.creep, done: end === "iterations" },
        { text: tasks.arrive, done: end === "gradient" && verdict.value !== "strays" },
        { text: tasks.diverge, done: end === "diverged" },
        { text: tasks.valley },
        { text: tasks.saddle },
        { text: tasks.noise },
      ]}
    />
  );
}

mount(<Page />);
