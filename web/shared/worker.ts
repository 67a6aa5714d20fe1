import { type Remote, wrap } from "comlink";
import { fail } from "./failure.js";

/** A worker of the page's chapter, and what it offers. */
export interface OpenedWorker<T> {
  readonly api: Remote<T>;
  close(): void;
}

/**
 * Starts a worker of this chapter (its worker.ts): all computing is done there, so that the page only draws. Each call
 * starts one more.
 */
export function openWorker<T>(): OpenedWorker<T> {
  const address = document.body.dataset["worker"];
  if (address === undefined) throw new Error("this chapter has no worker");
  const worker = new Worker(new URL(address, document.baseURI), { type: "module" });
  // One that cannot be loaded says nothing of why.
  worker.addEventListener("error", ({ message }) => fail(message ?? address));
  return { api: wrap<T>(worker), close: () => worker.terminate() };
}

/**
 * `work` for the newest of its arguments only: calls that come while one is under way wait, and of those that wait the last
 * one counts. For what follows a finger. Resolves when none is under way or waits.
 */
export function latest<A>(work: (argument: A) => Promise<void>): (argument: A) => Promise<void> {
  let busy: Promise<void> | undefined;
  let waiting: { readonly argument: A } | undefined;
  const run = async () => {
    try {
      while (waiting) {
        const next: A = waiting.argument;
        waiting = undefined;
        await work(next);
      }
    } finally {
      busy = undefined;
    }
  };
  return (argument) => {
    waiting = { argument };
    busy ??= Promise.resolve().then(run);
    return busy;
  };
}
