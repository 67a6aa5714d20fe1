import { Button, Buttons, Select, Status } from "../../shared/controls.js";
import { show, showPercent } from "../../shared/language.js";
import { PlayButton } from "../../shared/play-button.js";
import { MOST_EPOCHS } from "./fields.js";
import { PACES, type Pace } from "./job.js";
import {
  canKeep,
  isRunning,
  keep,
  lane,
  pause,
  play,
  startOver,
  state,
  trainOneBatch,
  trainOneEpoch,
} from "./state.js";
import { positionText, statusText } from "./status.js";
import { t } from "./text.js";

/** What starts and stops training, and where it stands. */
export function Transport() {
  const ready = lane.status.value === "ready";
  const running = isRunning.value;
  const { diverged = false, epoch = 0 } = lane.report.value ?? {};
  const blocked = !ready || diverged || epoch >= MOST_EPOCHS;
  return (
    <div class="playground-transport">
      <Buttons>
        <PlayButton playing={running} disabled={blocked} onPlay={play} onPause={pause} />
        <Button disabled={blocked || running} onClick={trainOneEpoch}>
          {t.oneEpoch}
        </Button>
        <Button disabled={blocked || running} onClick={trainOneBatch}>
          {t.oneBatch}
        </Button>
        <Button disabled={lane.status.value === "empty"} onClick={startOver}>
          {t.startOver}
        </Button>
        <Button disabled={!canKeep.value} onClick={keep}>
          {t.keep}
        </Button>
      </Buttons>
      <Select
        label={t.pace}
        value={state.pace}
        options={(Object.keys(PACES) as Pace[]).map((value) => ({ value, label: t.paces[value] }))}
        onChange={() => isRunning.peek() && play()}
      />
      <Readout />
      <Messages />
    </div>
  );
}

function Readout() {
  const report = lane.report.value;
  const hasClasses = report && !Number.isNaN(report.train.accuracy);
  const both = (train: string, test: string) => `${train} / ${test}`;
  return (
    <dl class="playground-readout">
      <Figure name={t.epoch} value={report ? positionText(report) : "–"} />
      <Figure name={t.bothLosses} value={report ? both(show(report.train.loss, 3), show(report.test.loss, 3)) : "–"} />
      {hasClasses && (
        <Figure
          name={t.bothAccuracies}
          value={both(showPercent(report.train.accuracy, 1), showPercent(report.test.accuracy, 1))}
        />
      )}
    </dl>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What went wrong or is missing, in sight; where training stands, for those who do not see the numbers. */
function Messages() {
  const refusal = lane.refusal.value;
  if (refusal !== undefined) return <p role="alert">{t.failed(refusal)}</p>;
  if (lane.status.value === "empty") return <Status>{t.empty}</Status>;
  if (lane.report.value?.diverged) return <p role="alert">{t.diverged}</p>;
  return (
    <div class="visually-hidden">
      <Status>{isRunning.value ? "" : statusText.value}</Status>
    </div>
  );
}
