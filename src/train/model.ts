import { checkInteger, checkNumber } from "../base/check.js";
import { dispose } from "../base/dispose.js";
import { ConfigError, OutOfMemoryError } from "../base/errors.js";
import type { Shape } from "../base/tensor.js";
import type { NamedBytes, TrainingState } from "../io/index.js";
import type { ModelData, ModelMetadata } from "../io/model-data.js";
import type { SymbolicTensor } from "../layers/layer.js";
import { currentEngine } from "../runtime/current.js";
import type { Engine } from "../runtime/engine.js";
import { type CompileConfig, type Compiled, compile } from "./compile.js";
import { describeModel, describeTraining, type ModelParts } from "./describe.js";
import type { Training } from "./epoch.js";
import { evaluate } from "./evaluate.js";
import { type Examples, splitOff, type Tensors, toExamples, toInputs, type Weighting } from "./examples.js";
import { fit } from "./fit.js";
import type { History } from "./logbook.js";
import type { Loss } from "./losses.js";
import { ModelMemory } from "./memory.js";
import { checkMetadata } from "./metadata.js";
import { Network } from "./network.js";
import {
  checkEvaluateOptions,
  checkFitOptions,
  checkPredictOptions,
  checkSaveOptions,
  type EvaluateOptions,
  type FitOptions,
  type PredictOptions,
  type SaveOptions,
} from "./options.js";
import { Pace, turn } from "./pace.js";
import { Predictor } from "./predict.js";
import { openResumption } from "./resumption.js";
import { Session } from "./session.js";
import { summary } from "./summary.js";
import type { Logs } from "./totals.js";
import { checkTraceOptions, type Trace, type TraceOptions, trace } from "./trace.js";
import { mapWeights, type SetWeightsOptions } from "./weight-mapping.js";
import { type Weight, Weights, type WeightsLike } from "./weights.js";

/** One output of a prediction: `shape` is [examples, ...]. */
export interface Prediction {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The default batch size where nothing is learnt. */
const EVALUATED_AT_ONCE = 256;

/** The memory in engines that models hold, freed when one is collected without `dispose`. */
const abandoned = new FinalizationRegistry<Held>((held) => held.free());

/** What a model holds outside the JavaScript heap. It knows nothing of the model, which could otherwise not be collected. */
class Held {
  memory: ModelMemory | undefined;
  predictor: Predictor | undefined;

  free(): void {
    this.predictor?.free();
    this.memory?.free();
    this.predictor = undefined;
    this.memory = undefined;
  }
}

/** A network with its weights: trained, evaluated and asked for predictions. */
export class Model<P = Prediction> {
  readonly seed: number;
  #metadata: ModelMetadata = {};
  readonly #network: Network;
  readonly #weights: Weights;
  readonly #held = new Held();
  readonly #list: boolean;
  #compiled: Compiled | undefined;
  #state: TrainingState = { steps: 0, epochs: 0, learningRateScale: 1 };
  #fitting = false;
  #running = 0;
  #disposed = false;
  #opening: Promise<ModelMemory> | undefined;
  #weightOnHeap: ArrayBuffer | undefined;

