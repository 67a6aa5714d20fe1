import { batch, signal } from "@preact/signals";
import { MOST_EXAMPLES, MOST_LABELS, short } from "./data-sets.js";
import { lane, state } from "./state.js";
import type { Column, TableChoice } from "./table.js";

/** The class that the next click places, and the value where labels are numbers. */
export const kind = signal("0");
export const value = signal(1);

/** The classes that can be placed by hand. */
export const PLACED_CLASSES = ["0", "1", "2", "3", "4"] as const;

/** Places one of the reader's own examples. */
export function placeExample(x1: number, x2: number): void {
  const { own, labels } = state;
  if (own.value.length >= MOST_EXAMPLES) return;
  const y = labels.value === "classes" ? Number(kind.value) : value.value;
  own.value = [...own.value, { x1: short(x1), x2: short(x2), y }];
}

export const removeLast = () => {
  state.own.value = state.own.value.slice(0, -1);
};

/** Takes all away, what a table called them too. */
export function removeAll(): void {
  batch(() => {
    [state.own.value, state.names.value, columns.value, problem.value] = [[], [], [], undefined];
    text.value = "";
  });
}

export const text = signal("");
export const columns = signal<readonly Column[]>([]);
/** The columns that are taken, by their numbers. */
export const choice = signal<TableChoice>({ x1: 0, x2: 1, label: 2 });
/** What is wrong with the table: the reader's words, or that there are not enough columns. */
export const problem = signal<string | "columns" | undefined>(undefined);

/** Takes a table that was pasted, dropped or chosen. */
export async function takeTable(given: string): Promise<void> {
  text.value = given;
  if (given.trim() === "") return;
  try {
    const found = await lane.worker.columnsOf(given);
    columns.value = found;
    // What is no number, else what stands last, is most likely what the others are to tell.
    const word = found.findLastIndex(({ numeric }) => !numeric);
    const label = word >= 0 ? word : found.length - 1;
    const [x1, x2] = found.flatMap(({ numeric }, i) => (numeric && i !== label ? [i] : []));
    if (x1 === undefined || x2 === undefined) {
      problem.value = "columns";
      return;
    }
    choice.value = { x1, x2, label };
    await takeColumns();
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

/** Makes the chosen columns the reader's own examples. */
export async function takeColumns(): Promise<void> {
  const { x1, x2, label } = choice.value;
  try {
    const { examples, classNames } = await lane.worker.readTable(text.value, { x1, x2, label });
    // What the link can hold of a name.
    const name = (text: string) => text.replace(/\s+/g, " ").slice(0, 30);
    const axes = [x1, x2].map((column) => name(columns.value[column]?.name ?? ""));
    batch(() => {
      problem.value = undefined;
      state.data.value = "own";
      state.labels.value = classNames ? "classes" : "numbers";
      state.names.value = [...axes, ...(classNames ?? []).slice(0, MOST_LABELS).map(name)];
      state.own.value = examples;
    });
  } catch (error) {
    problem.value = error instanceof Error ? error.message : String(error);
  }
}

/** Takes tables that are dropped anywhere on the page. */
export function takeDropped(): void {
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", async (event) => {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    state.data.value = "own";
    takeTable(await file.text());
  });
}
