import "./style.css";
import { computed, effect, signal } from "@preact/signals";
import { Chapter, mount } from "../../shared/chapter.js";
import { Stepper } from "../../shared/controls.js";
import { Charts } from "./charts.js";
import { Controls } from "./controls.js";
import { Decision } from "./decision.js";
import { Diagram } from "./diagram.js";
import { Formulas } from "./formula.js";
import { goals } from "./goals.js";
import { changeLayers } from "./hidden-layers.js";
import { takeDropped } from "./own.js";
import { Runs } from "./runs.js";
import { MOST_LAYERS } from "./settings.js";
import { start, state } from "./state.js";
import { TakeAlong } from "./take-along.js";
import { t } from "./text.js";
import { Transport } from "./transport.js";

const layers = computed(() => state.layers.value.length);
const count = signal(layers.peek());
effect(() => {
  count.value = layers.value;
});

function Figure() {
  return (
    <div class="playground-figure">
      <Transport />
      <section class="playground-network" aria-labelledby="playground-network">
        <div class="playground-title">
          <h2 id="playground-network">{t.network}</h2>
          <Stepper label={t.layers} value={count} min={0} max={MOST_LAYERS} onChange={changeLayers} />
        </div>
        <Diagram />
      </section>
      <Decision />
      <Charts />
    </div>
  );
}

function Page() {
  return (
    <Chapter
      id="playground"
      lead={t.lead}
      figure={<Figure />}
      controls={<Controls />}
      formula={<Formulas />}
      tasks={goals.value}
    >
      <div class="playground-more">
        <Runs />
        <TakeAlong />
      </div>
    </Chapter>
  );
}

mount(<Page />);
start();
takeDropped();
