import { DEAD, JOB, PASSED } from "../../assembly/format.js";

/*
 * What a thread of a pool runs. It is text because one bundle has to bring it along everywhere: bundlers, pages and Node
 * each want a file of its own to be named in another way.
 */

/** What a thread is told when it starts. */
export interface ThreadStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the state that the threads share. */
  readonly state: number;
  readonly thread: number;
}

/** What a thread tells: it is ready for jobs, a job is done, or it died of an error. */
export type ThreadMessage = "ready" | "finished" | { readonly error: string };

const serve = `
async function serve({ module, memory, state, thread }, tell) {
  const words = new Int32Array(memory.buffer);
  try {
    const sleep = (address, old) => Atomics.wait(words, address >>> 2, old);
    const finished = () => tell("finished");
    const { exports } = await WebAssembly.instantiate(module, { env: { memory, sleep, finished } });
    tell("ready");
    exports.work(state, thread);
  } catch (error) {
    // The others must not wait for this thread, and whoever spins cannot read messages.
    Atomics.store(words, state + ${DEAD} >>> 2, 1);
    for (const word of [${JOB}, ${PASSED}]) Atomics.notify(words, state + word >>> 2);
    tell({ error: String(error) });
  }
}`;

export const nodeSource = `${serve}
const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
serve(workerData, (message) => parentPort.postMessage(message));`;

export const webSource = `${serve}
onmessage = ({ data }) => serve(data, (message) => postMessage(message));`;
