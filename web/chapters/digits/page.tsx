import "./style.css";
import { effect, signal } from "@preact/signals";
import { Chapter, mount } from "../../shared/chapter.js";
import { classColors, type Rgb } from "../../shared/colors.js";
import { Button, Buttons, Segments, Select, Slider, Status } from "../../shared/controls.js";
import { Curves } from "../../shared/curves.js";
import { failure } from "../../shared/failure.js";
import { show, showPercent } from "../../shared/language.js";
import { PlayButton } from "../../shared/play-button.js";
import { SeedField } from "../../shared/seed.js";
import { Confusion, Hardest, Weights } from "./learnt.js";
import { Pad } from "./pad.js";
import { Bars, best, Seen, Softmax, Verdict } from "./reading.js";
import { FORMS, OPTIMIZERS } from "./settings.js";
import {
  BATCH_SIZES,
  chooseOptimizer,
  curves,
  download,
  HIDDEN,
  isFinished,
  isMade,
  isReady,
  look,
  MOST_EPOCHS_AT_A_TIME,
  means,
  pause,
  reached,
  readTestImage,
  start,
  startOver,
  state,
  train,
  training,
  trainOneBatch,
} from "./state.js";
import { t } from "./text.js";

const [TRAIN_COLOR, TEST_COLOR] = classColors as unknown as readonly [Rgb, Rgb];
const asOptions = <T extends string>(values: readonly T[]) => values.map((value) => ({ value, label: value }));

function AccuracyCurve() {
  const { epochs, accuracy, test } = curves.value;
  return (
    <Curves
      label={t.accuracyCurve}
      x={epochs}
      curves={[
        { label: t.accuracy, color: TRAIN_COLOR, values: accuracy },
        { label: t.testAccuracy, color: TEST_COLOR, values: test },
      ]}
      xName={t.epochAxis}
      yRange={[null, 1]}
    />
  );
}

function LossCurve() {
  const { epochs, loss } = curves.value;
  return (
    <Curves
      label={t.lossCurve}
      x={epochs}
      curves={[{ label: t.loss, color: TRAIN_COLOR, values: loss }]}
      xName={t.epochAxis}
      yRange={[0, null]}
    />
  );
}

function Figure() {
  return (
    <div class="digits-figure">
      <section class="digits-draw" aria-labelledby="digits-draw">
        <h2 id="digits-draw">{t.draw}</h2>
        <Pad />
      </section>
      <section class="digits-see" aria-labelledby="digits-see">
        <h2 id="digits-see">{t.seen}</h2>
        <Seen />
        <button type="button" disabled={!isReady.value} onClick={nextTestImage}>
          {t.testDigit}
        </button>
      </section>
      <section class="digits-say" aria-labelledby="digits-say">
        <h2 id="digits-say">{t.bars}</h2>
        <Bars />
        <Verdict />
      </section>
      <p id="digits-keys">{t.padKeys}</p>
      <AccuracyCurve />
      <LossCurve />
    </div>
  );
}

/** One after the other, far apart: neighbours in MNIST are often of one hand. */
function nextTestImage(): void {
  readTestImage((Math.max(0, state.test.value) + 617) % (means.value?.testImages ?? 1));
}

function Controls() {
  const { running, batches } = training.value;
  const ready = isReady.value;
  return (
    <>
      <Buttons>
        <PlayButton
          playing={running}
          onPlay={train}
          onPause={pause}
          label={batches > 0 ? t.trainOn : t.train}
          others={[t.train, t.trainOn]}
          disabled={!isMade.value || isFinished.value}
        />
        <Button disabled={!isMade.value || running || isFinished.value} onClick={trainOneBatch}>
          {t.oneBatch}
        </Button>
        <Button disabled={!ready || batches === 0} onClick={startOver}>
          {t.startOver}
        </Button>
      </Buttons>
      <Progress />
      <Segments
        label={t.form}
        value={state.form}
        options={FORMS.map((value) => ({ value, label: t.forms[value] }))}
        onChange={startOver}
        disabled={!ready}
      />
      <Select
        label={t.hidden}
        value={state.hidden}
        options={asOptions(HIDDEN)}
        onChange={startOver}
        disabled={!ready}
      />
      <details>
        <summary>{t.more}</summary>
        <div class="digits-more">
          <Select
            label={t.optimizer}
            value={state.opt}
            options={OPTIMIZERS.map((value) => ({ value, label: t.optimizers[value] }))}
            onChange={chooseOptimizer}
            disabled={!ready}
          />
          <Slider
            label={t.rate}
            value={state.rate}
            min={1e-4}
            max={1}
            step={0.05}
            scale="log"
            format={(value) => show(value, 4)}
            onChange={startOver}
            disabled={!ready}
          />
          <Select
            label={t.batch}
            value={state.batch}
            options={asOptions(BATCH_SIZES)}
            onChange={startOver}
            disabled={!ready}
          />
          <Slider
            label={t.epochs}
            value={state.epochs}
            min={1}
            max={MOST_EPOCHS_AT_A_TIME}
            step={1}
            format={(value) => show(value, 0)}
          />
          <SeedField value={state.seed} onChange={startOver} />
        </div>
      </details>
      <div>
        <h2>{t.download}</h2>
        <Buttons>
          <Button disabled={!ready} onClick={() => download("safetensors")}>
            .safetensors
          </Button>
          <Button disabled={!ready} onClick={() => download("onnx")}>
            .onnx
          </Button>
        </Buttons>
      </div>
      {means.value && <p class="digits-small">{t.threads(means.value.threads)}</p>}
    </>
  );
}

/** What the network has seen and can do; said aloud when training pauses. */
function Progress() {
  const { running, batches, steps, seconds } = training.value;
  if (!look.value || !means.value) return <Status>{failure.value === undefined ? t.loading : ""}</Status>;
  const images = Math.min(batches * Number(state.batch.value), Math.ceil((batches / steps) * means.value.trainImages));
  const accuracy = showPercent(look.value.accuracy, 1);
  const words =
    batches === 0 ? t.untrained : t.progress(show(batches / steps), show(images, 0), show(seconds, 1), accuracy);
  const more = reached.value === undefined ? "" : t.reached(show(reached.value, 1));
  return (
    <div class="digits-progress">
      <p aria-hidden="true">
        {words} {more}
      </p>
      <div class="visually-hidden">
        <Status>{running ? "" : `${words} ${more}`}</Status>
      </div>
    </div>
  );
}

/** Whether a digit drawn here was read with confidence by a network that has learnt something. */
const wasRead = signal(false);
effect(() => {
  const drawn = state.strokes.value.length > 0 && state.test.value < 0;
  if (drawn && training.value.batches > 0 && (best.value?.probability ?? 0) >= 0.9) wasRead.value = true;
});

function Page() {
  const goals = [reached.value !== undefined, wasRead.value];
  const tasks = t.tasks.map((text, i) => ({ text, ...(goals[i] === undefined ? {} : { done: goals[i] }) }));
  return (
    <Chapter id="digits" lead={t.lead} figure={<Figure />} controls={<Controls />} formula={<Softmax />} tasks={tasks}>
      <div class="digits-learnt">
        <Weights />
        <Confusion />
        <Hardest />
      </div>
    </Chapter>
  );
}

mount(<Page />);
start();
