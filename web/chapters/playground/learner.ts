import type { Network } from "./network.js";
import { OpenEpoch } from "./open-epoch.js";
import { isBefore, type Position, START } from "./position.js";
import type { Change, Edit } from "./settings.js";

/** Milliseconds that training works on before others have their turn. */
const SLICE = 25;

/** A network that learns, epoch by epoch or batch by batch: always the same weights come out. Sets what is set by hand when it is due. */
export class Learner {
  readonly #network: Network;
  readonly #batchSize: number;
  /** Batches of an epoch. */
  readonly steps: number;
  #at = START;
  #edits: readonly Edit[];
  /** The epoch that is not over. */
  #open: OpenEpoch | undefined;
  /** Epochs that a slice has room for. */
  #slice = 1;

  /** `edits`: in order. Links are strangers' input: those after more batches than there are never come. */
  constructor(network: Network, batchSize: number, edits: readonly Edit[]) {
    this.#network = network;
    this.#batchSize = batchSize;
    this.steps = Math.ceil(network.train.indices.length / batchSize);
    this.#edits = edits.filter(({ batches }) => batches <= this.steps);
    this.#setDue();
  }

  /** Where it stands. */
  get at(): Position {
    return this.#at;
  }

  /** Trains a slice: no farther than `until`, which is ahead, or to where weights are to be set, and at most so many epochs. */
  async advance(until: Position, epochs: number): Promise<void> {
    const [next] = this.#edits;
    const stop = next && isBefore(next, until) ? next : until;
    const ahead = stop.epoch - this.#at.epoch;
    if (this.#at.batches === 0 && ahead > 0) await this.#doEpochs(Math.min(epochs, this.#slice, ahead));
    else await this.#doBatches(ahead > 0 ? this.steps : stop.batches);
    this.#setDue();
  }

  /** Sets a weight now, instead of those that were to be set later. */
  edit(change: Change): void {
    this.#edits = [];
    this.#set(change);
  }

  dispose(): void {
    this.#network.net.dispose();
    this.#network.view.dispose();
    // A `fit` that rests holds the memory, and ends without another batch.
    this.#open?.to();
  }

  async #doEpochs(epochs: number): Promise<void> {
    const { net, train } = this.#network;
    const start = performance.now();
    await net.fit(train.x, train.y, { batchSize: this.#batchSize, epochs });
    const took = Math.max(performance.now() - start, 0.1);
    this.#slice = Math.max(1, Math.min(2 * this.#slice, Math.floor((epochs * SLICE) / took)));
    this.#at = { epoch: this.#at.epoch + epochs, batches: 0 };
  }

  /** On within an epoch, until so many of its batches are done. */
  async #doBatches(batches: number): Promise<void> {
    const { net, train } = this.#network;
    this.#open ??= new OpenEpoch((callback) =>
      net.fit(train.x, train.y, { batchSize: this.#batchSize, callbacks: [callback] }),
    );
    const isOver = await this.#open.to(batches < this.steps ? batches : undefined);
    if (isOver) this.#open = undefined;
    this.#at = isOver ? { epoch: this.#at.epoch + 1, batches: 0 } : { epoch: this.#at.epoch, batches };
  }

  #setDue(): void {
    for (let [next] = this.#edits; next && !isBefore(this.#at, next); [next] = this.#edits) {
      this.#set(next);
      this.#edits = this.#edits.slice(1);
    }
  }

  #set({ weight, index, value }: Change): void {
    const { net } = this.#network;
    const weights = net.getWeights();
    const data = weights.find(({ name }) => name === weight)?.data;
    // Links are strangers' input: they may name weights that this network does not have.
    if (!data || index >= data.length || weight.startsWith("normalization")) return;
    data[index] = value;
    // After a loss that was no number other weights are none either, and cannot be set.
    if (weights.every(({ data }) => data.every(Number.isFinite))) net.setWeights(weights);
  }
}
