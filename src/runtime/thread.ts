import { nodeSource, type ThreadMessage, type ThreadStart, webSource } from "./worker-source.js";

/** A thread of the host. */
export interface Thread {
  /** Whether the process waits for it to end. */
  hold(held: boolean): void;
  end(): void;
}

/** Starts a thread; `died` is called when it ends otherwise than by `end`. */
export type StartThread = (
  start: ThreadStart,
  told: (message: ThreadMessage) => void,
  died: (why: unknown) => void,
) => Thread;

type NodeThreads = typeof import("node:worker_threads");

/** How this host starts threads that share memory; undefined where it has none. */
export function threadsOfHost(): StartThread | undefined {
  // Asked of the process, because bundlers for browsers stumble over an import of Node's module.
  const node: NodeThreads | undefined = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  if (node?.Worker) return (start, told, died) => startInNode(node, start, told, died);
  if (globalThis.crossOriginIsolated && typeof Worker === "function") return startInBrowser;
  return undefined;
}

/** How many threads the host runs at once. */
export function coresOfHost(): number {
  const os = globalThis.process?.getBuiltinModule?.("node:os");
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}

const startInNode = (node: NodeThreads, ...[start, told, died]: Parameters<StartThread>): Thread => {
  const worker = new node.Worker(nodeSource, { eval: true, workerData: start, execArgv: [], name: "neurone" });
  let ending = false;
  worker.on("message", told);
  worker.on("error", died);
  worker.on("exit", (code) => {
    if (!ending) died(new Error(`a thread ended with exit code ${code}`));
  });
  worker.unref();
  return {
    hold(held) {
      if (held) worker.ref();
      else worker.unref();
    },
    end() {
      ending = true;
      void worker.terminate();
    },
  };
};

const startInBrowser: StartThread = (start, told, died) => {
  const url = URL.createObjectURL(new Blob([webSource], { type: "text/javascript" }));
  const worker = new Worker(url, { name: "neurone" });
  worker.onmessage = ({ data }: MessageEvent<ThreadMessage>) => {
    URL.revokeObjectURL(url);
    told(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    died(new Error(event.message || "a thread did not start"));
  };
  worker.postMessage(start);
  return {
    // A page lives as long as its tab.
    hold() {},
    end() {
      worker.terminate();
    },
  };
};
