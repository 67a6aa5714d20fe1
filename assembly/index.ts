import { dispatch } from "../build/dispatch";
import { barrier, waitWhile } from "./barrier";
import { BARRIER, DONE, HALT, HALTED, JOB, LENGTH, PLAN, SOLO, STEPS, TALL, WORKING } from "./format";
import { setTall } from "./tall";

/** Called by the last thread of a job that is done with it. */
// @ts-ignore: decorator
@external("env", "finished")
declare function finished(): void;

/**
 * Runs up to `steps` steps of the plan at address `plan` as thread `thread` of `threads`, which share the state at address
 * `state`; a single thread has none. `tall` chooses the tiles of products. The formats are in docs/architecture.md. Returns the
 * number of steps that were done, -1 when another thread died.
 */
export function run(plan: usize, steps: i32, thread: i32, threads: i32, state: usize, tall: bool): i32 {
  setTall(tall);
  for (let step = 0; step < steps; step++) {
    let p = plan;
    for (let kernel = load<i32>(p); kernel >= 0; kernel = load<i32>(p)) {
      const word = load<i32>(p, 4);
      if (threads > 1 && (word & BARRIER)) {
        if (p != plan) {
          if (barrier(state, threads)) return -1;
        } else if (step > 0) {
          // Thread 0 may come to the next step while others still read what it says of this one.
          const halted = state + HALTED + ((step & 1) << 2);
          if (thread == 0) store<i32>(halted, atomic.load<i32>(state + HALT));
          if (barrier(state, threads)) return -1;
          if (load<i32>(halted)) return step;
        }
      }
      if (!(word & SOLO)) dispatch(kernel, p + 8, step, thread, threads);
      else if (thread == 0) dispatch(kernel, p + 8, step, 0, 1);
      p += <usize>(word & LENGTH) << 2;
    }
  }
  return steps;
}

/** Does the jobs that the state at address `state` tells of, as thread `thread`, until a thread dies. */
export function work(state: usize, thread: i32): void {
  for (let job = 0; !waitWhile(state, state + JOB, job); ) {
    job = atomic.load<i32>(state + JOB);
    const threads = job & 255;
    if (thread >= threads) continue;
    const steps = load<i32>(state + STEPS);
    const done = run(load<u32>(state + PLAN), steps, thread, threads, state, (job & TALL) != 0);
    if (done < 0) return;
    if (thread == 0) store<i32>(state + DONE, done);
    if (atomic.sub<i32>(state + WORKING, 1) == 1) finished();
  }
}

/** First address that no static data of the core occupies. */
export function heapBase(): usize {
  return __heap_base;
}
