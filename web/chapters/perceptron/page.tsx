import "./style.css";
import { effect, signal } from "@preact/signals";
import { Chapter, mount } from "../../shared/chapter.js";
import { Button, Buttons, Check, NumberField, Segments, Slider, Status } from "../../shared/controls.js";
import { show } from "../../shared/language.js";
import { PlayButton } from "../../shared/play-button.js";
import { reducedMotion } from "../../shared/scheme.js";
import { LossCurve, MistakeBars } from "./curves.js";
import { DATA_SETS, RANDOM } from "./data.js";
import { Rules } from "./formulas.js";
import { AdalinePlane, PerceptronPlane } from "./planes.js";
import { labelOf } from "./points.js";
import {
  back,
  canGoBack,
  canStep,
  choose,
  dataSet,
  isPlaying,
  MOST_SEED,
  RATES,
  type Seen,
  SPEEDS,
  STRIDES,
  seen,
  startOver,
  state,
  step,
} from "./state.js";
import { cycleLength } from "./strides.js";
import { t } from "./text.js";

/** After so many epochs it is worth saying that there is no end. */
const LONG = 50;

const cycleOf = ({ at, path }: Seen) => (state.shuffle.value ? undefined : cycleLength(path.updates, at));

function perceptronWords(seen: Seen): string {
  const { at, path, end } = seen;
  const count = state.points.value.length;
  if (count === 0) return t.empty;
  const last = path.updates[at - 1];
  if (!last) return t.start;
  if (end?.kind === "converged") return t.converged(at, end.epochs, show(end.margin), end.bound);
  const cycle = cycleOf(seen);
  if (cycle !== undefined) return t.circles(at, cycle);
  if (last.epoch >= LONG) return t.long(at, last.epoch + 1);
  return t.going(at, last.epoch + 1, last.wrong, count);
}

function adalineWords({ at, path, end }: Seen): string {
  const count = state.points.value.length;
  const last = path.updates[at - 1];
  if (!last) return "";
  if (end?.kind === "diverged") return t.diverged;
  return (end ? t.settled : t.adalineGoing)(at, last.wrong, count);
}

/** Said aloud when nothing moves. */
function Words({ children }: { readonly children: string }) {
  return (
    <div class="perceptron-words">
      <p aria-hidden="true">{children}</p>
      <div class="visually-hidden">
        <Status>{isPlaying.value ? "" : children}</Status>
      </div>
    </div>
  );
}

function Figure() {
  const [perceptron, adaline] = [seen("perceptron"), seen("adaline")];
  return (
    <div class="perceptron-figure">
      <div class="perceptron-transport">
        <Transport />
        <Segments
          label={t.stride}
          value={state.stride}
          options={STRIDES.map((value) => ({ value, label: t.strides[value] }))}
        />
      </div>
      <section aria-labelledby="perceptron">
        <h2 id="perceptron">{t.perceptron}</h2>
        <Words>{perceptronWords(perceptron)}</Words>
        <PerceptronPlane seen={perceptron} />
        <MistakeBars seen={perceptron} />
      </section>
      <section aria-labelledby="adaline">
        <h2 id="adaline">{t.adaline}</h2>
        <Words>{adalineWords(adaline)}</Words>
        <AdalinePlane seen={adaline} />
        <LossCurve seen={adaline} />
      </section>
    </div>
  );
}

function Transport() {
  return (
    <Buttons>
      {!reducedMotion.value && (
        <PlayButton
          playing={isPlaying.value}
          onPlay={() => (isPlaying.value = true)}
          onPause={() => (isPlaying.value = false)}
          {...(seen("perceptron").end && canStep.value ? { label: t.goOn } : {})}
          others={[t.goOn]}
          disabled={!canStep.value}
        />
      )}
      <Button
        primary={reducedMotion.value}
        disabled={!canStep.value}
        onClick={() => {
          isPlaying.value = false;
          step();
        }}
      >
        {t.step}
      </Button>
      <Button disabled={!canGoBack.value} onClick={back}>
        {t.back}
      </Button>
      <Button disabled={!canGoBack.value} onClick={startOver}>
        {t.startOver}
      </Button>
    </Buttons>
  );
}

function Controls() {
  const { points, kind, eta, rate, shuffle, seed, speed } = state;
  const isRandom = RANDOM.includes(dataSet.value);
  return (
    <>
      <Segments
        label={t.data}
        value={dataSet}
        options={DATA_SETS.map((value) => ({ value, label: t.sets[value] }))}
        onChange={(name) => choose(name)}
      />
      <Segments
        label={t.places}
        value={kind}
        options={(["0", "1"] as const).map((value) => ({
          value,
          label: `${value === "1" ? "■" : "●"} ${labelOf(Number(value))}`,
        }))}
      />
      <p class="perceptron-small">{t.pointKeys}</p>
      <Buttons>
        <Button disabled={!isRandom} onClick={() => choose(dataSet.value, (seed.value + 1) % (MOST_SEED + 1))}>
          {t.newPoints}
        </Button>
        <Button
          disabled={points.value.length === 0}
          onClick={() => {
            points.value = [];
          }}
        >
          {t.clear}
        </Button>
      </Buttons>
      <Segments label={t.speed} value={speed} options={SPEEDS.map((value) => ({ value, label: value }))} />
      <Slider label={t.eta} value={eta} {...RATES.perceptron} step={0.25} />
      <Slider label={t.rate} value={rate} {...RATES.adaline} step={0.05} scale="log" />
      <div class="perceptron-order">
        <Check label={t.shuffle} value={shuffle} />
        <NumberField
          label={t.seed}
          value={seed.value}
          min={0}
          max={MOST_SEED}
          step={1}
          onChange={(value) => choose(dataSet.value, Math.round(value))}
        />
      </div>
    </>
  );
}

/** Goals, once reached, stay so. */
const goals = { converge: signal(false), xor: signal(false), diverge: signal(false) };
effect(() => {
  const perceptron = seen("perceptron");
  if (perceptron.end && perceptron.at > 0) goals.converge.value = true;
  if (dataSet.value === "xor" && cycleOf(perceptron) !== undefined) goals.xor.value = true;
  if (seen("adaline").end?.kind === "diverged") goals.diverge.value = true;
});

function Page() {
  const { tasks } = t;
  return (
    <Chapter
      id="perceptron"
      lead={t.lead}
      figure={<Figure />}
      controls={<Controls />}
      formula={<Rules />}
      tasks={[
        { text: tasks.converge, done: goals.converge.value },
        { text: tasks.xor, done: goals.xor.value },
        { text: tasks.eta },
        { text: tasks.outlier },
        { text: tasks.diverge, done: goals.diverge.value },
      ]}
    />
  );
}

mount(<Page />);
