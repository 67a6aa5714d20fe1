import { data, input, layers, type Model, model, optimizers, type Prediction, schedules, sequential } from "neurone";
import { featuresOf } from "./features.js";
import {
  type LayerCall,
  layerCalls,
  type Output,
  optimizerCall,
  outputOf,
  type ScheduleCall,
  splitOptions,
  targetsOf,
} from "./recipe.js";
import type { Experiment } from "./settings.js";

/** The examples of either side, and which of all they are. */
export interface Part {
  readonly x: Float32Array;
  readonly y: ArrayLike<number> & (Float32Array | Int32Array | Uint8Array);
  readonly indices: readonly number[];
}

/** A network and what it learns from. */
export interface Network {
  readonly net: Model;
  /** The same network with all its layers' outputs: inputs scaled, hidden layers, output. */
  readonly view: Model<Prediction[]>;
  readonly output: Output;
  readonly train: Part;
  readonly test: Part;
}

/** Makes what the experiment describes. Throws `DataError` where there are too few examples. */
export function buildNetwork(experiment: Experiment): Network {
  const { settings, task, examples } = experiment;
  const output = outputOf(task, settings.loss);
  const width = settings.features.length;
  const x = { data: featuresOf(examples, settings.features), shape: [examples.length, width] };
  const options = splitOptions(experiment);
  const y = targetsOf(examples, task, output);
  const { train, test } = data.split({ x, y }, options);
  const places = data.split({ x: examples.map((_, i) => i), y }, options);
  const scaling = { inputShape: [width], ...data.standardize(train.x) };
  const calls = layerCalls(settings, output);
  const { learningRate, of, config } = optimizerCall(settings);

  const net = sequential({ seed: settings.seed, layers: [layers.normalization(scaling), ...calls.map(makeLayer)] });
  const rate = typeof learningRate === "number" ? learningRate : makeSchedule(learningRate);
  net.compile({ optimizer: optimizers[of]({ learningRate: rate, ...config }), loss: output.loss });

  const part = (rows: typeof train, { x: { data } }: typeof train): Part => ({
    x: rows.x.data as Float32Array,
    y: rows.y.data,
    indices: Array.from(data),
  });
  return {
    net,
    view: viewOf(scaling, calls),
    output,
    train: part(train, places.train),
    test: part(test, places.test),
  };
}

function viewOf(scaling: Parameters<typeof layers.normalization>[0], calls: readonly LayerCall[]) {
  const inputs = input({ shape: scaling.inputShape as readonly number[] });
  const outputs = [layers.normalization(scaling).apply(inputs)];
  for (const call of calls) {
    if (call.of === "dense") outputs.push(makeLayer(call).apply(outputs.at(-1) as (typeof outputs)[0]));
  }
  return model({ inputs, outputs });
}

function makeLayer(call: LayerCall) {
  return call.of === "dense" ? layers.dense(call.config) : layers.dropout(call.config);
}

function makeSchedule(call: ScheduleCall) {
  if (call.of === "cosine") return schedules.cosine(call.config);
  return call.of === "warmup" ? schedules.warmup(call.config) : schedules[call.of](call.config);
}
