import { ARRIVED, DEAD, PASSED, SLEEPERS } from "./format";

/**
 * Sleeps until it is woken while the i32 at `word` is `old`. The host's Atomics.wait: with the instruction memory.atomic.wait32 in
 * such a loop, threads of Node 20.20 now and then never came back.
 */
// @ts-ignore: decorator
@external("env", "sleep")
declare function sleep(word: usize, old: i32): void;

/**
 * How often a waiting thread looks before it sleeps: some 10 microseconds, about what falling asleep and being woken
 * costs. A thread that spins for longer takes the processor from the one it waits for where there are too few.
 */
const SPINS = 30000;

/** Waits until the i32 at `word` is no longer `old`. True when a thread died meanwhile. */
export function waitWhile(state: usize, word: usize, old: i32): bool {
  for (let i = 0; i < SPINS; i++) if (atomic.load<i32>(word) != old) return false;
  atomic.add<i32>(state + SLEEPERS, 1);
  while (atomic.load<i32>(word) == old && !atomic.load<i32>(state + DEAD)) sleep(word, old);
  atomic.sub<i32>(state + SLEEPERS, 1);
  return atomic.load<i32>(word) == old;
}

/** Wakes whoever sleeps until the i32 at `word` changes, which it did. */
// @ts-ignore: decorator
@inline export function wake(state: usize, word: usize): void {
  if (atomic.load<i32>(state + SLEEPERS)) atomic.notify(word);
}

/** Waits until all `threads` are here. True when one of them died. */
export function barrier(state: usize, threads: i32): bool {
  const passed = atomic.load<i32>(state + PASSED);
  if (atomic.add<i32>(state + ARRIVED, 1) < threads - 1) return waitWhile(state, state + PASSED, passed);
  atomic.store<i32>(state + ARRIVED, 0);
  atomic.add<i32>(state + PASSED, 1);
  wake(state, state + PASSED);
  return false;
}
