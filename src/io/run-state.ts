import { ConfigError, FormatError } from "../base/errors.js";
import type { Json } from "../base/json.js";
import { type Shape, sizeOf } from "../base/tensor.js";
import { JsonReader } from "./json-reader.js";
import type { WeightData } from "./model-data.js";
import type { RawTensor } from "./safetensors.js";
import { TRAINING, type TrainingData } from "./training-data.js";

/** What a checkpoint keeps of a callback. */
export interface CallbackState {
  /** Texts, finite numbers, lists and objects of those. */
  readonly data: Json;
  readonly weights?: readonly WeightData[];
}

/** What of a model changes by training, besides its weights. */
export interface TrainingState {
  /** Steps and epochs since `compile`. */
  steps: number;
  epochs: number;
  /** Multiplies the optimizer's learning rate. */
  learningRateScale: number;
}

/** Everything of a run besides the model's weights: put back, the next step is what it would have been. */
export interface RunState {
  readonly state: Readonly<TrainingState>;
  /** The epoch of this run that comes next or is under way, and how many of its steps are done. */
  readonly epoch: number;
  readonly step: number;
  readonly stopped: boolean;
  /** What must be the same for the rest of the epoch to be. */
  readonly rows: number;
  readonly batchSize: number;
  readonly shuffle: boolean;
  /** One entry for each number of the optimizer's state: a tensor for each trained weight. */
  readonly slots: readonly (readonly WeightData[])[];
  /** Of an epoch that has begun: its sums so far, and the trained weights at its beginning where somebody wants to know their way. */
  readonly totals: Float64Array | undefined;
  readonly theta: Float32Array | undefined;
  /** The logs so far by name, a number an epoch. */
  readonly history: ReadonlyMap<string, Float64Array>;
  /** The names of an epoch's logs. */
  readonly logNames: readonly string[];
  /** What `getState` of each callback that has it returned. */
  readonly callbacks: readonly (CallbackState | undefined)[];
}

const NUMBERS = ["steps", "epochs", "learningRateScale", "epoch", "step", "rows", "batchSize"] as const;

/** The state as texts and tensors. */
export function writeRunState(run: RunState): TrainingData {
  const { state, epoch, step, stopped, rows, batchSize, shuffle, totals, theta } = run;
  const tensors: RawTensor[] = [];
  const put = (name: string, data: Float32Array | Float64Array, shape: Shape = [data.length]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    tensors.push({ name: TRAINING + name, dtype: data instanceof Float64Array ? "F64" : "F32", shape, bytes });
  };
  const putAll = (place: string, weights: readonly WeightData[]) => {
    for (const { name, shape, data } of weights) put(`${place}/${name}`, data, shape);
  };
  for (const [name, numbers] of run.history) put(`history/${name}`, numbers);
  if (totals) put("totals", totals);
  if (theta) put("theta", theta);
  run.slots.forEach((weights, i) => {
    putAll(`optimizer/${i}`, weights);
  });
  const callbacks = run.callbacks.map((state, i) => {
    checkCallbackState(state, i);
    putAll(`callback/${i}`, state.weights ?? []);
    return state.data;
  });
  const numbers = { ...state, epoch, step, rows, batchSize };
  return { state: { ...numbers, stopped, shuffle, logNames: run.logNames, callbacks }, tensors };
}