  /** Made by `sequential`, `model` and `load`. `list`: predictions are lists, one entry an output. `weights`: instead of new ones. */
  constructor(
    inputs: readonly SymbolicTensor[],
    outputs: readonly SymbolicTensor[],
    seed: number,
    list: boolean,
    weights?: readonly Weight[],
  ) {
    this.seed = checkInteger("seed", seed);
    this.#list = list;
    this.#network = new Network(inputs, outputs, seed);
    this.#weights = new Weights(this.#network.parameters, seed, weights);
    this.#network.own();
    abandoned.register(this, this.#held, this);
  }

  /**
   * Chooses optimizer, loss and metrics, and forgets what an earlier choice had gathered: momentum, step count. Weights stay.
   * Throws `ConfigError` or `ShapeError` for settings that cannot be used or do not suit the outputs.
   */
  compile(config: CompileConfig): this {
    this.#checkAlive();
    if (this.#fitting) throw new ConfigError("compile: the model is being trained");
    this.#compiled = compile(this.#network, config);
    this.#state = { steps: 0, epochs: 0, learningRateScale: 1 };
    this.#held.memory?.resetSlots();
    return this;
  }

  /**
   * Trains on `x` and `y`, going on where the last `fit` ended. The host gets its turn some hundred times a second.
   *
   * Throws `ShapeError`, `DataError` or `ConfigError` for arguments that cannot be used and `OutOfMemoryError` for data
   * that does not fit, all before anything changes.
   */
  async fit(x: Tensors, y: Tensors, options: FitOptions = {}): Promise<History> {
    const compiled = this.#checkCompiled("fit");
    if (this.#fitting) throw new ConfigError("fit: the model is being trained already");
    checkFitOptions(options);
    const { validationData, validationSplit = 0 } = options;
    const pace = new Pace(options.signal);
    this.#fitting = true;
    try {
      const resumption = await openResumption(options.resume);
      let examples = await this.#examples(["x", "y"], [x, y], compiled, pace, options);
      let validation: Examples | undefined;
      if (validationData) {
        const [vx, vy, sampleWeight] = validationData;
        const names = ["validationData[0]", "validationData[1]"] as const;
        const weighting = { sampleWeight, name: "validationData[2]" };
        validation = await this.#examples(names, [vx, vy], compiled, pace, weighting);
      }
      if (validationSplit > 0) [examples, validation] = splitOff(examples, validationSplit, options.sampleWeight);
      return await this.#run((memory) => {
        const [network, weights, seed, state] = [this.#network, this.#weights, this.seed, this.#state];
        const model = this.#asSeenByCallbacks(state);
        const describe = () => describeTraining(this.#parts());
        const training = {
          network,
          weights,
          compiled,
          memory,
          examples,
          validation,
          seed,
          state,
          pace,
          model,
          describe,
        };
        return fit(training, options, resumption);
      });
    } finally {
      this.#fitting = false;
    }
  }

  /** `{ loss, ... }` with the metrics of `compile` on `x` and `y`. Throws as `fit` does. */
  async evaluate(x: Tensors, y: Tensors, options: EvaluateOptions = {}): Promise<Logs> {
    const compiled = this.#checkCompiled("evaluate");
    checkEvaluateOptions(options);
    const { batchSize = EVALUATED_AT_ONCE } = options;
    const pace = new Pace(options.signal);
    const examples = await this.#examples(["x", "y"], [x, y], compiled, pace, { sampleWeight: options.sampleWeight });
    return this.#run(async (memory) => {
      const config = { network: this.#network, weights: this.#weights, compiled, examples };
      const session = await Session.open(memory, config, batchSize, memory.regions, pace);
      try {
        return await evaluate(session, compiled, this.#weights, pace);
      } finally {
        session.free();
      }
    });
  }

  /** The outputs for each example of `x`. Throws as `fit` does. */
  async predict(x: Tensors, options: PredictOptions = {}): Promise<P> {
    this.#checkAlive();
    checkPredictOptions(options);
    const { batchSize = EVALUATED_AT_ONCE } = options;
    const pace = new Pace(options.signal);
    const inputs = await toInputs("x", this.#network.inputs, x, pace);
    return this.#run(async (memory) => {
      this.#held.predictor ??= new Predictor(memory, this.#network, this.#weights);
      const outputs: Prediction[] = await this.#held.predictor.run(inputs, batchSize, pace);
      return (this.#list ? outputs : outputs[0]) as P;
    });
  }

  /**
   * Every number of one training step on `x` and `y` as one batch, in their order, and nothing is changed: the loss, of each layer what
   * its activation is applied to and its output with the gradients of both, the gradients of the weights. For a look into a network,
   * and for finding out why it does not learn.
   *
   * The numbers are those of the step that `fit` would do next, to the bit: dropout drops what that step would drop (a rate of 0
   * drops nothing), and `gradients` is what its optimizer starts from. Where the loss takes the logits of a softmax or sigmoid output,
   * `dz` comes from there, as in `fit`, and `doutput` from the loss's formula on outputs, which limits them to [1e-7, 1 - 1e-7]:
   * beyond, one is not the other by the chain rule. While the model is being trained, the weights are those between two steps.
   * Throws as `fit` does.
   */
  async trace(x: Tensors, y: Tensors, options: TraceOptions = {}): Promise<Trace> {
    const compiled = this.#checkCompiled("trace");
    checkTraceOptions(options);
    const pace = new Pace(options.signal);
    const examples = await this.#examples(["x", "y"], [x, y], compiled, pace, options);
    return this.#run((memory) => {
      const [network, weights, seed, state] = [this.#network, this.#weights, this.seed, this.#state];
      return trace({ network, weights, compiled, memory, examples, seed, state, pace });
    });
  }

  /** Copies of all weights, in the order of the layers: `[{ name: "dense/kernel", shape: [784, 128], data }, ...]`. */
  getWeights(): Weight[] {
    this.#checkAlive();
    return this.#weights.read();
  }

  /**
   * Sets weights: a list in the order of `getWeights`, or some by name, `{ "dense/kernel": [[1, 0], [0, 1]] }`. With `mapping` those that
   * it names are taken from others' names: `{ "dense/kernel": "fc1.weight" }`. With `transpose` matrices are turned around: kernels here
   * are [in, out], those of PyTorch's `nn.Linear` [out, in]. Throws `ShapeError`, `DataError` or `ConfigError` before any is changed.
   */
  setWeights(weights: WeightsLike, options: SetWeightsOptions = {}): void {
    this.#checkAlive();
    this.#weights.write(mapWeights(weights, options));
  }

  /** FNV-1a, 64 bits, of all weights: equal exactly when training went the same way to the last bit. */
  weightsHash(): string {
    this.#checkAlive();
    return this.#weights.hash();
  }

  /** The shape of each input for one example. */
  get inputShapes(): readonly Shape[] {
    return this.#network.inputs.map(({ shape }) => shape);
  }

  /** The shape of each output for one example. */
  get outputShapes(): readonly Shape[] {
    return this.#network.outputs.map(({ shape }) => shape);
  }

  /** The loss of each output; none before `compile`, here or where the model was saved. */
  get losses(): readonly Loss[] {
    return this.#compiled?.heads.map(({ loss }) => loss) ?? [];
  }

  /** The names of classes and features: for people, and saved with the model. Throws `ConfigError` for anything but lists of texts. */
  get metadata(): ModelMetadata {
    return this.#metadata;
  }

  set metadata(metadata: ModelMetadata) {
    this.#metadata = checkMetadata(metadata);
  }

  /**
   * Saves the model: architecture, weights, compile settings, `metadata`. `target` is a path in Node or `indexeddb://name` in a browser;
   * the format follows its extension, `.safetensors` (neurone's own, the default), `.onnx` or `.json` (TensorFlow.js, with
   * its shards beside it). A file is written whole or, whatever fails, stays as it was.
   *
   * Without a target it resolves to the bytes, those of each file by its name for TensorFlow.js. Throws `ConfigError` for a target, a
   * format or a model that cannot be, `StorageError` where it could not be written.
   */
  save(target: string | URL, options?: SaveOptions): Promise<void>;
  save(options?: SaveOptions & { readonly format?: "safetensors" | "onnx" }): Promise<Uint8Array<ArrayBuffer>>;
  save(options: SaveOptions & { readonly format: "tfjs" }): Promise<NamedBytes>;
  async save(target?: string | URL | SaveOptions, options?: SaveOptions): Promise<unknown> {
    const isTarget = typeof target === "string" || target instanceof URL;
    const given = isTarget || target === undefined ? options : target;
    const settings = checkSaveOptions(given === undefined ? {} : given);
    const data = this.toData(settings.compile);
    const { modelBytes, writeModel } = await import("../io/index.js");
    return isTarget ? writeModel(data, target, settings) : modelBytes(data, settings);
  }

  /** @internal The model as data. */
  toData(withCompile?: boolean): ModelData {
    this.#checkAlive();
    return describeModel(this.#parts(), withCompile);
  }

  #parts(): ModelParts {
    const [network, weights, compiled] = [this.#network, this.#weights, this.#compiled];
    return { network, weights, compiled, metadata: this.#metadata, seed: this.seed, list: this.#list };
  }

  /** A table of the layers with their output shapes and numbers of parameters. */
  summary(): string {
    return summary(this.#network);
  }

  /**
   * Gives the model's memory back; using it afterwards throws `ConfigError`. A run under way stops first. Optional: a
   * model that is dropped is freed by the garbage collector.
   */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    abandoned.unregister(this);
    if (this.#running === 0) this.#held.free();
  }

  [dispose](): void {
    this.dispose();
  }

  /** Runs `work` on the model's memory, which stays until it is done. */
  async #run<T>(work: (memory: ModelMemory) => Promise<T>): Promise<T> {
    this.#running++;
    try {
      this.#opening ??= this.#openMemory();
      const memory = await this.#opening;
      this.#checkAlive();
      return await work(memory);
    } finally {
      this.#running--;
      if (this.#disposed && this.#running === 0) this.#held.free();
    }
  }

  /**
   * Room in the current engine. The collector counts what it knows of: untouched pages of the weights' size stand for
   * them, so that dropped models are collected before they fill the engine. It tells of them in a turn of the host, which
   * a program that makes one model after the other would never give it. Where they filled the engine all the same there
   * is a second try.
   */
  async #openMemory(): Promise<ModelMemory> {
    try {
      this.#weightOnHeap ??= new ArrayBuffer(this.#weights.bytes);
      const engine = await currentEngine();
      await turn();
      return await this.#allocate(engine);
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }

  async #allocate(engine: Engine): Promise<ModelMemory> {
    try {
      this.#held.memory = new ModelMemory(engine, this.#weights);
    } catch (error) {
      if (!(error instanceof OutOfMemoryError)) throw error;
      await turn();
      this.#held.memory = new ModelMemory(engine, this.#weights);
    }
    return this.#held.memory;
  }

  #examples(
    names: readonly [string, string],
    data: readonly [Tensors, Tensors],
    { heads }: Compiled,
    pace: Pace,
    weighting: Weighting,
  ): Promise<Examples> {
    return toExamples(names, this.#network.inputs, heads, data, pace, weighting);
  }

  #asSeenByCallbacks(state: TrainingState): Training["model"] {
    const isDisposed = () => this.#disposed;
    let told = false;
    return {
      getWeights: () => this.getWeights(),
      setWeights: (weights) => this.setWeights(weights),
      stop() {
        told = true;
      },
      get stopped() {
        return told || isDisposed();
      },
      get told() {
        return told;
      },
      get disposed() {
        return isDisposed();
      },
      get learningRateScale() {
        return state.learningRateScale;
      },
      set learningRateScale(scale) {
        state.learningRateScale = checkNumber("learningRateScale", scale, 0);
      },
    };
  }

  #checkCompiled(caller: string): Compiled {
    this.#checkAlive();
    if (!this.#compiled) throw new ConfigError(`${caller}: call compile({ loss: … }) first`);
    return this.#compiled;
  }

  #checkAlive(): void {
    if (this.#disposed) throw new ConfigError("the model was disposed of");
  }
}
