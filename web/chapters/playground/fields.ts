import { type Codec, codecs, type Field, field } from "../../shared/link-state.js";
import type { Activations } from "./activations.js";
import { DATA_SETS, type Example, MOST_CLASSES, MOST_EXAMPLES, MOST_LABELS } from "./data-sets.js";
import { FEATURES, type Feature } from "./features.js";
import { PACES, type Pace } from "./job.js";
import { tensorOf } from "./layout.js";
import { order } from "./position.js";
import {
  ACTIVATIONS,
  BATCH_SIZES,
  DROPOUTS,
  type Edit,
  LOSSES,
  MOST_LAYERS,
  MOST_UNITS,
  OPTIMIZERS,
  PENALTIES,
  RATES,
  SCHEDULES,
} from "./settings.js";

export const MOST_EPOCHS = 100_000;
/** Runs that are kept beside the current one, at most. */
export const MOST_KEPT = 3;
export const MOST_EDITS = 2000;
export const LARGEST_WEIGHT = 1000;

/** Tables hold any numbers that the engine can hold. */
const LARGEST = 1e38;

/** Signs that an address carries as they are. */
const WITHIN = "*";
const AFTER = "-";

const examplesCodec: Codec<readonly Example[]> = {
  parse: (text) =>
    codecs
      .list(codecs.tuple(codecs.number(-LARGEST, LARGEST), 3, WITHIN), MOST_EXAMPLES)
      .parse(text)
      ?.map(([x1, x2, y]) => ({ x1, x2, y }) as Example),
  format: (examples) => examples.map(({ x1, x2, y }) => [x1, x2, y].join(WITHIN)).join("_"),
};

/** When, `3` or within an epoch `3-2`; the tensor by the number of its layer, since names hold what parts the edits. */
const editCodec: Codec<Edit> = {
  parse(text) {
    const [at = "", layer = "", tensor = "", index = "", value = "", ...more] = text.split(WITHIN);
    const [epoch, batches = 0] = codecs.list(codecs.integer(0, MOST_EPOCHS), 2, AFTER).parse(at) ?? [];
    const number = codecs.integer(0, MOST_LAYERS).parse(layer);
    const kind = codecs.choice(["kernel", "bias"]).parse(tensor);
    const edit = {
      epoch,
      batches,
      weight: number === undefined || kind === undefined ? undefined : tensorOf(number, kind),
      index: codecs.integer(0, 1000).parse(index),
      value: codecs.number(-LARGEST_WEIGHT, LARGEST_WEIGHT).parse(value),
    };
    const isWhole = more.length === 0 && Object.values(edit).every((part) => part !== undefined);
    return isWhole ? (edit as Edit) : undefined;
  },
  format({ epoch, batches, weight, index, value }) {
    const [layer = "", tensor = ""] = weight.split("/");
    const at = batches === 0 ? epoch : `${epoch}${AFTER}${batches}`;
    return [at, layer.split("_")[1] ?? 0, tensor, index, value].join(WITHIN);
  },
};

/** In the order in which they are made. */
const editsCodec: Codec<readonly Edit[]> = {
  parse(text) {
    const edits = codecs.list(editCodec, MOST_EDITS).parse(text);
    return edits && [...edits].sort(order);
  },
  format: codecs.list(editCodec, MOST_EDITS).format,
};

/** At least one feature. */
const featuresCodec: Codec<readonly Feature[]> = {
  parse(text) {
    const found = codecs.list(codecs.choice(FEATURES), FEATURES.length).parse(text);
    return found && found.length > 0 ? FEATURES.filter((feature) => found.includes(feature)) : undefined;
  },
  format: (features) => features.join("_"),
};

/** At least one activation: links once had one for all layers. */
const activationsCodec: Codec<Activations> = {
  parse(text) {
    const [first, ...more] = codecs.list(codecs.choice(ACTIVATIONS), MOST_LAYERS).parse(text) ?? [];
    return first && [first, ...more];
  },
  format: (activations) => activations.join("_"),
};

/** What decides a run: the part of the link that is kept with one. */
export const runFields = {
  data: field(codecs.choice(DATA_SETS), "circles"),
  points: field(codecs.integer(20, 500), 300),
  noise: field(codecs.number(0, 0.5), 0.1),
  classes: field(codecs.integer(2, MOST_CLASSES), 2),
  draw: field(codecs.integer(0, 999_999), 1),
  own: field(examplesCodec, [] as readonly Example[]),
  /** Whether labels of the reader's own points are classes. */
  labels: field(codecs.choice(["classes", "numbers"]), "classes"),
  /** What a table calls its axes, then its classes. */
  names: field(codecs.list(codecs.text(30), 2 + MOST_LABELS, "\n"), [] as readonly string[]),
  test: field(codecs.number(0.1, 0.9), 0.3),
  features: field(featuresCodec, ["x1", "x2"] as readonly Feature[]),
  layers: field(codecs.list(codecs.integer(1, MOST_UNITS), MOST_LAYERS), [4, 2] as readonly number[]),
  act: field(activationsCodec, ["tanh"] as Activations),
  loss: field(codecs.choice(LOSSES), "crossEntropy"),
  opt: field(codecs.choice(OPTIMIZERS), "sgd"),
  rate: field(codecs.choice(RATES), "0.1"),
  sched: field(codecs.choice(SCHEDULES), "constant"),
  length: field(codecs.integer(1, 10_000), 100),
  batch: field(codecs.choice(BATCH_SIZES), "10"),
  l1: field(codecs.choice(PENALTIES), "0"),
  l2: field(codecs.choice(PENALTIES), "0"),
  drop: field(codecs.choice(DROPOUTS), "0"),
  seed: field(codecs.integer(0, 999_999), 1),
  /** Epochs that are done, and batches of the next one: whoever opens the link trains as far. */
  epoch: field(codecs.integer(0, MOST_EPOCHS), 0),
  batches: field(codecs.integer(0, MOST_EXAMPLES), 0),
  edits: field(editsCodec, [] as readonly Edit[]),
} as const;

/** Everything that the link carries. */
export const fields = {
  ...runFields,
  pace: field(codecs.choice(Object.keys(PACES) as Pace[]), "normal"),
  steps: field(codecs.flag, false),
  /** Other runs, each as its own part of a link. */
  kept: field(codecs.list(codecs.text(30_000), MOST_KEPT, "|"), [] as readonly string[]),
} as const;

type ValuesOf<F> = { readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never };
export type RunValues = ValuesOf<typeof runFields>;

type Fields = Readonly<Record<string, Field<unknown>>>;

/** A run as part of a link. */
export function formatRun(values: RunValues): string {
  const kept = new URLSearchParams();
  for (const [name, { codec, initial }] of Object.entries(runFields as Fields)) {
    const text = codec.format(values[name as keyof RunValues]);
    if (text !== codec.format(initial)) kept.set(name, text);
  }
  return `${kept}`;
}

/** The run that such a part is of; what it does not say, or says wrong, is as it is initially. */
export function parseRun(text: string): RunValues {
  const given = new URLSearchParams(text);
  const values = Object.entries(runFields as Fields).map(([name, { codec, initial }]) => {
    const own = given.get(name);
    return [name, (own === null ? undefined : codec.parse(own)) ?? initial];
  });
  return Object.fromEntries(values) as RunValues;
}