/** The state that a checkpoint holds. Throws `FormatError`, naming `file`, for one that is not whole. */
export function readRunState({ state, tensors }: TrainingData, file: string): RunState {
  const reader = new JsonReader(file);
  const fields = reader.object("training", state, [...NUMBERS, "stopped", "shuffle", "logNames", "callbacks"]);
  const count = (name: string) => reader.number(name, fields[name], Number.MAX_SAFE_INTEGER);
  const scale = fields["learningRateScale"];
  if (typeof scale !== "number" || !(scale >= 0))
    throw reader.error("learningRateScale", "a number of at least 0", scale);
  const groups = groupByPlace(tensors);
  const take = (place: string): Group => {
    const group = groups.get(place) ?? [];
    groups.delete(place);
    return group;
  };
  const weights = (place: string): WeightData[] =>
    take(place).map(([name, tensor]) => ({ name, shape: tensor.shape, data: floats(tensor, file) }));
  const [totals, theta] = [take("totals")[0]?.[1], take("theta")[0]?.[1]];
  const history = new Map(take("history").map(([name, tensor]) => [name, doubles(tensor, file)]));
  const callbacks = reader.list("callbacks", fields["callbacks"]);
  const slots: WeightData[][] = [];
  for (let own = weights("optimizer/0"); own.length > 0; own = weights(`optimizer/${slots.length}`)) slots.push(own);
  const run: RunState = {
    state: { steps: count("steps"), epochs: count("epochs"), learningRateScale: scale },
    epoch: count("epoch"),
    step: count("step"),
    stopped: reader.boolean("stopped", fields["stopped"]),
    rows: count("rows"),
    batchSize: count("batchSize"),
    shuffle: reader.boolean("shuffle", fields["shuffle"]),
    slots,
    totals: totals && doubles(totals, file),
    theta: theta && floats(theta, file),
    history,
    logNames: reader.list("logNames", fields["logNames"]).map((name) => reader.text("logNames", name)),
    callbacks: callbacks.map((data, i) => {
      const own = weights(`callback/${i}`);
      return own.length === 0 ? { data } : { data, weights: own };
    }),
  };
  const [unknown] = groups.keys();
  if (unknown !== undefined) throw new FormatError(`${file}: unknown tensors ${TRAINING}${unknown}`);
  return run;
}

function floats({ name, dtype, bytes }: RawTensor, file: string): Float32Array<ArrayBuffer> {
  if (dtype !== "F32") throw new FormatError(`${file}: ${name}: F32 expected, got ${dtype}`);
  return new Float32Array(new Uint8Array(bytes).buffer);
}

function doubles({ name, dtype, bytes }: RawTensor, file: string): Float64Array<ArrayBuffer> {
  if (dtype !== "F64") throw new FormatError(`${file}: ${name}: F64 expected, got ${dtype}`);
  return new Float64Array(new Uint8Array(bytes).buffer);
}

/** Tensors by the place that their names begin with, each with the rest of its name. */
type Group = [rest: string, tensor: RawTensor][];

function groupByPlace(tensors: readonly RawTensor[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const tensor of tensors) {
    const name = tensor.name.slice(TRAINING.length);
    const [, place = name, rest = ""] = /^(history|(?:optimizer|callback)\/\d+)\/(.*)$/s.exec(name) ?? [];
    const group = groups.get(place);
    if (group) group.push([rest, tensor]);
    else groups.set(place, [[rest, tensor]]);
  }
  return groups;
}

/** How deep a callback's state may be, well within what readers of JSON here take. */
const DEEPEST = 32;

/** Throws `ConfigError` for a state that a file cannot bring back as it is. */
function checkCallbackState(state: unknown, index: number): asserts state is CallbackState {
  const { data, weights = [] } = Object(state) as Partial<CallbackState>;
  if (!isJson(data, DEEPEST)) {
    const kinds = `texts, finite numbers, true, false, null, lists and plain objects of those, at most ${DEEPEST} deep`;
    throw new ConfigError(`callback ${index}: getState must return { data } of ${kinds}`);
  }
  const isWeight = ({ name, shape, data }: WeightData) =>
    typeof name === "string" && data instanceof Float32Array && Array.isArray(shape) && sizeOf(shape) === data.length;
  if (!Array.isArray(weights) || !weights.every((weight) => isWeight(Object(weight)))) {
    throw new ConfigError(`callback ${index}: the weights that getState returns must be as getWeights returns them`);
  }
}

/** JSON would make null of NaN and infinity, objects of maps, and the state another one. */
function isJson(data: unknown, depth: number): data is Json {
  if (typeof data === "number") return Number.isFinite(data);
  if (typeof data !== "object" || data === null)
    return data === null || typeof data === "string" || typeof data === "boolean";
  if (depth === 0) return false;
  if (Array.isArray(data)) return data.every((one) => isJson(one, depth - 1));
  const isPlain = [Object.prototype, null].includes(Object.getPrototypeOf(data)) && !Object.hasOwn(data, "__proto__");
  return isPlain && Object.values(data).every((one) => isJson(one, depth - 1));
}
