import "./style.css";
import { signal } from "@preact/signals";
import { Chapter, mount } from "../../shared/chapter.js";
import { classColors, type Rgb } from "../../shared/colors.js";
import { Button, Buttons, Check, Segments, Select, Slider, Status } from "../../shared/controls.js";
import { Curves } from "../../shared/curves.js";
import { show } from "../../shared/language.js";
import { PlayButton } from "../../shared/play-button.js";
import { SeedField } from "../../shared/seed.js";
import { Formulas } from "./formulas.js";
import { DeepPlot, ShallowPlot } from "./plots.js";
import { ACTIVATIONS, MOST_EPOCHS, MOST_NEURONS } from "./settings.js";
import {
  calmReport,
  changed,
  chooseSpeed,
  DEPTHS,
  isOwn,
  losses,
  neuron,
  pause,
  RATE,
  SPEEDS,
  start,
  startOver,
  state,
  train,
} from "./state.js";
import { TARGETS } from "./targets.js";
import { t } from "./text.js";

const [SHALLOW_COLOR, DEEP_COLOR] = [classColors[1], classColors[0]] as readonly [Rgb, Rgb];
const whole = (value: number) => show(value, 0);

function Figure() {
  const { epochs, shallow, deep } = losses.value;
  return (
    <div class="universality-figure">
      <ShallowPlot />
      <DeepPlot />
      <Legend />
      <div class="universality-losses">
        <Curves
          label={t.losses}
          x={epochs}
          curves={[
            { label: t.legend.shallow, color: SHALLOW_COLOR, values: shallow },
            { label: t.legend.deep, color: DEEP_COLOR, values: deep, dashed: true },
          ]}
          xName={t.epochAxis}
          logarithmic
          height={130}
          decimals={5}
        />
      </div>
    </div>
  );
}

function Legend() {
  const { legend } = t;
  return (
    <p class="universality-legend" aria-hidden="true">
      <span class="target">{legend.target}</span>
      <span class="shallow">{legend.shallow}</span>
      <span class="deep">{legend.deep}</span>
      {state.parts.value && <span class="parts">{legend.parts}</span>}
      {state.parts.value && <span class="looked">{legend.looked}</span>}
    </p>
  );
}

function Controls() {
  const { n, f, target, speed } = state;
  const now = calmReport.value;
  return (
    <>
      <Segments
        label={t.target}
        value={target}
        options={TARGETS.map((value) => ({ value, label: t.targets[value] }))}
        onChange={changed}
      />
      <p class="universality-small">{t.hint}</p>
      <Buttons>
        <PlayButton
          playing={now?.running ?? false}
          onPlay={train}
          onPause={pause}
          label={t.train}
          disabled={!now || now.epochs >= MOST_EPOCHS}
        />
        <Button disabled={!now || now.epochs === 0} onClick={startOver}>
          {t.startOver}
        </Button>
      </Buttons>
      <Progress />
      <Slider label={t.neurons} value={n} min={1} max={MOST_NEURONS} step={1} format={whole} onChange={changed} />
      <Select
        label={t.activation}
        value={f}
        options={ACTIVATIONS.map((value) => ({ value, label: value }))}
        onChange={changed}
      />
      <Segments
        label={t.speed}
        value={speed}
        options={SPEEDS.map((value) => ({ value, label: t.speeds[value] }))}
        onChange={chooseSpeed}
      />
      <Check label={t.parts} value={state.parts} />
      {state.parts.value && (
        <Slider
          label={t.neuron}
          value={state.neuron}
          min={1}
          max={n.value}
          step={1}
          format={() => whole(neuron.value)}
        />
      )}
      <More />
    </>
  );
}

function More() {
  const { depth, eta, seed } = state;
  return (
    <details>
      <summary>{t.more}</summary>
      <div class="universality-more">
        <Segments
          label={t.depth}
          value={depth}
          options={DEPTHS.map((value) => ({ value, label: value }))}
          onChange={changed}
        />
        <Slider
          label={t.eta}
          value={eta}
          {...RATE}
          step={0.05}
          scale="log"
          format={(value) => show(value, 4)}
          onChange={changed}
        />
        <SeedField value={seed} onChange={changed} />
      </div>
    </details>
  );
}

/** How far the training is; said aloud when it pauses. */
function Progress() {
  const now = calmReport.value;
  if (!now || now.epochs === 0) return <p class="universality-small">{t.untrained}</p>;
  const words = t.paused(whole(now.epochs), show(now.shallow.loss, 5), show(now.deep.loss, 5));
  return (
    <div>
      <p class="universality-small">{t.epochs(whole(now.epochs))}</p>
      <div class="visually-hidden">
        <Status>{now.running ? "" : words}</Status>
      </div>
    </div>
  );
}

/** Whether the network of one hidden layer once came near enough. */
const wasNear = signal(false);
calmReport.subscribe((now) => {
  if (now && now.shallow.loss < 0.001) wasNear.value = true;
});

function Page() {
  const { tasks } = t;
  return (
    <Chapter
      id="universality"
      lead={t.lead}
      figure={<Figure />}
      controls={<Controls />}
      formula={<Formulas />}
      tasks={[
        { text: tasks.draw, done: isOwn.value },
        { text: tasks.fit, done: wasNear.value },
        { text: tasks.kinks },
        { text: tasks.step },
        { text: tasks.linear },
        { text: tasks.deep },
      ]}
    />
  );
}

mount(<Page />);
start();
