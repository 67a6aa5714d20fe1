import "./style.css";
import type { Signal } from "@preact/signals";
import { Chapter, mount } from "../../shared/chapter.js";
import { Button, NumberField, Segments, Select, Slider, Status } from "../../shared/controls.js";
import { Placing } from "../../shared/placed-points.js";
import { PlayButton } from "../../shared/play-button.js";
import { reducedMotion } from "../../shared/scheme.js";
import { Formulas } from "./formulas.js";
import { ACTIVATIONS, DATA, GOALS } from "./goals.js";
import { nextStep, pause, play, playing } from "./motion.js";
import { OutputLine } from "./output-line.js";
import { HiddenPlane, InputPlane, SumsPlane, verdictOf } from "./planes.js";
import { reset, seen, state, WEIGHTS } from "./state.js";
import { t } from "./text.js";

function Figure() {
  const now = seen.value;
  if (!now) return <div class="hidden-layer-figure" />;
  const planes = [InputPlane, SumsPlane, HiddenPlane, OutputLine];
  return (
    <div class="hidden-layer-figure">
      <Transport />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on narrow screens it scrolls, by keys, too */}
      <div class="hidden-layer-columns" role="group" aria-label={t.scroll} tabIndex={0}>
        {planes.map((Plane, i) => (
          <section>
            <h2>{t.names[i]}</h2>
            <Plane seen={now} />
          </section>
        ))}
      </div>
    </div>
  );
}

/** Shows one step after the other. */
function Transport() {
  return (
    <div class="hidden-layer-transport">
      {reducedMotion.value ? (
        <Button primary onClick={nextStep}>
          {t.next}
        </Button>
      ) : (
        <PlayButton playing={playing.value} onPlay={play} onPause={pause} />
      )}
      <Slider
        label={t.step}
        value={state.step}
        min={0}
        max={3}
        step={0.05}
        format={(step) => t.steps[Math.ceil(step)] ?? ""}
        onChange={pause}
      />
    </div>
  );
}

interface NumbersProps {
  readonly name: string;
  readonly of: Signal<readonly number[]>;
  readonly columns: number;
  readonly label: (row: number, column: number) => string;
}

/** A matrix to be typed. */
function Numbers({ name, of, columns, label }: NumbersProps) {
  return (
    <div class="hidden-layer-named">
      <span aria-hidden="true">{name}</span>
      <div class="hidden-layer-matrix" style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}>
        {of.value.map((value, i) => (
          <NumberField
            label={label(Math.floor(i / columns) + 1, (i % columns) + 1)}
            value={value}
            {...WEIGHTS}
            onChange={(value) => (of.value = of.value.map((old, at) => (at === i ? value : old)))}
          />
        ))}
      </div>
    </div>
  );
}

function Controls() {
  const { data, points, kind, W, b1, g, w2, b2 } = state;
  return (
    <div class="hidden-layer-columns">
      <div class="hidden-layer-part">
        <Segments label={t.data} value={data} options={DATA.map((value) => ({ value, label: t.datas[value] }))} />
        {data.value === "free" && <Placing points={points} kind={kind} kinds={["0", "1"]} />}
        <Status>{seen.value && verdictOf(seen.value)}</Status>
      </div>
      <div class="hidden-layer-numbers">
        <Numbers name="W" of={W} columns={2} label={t.W} />
        <Numbers name="b₁" of={b1} columns={1} label={t.b1} />
      </div>
      <div class="hidden-layer-activation">
        <Select label={t.g} value={g} options={ACTIVATIONS.map((value) => ({ value, label: value }))} />
        <Button onClick={reset}>{t.reset}</Button>
      </div>
      <div class="hidden-layer-numbers">
        <Numbers name="w₂" of={w2} columns={2} label={(_, column) => t.w2(column)} />
        <div class="hidden-layer-named">
          <span aria-hidden="true">b₂</span>
          <div class="hidden-layer-matrix plain">
            <NumberField label={t.b2} value={b2.value} {...WEIGHTS} onChange={(value) => (b2.value = value)} />
          </div>
        </div>
      </div>
    </div>
  );
}

function Page() {
  const goals = GOALS.map((goal) => ({ text: t.tasks[goal], done: state.reached.value.includes(goal) }));
  return (
    <Chapter
      id="hidden-layer"
      lead={t.lead}
      figure={<Figure />}
      controls={<Controls />}
      formula={seen.value && <Formulas seen={seen.value} />}
      tasks={[{ text: t.tasks.play }, { text: t.tasks.linear }, ...goals]}
    />
  );
}

mount(<Page />);
