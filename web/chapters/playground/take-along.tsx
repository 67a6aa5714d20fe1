import { computed, signal } from "@preact/signals";
import { Button, Buttons, Status } from "../../shared/controls.js";
import { CSV_FILE, commandOf, csvOf } from "./command.js";
import { START } from "./position.js";
import { experiment, isRunning, lane, state } from "./state.js";
import { t } from "./text.js";

const command = computed(() => {
  return commandOf(experiment.value, lane.report.value ?? START, state.edits.value.length > 0);
});
const message = signal("");
/** What could not be copied for the reader. */
const refused = signal("");

async function copy(text: string, done = t.copied): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    [message.value, refused.value] = [done, ""];
  } catch {
    // Not every host and browser lets a page write to the clipboard.
    [message.value, refused.value] = [t.copyThis, text];
  }
}

async function copyProgram(): Promise<void> {
  const report = lane.report.peek();
  if (!report) return;
  const { epoch, batches, hash } = report;
  const { programOf } = await import("./program.js");
  await copy(programOf(experiment.peek(), { epoch, batches, edits: state.edits.peek(), hash }));
}

function download(): void {
  message.value = "";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csvOf(experiment.peek())], { type: "text/csv" }));
  link.download = CSV_FILE;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The run as a program and as a command, its points as a table. */
export function TakeAlong() {
  const { value } = command;
  const ready = lane.status.value === "ready" && !isRunning.value;
  return (
    <section class="panel playground-take" aria-labelledby="playground-take">
      <h2 id="playground-take">{t.take}</h2>
      <p>{t.takeHint}</p>
      <p>
        {t.hash} <code>{isRunning.value ? "…" : (lane.report.value?.hash ?? "…")}</code>
      </p>
      <Buttons>
        <Button disabled={!ready} onClick={copyProgram}>
          {t.copyProgram}
        </Button>
        <Button
          disabled={!ready || "obstacle" in value}
          onClick={() => "command" in value && copy(value.command, t.copiedCommand)}
        >
          {t.copyCommand}
        </Button>
        <Button disabled={!ready} onClick={download}>
          {t.download}
        </Button>
      </Buttons>
      {"obstacle" in value && <p>{t.obstacles[value.obstacle]}</p>}
      <Status>{message.value}</Status>
      {refused.value !== "" && <textarea readOnly rows={8} aria-label={t.copyThis} value={refused.value} />}
    </section>
  );
}
