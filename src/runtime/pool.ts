import { DEAD, DONE, HALT, JOB, JOBS, PASSED, PLAN, STEPS, TALL, WORKING } from "../../assembly/format.js";
import type { Way } from "./crew.js";
import type { StartThread, Thread } from "./thread.js";
import type { ThreadMessage } from "./worker-source.js";

/** Milliseconds that `settle` waits for a step to end before it takes the threads for dead. */
const PATIENCE = 60_000;

/**
 * Threads that run plans together, each its share of every call. They do not keep the process alive unless a job is under
 * way. When one dies the others stop, and the pool with them.
 */
export class Pool {
  readonly size: number;
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #threads: Thread[] = [];
  #ready = 0;
  #jobs = 0;
  #opened: (() => void) | undefined;
  #job: { resolve(steps: number): void; reject(error: unknown): void } | undefined;
  #death: { readonly cause: unknown } | undefined;
  /** Settles when all threads are ready, or one of them died first. */
  readonly opening: Promise<void>;

  /** `words` is the state that the threads share, all zeros. */
  constructor(
    size: number,
    start: StartThread,
    shared: { module: WebAssembly.Module; memory: WebAssembly.Memory; state: number },
    words: Int32Array<SharedArrayBuffer>,
  ) {
    this.size = size;
    this.#words = words;
    this.opening = new Promise((resolve) => {
      this.#opened = resolve;
    });
    try {
      for (let thread = 0; thread < size; thread++) {
        const told = (message: ThreadMessage) => this.#told(message);
        this.#threads.push(start({ ...shared, thread }, told, (why) => this.close(why)));
      }
    } catch (error) {
      this.close(error);
    }
  }

  /** Whether all threads wait for jobs. */
  get isReady(): boolean {
    return this.#ready === this.size && !this.#death;
  }

  /** Why it was closed, or which death closed it. */
  get death(): { readonly cause: unknown } | undefined {
    return this.#death;
  }

  /** Whether the process waits for the threads to be ready. */
  hold(held: boolean): void {
    this.#threads[0]?.hold(held);
  }

  /**
   * Runs up to `steps` steps of the plan at address `plan` in the given way. Resolves to how many were done,
   * fewer when `settle` was called meanwhile. Rejects with the cause when a thread dies.
   */
  run(plan: number, steps: number, { threads, tall }: Way): Promise<number> {
    const words = this.#words;
    words[PLAN / 4] = plan;
    words[STEPS / 4] = steps;
    Atomics.store(words, HALT / 4, 0);
    Atomics.store(words, WORKING / 4, threads);
    this.hold(true);
    Atomics.store(words, JOB / 4, (++this.#jobs * JOBS) | (tall ? TALL : 0) | threads);
    Atomics.notify(words, JOB / 4);
    return new Promise((resolve, reject) => {
      this.#job = { resolve, reject };
    });
  }

  /**
   * Returns when no thread touches the memory: a job under way ends after its step. The wait is short and spins, since a
   * page's main thread may not sleep. Throws when a thread died in that step, or the step takes longer than a minute.
   */
  settle(): void {
    const words = this.#words;
    if (!this.#job || Atomics.load(words, WORKING / 4) === 0) return;
    Atomics.store(words, HALT / 4, 1);
    const start = performance.now();
    while (Atomics.load(words, WORKING / 4) > 0) {
      if (Atomics.load(words, DEAD / 4)) throw new Error("a thread died in the middle of a step");
      if (performance.now() - start > PATIENCE) throw new Error("a step did not end");
    }
  }

  /** Ends all threads, and a job under way with `cause`. */
  close(cause: unknown): void {
    if (this.#death) return;
    this.#death = { cause };
    Atomics.store(this.#words, DEAD / 4, 1);
    for (const word of [JOB, PASSED]) Atomics.notify(this.#words, word / 4);
    for (const thread of this.#threads.splice(0)) thread.end();
    this.#opened?.();
    const job = this.#job;
    this.#job = undefined;
    job?.reject(cause);
  }

  #told(message: ThreadMessage): void {
    if (message === "ready") {
      this.#ready++;
      if (this.#ready === this.size) this.#opened?.();
    } else if (message === "finished") {
      const job = this.#job;
      this.#job = undefined;
      this.hold(false);
      job?.resolve(this.#words[DONE / 4] as number);
    } else {
      this.close(new Error(message.error));
    }
  }
}
