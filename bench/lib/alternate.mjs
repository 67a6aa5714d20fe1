import { Bench } from "tinybench";
import { median } from "../peers/lib/median.mjs";

/** Milliseconds that one sample of either side takes at least: long against the clock and the call. */
const SAMPLE = 0.3;

/**
 * Times each contest's `kernel` and `limit`, functions that do their work so many times, in turns: limit, kernel, limit,
 * kernel. A clock that drifts drifts for both. Returns, for each contest, the medians of the milliseconds that one time
 * takes and of limit / kernel within a turn.
 */
export async function alternate(contests, { time }) {
  const bench = new Bench({ time, iterations: 20, warmupTime: time, warmupIterations: 20, throws: true });
  const turns = contests.map(({ name, kernel, limit }) => {
    const samples = [];
    const times = { limit: timesFor(limit), kernel: timesFor(kernel) };
    const turn = () => {
      const limitTook = clock(limit, times.limit);
      const kernelTook = clock(kernel, times.kernel);
      samples.push({ limit: limitTook, kernel: kernelTook });
      return { overriddenDuration: kernelTook * times.kernel };
    };
    const reset = () => {
      samples.length = 0;
      // What the optimizing compiler has done since says anew how much fits into a sample.
      times.limit = timesFor(limit);
      times.kernel = timesFor(kernel);
    };
    bench.add(name, turn, { beforeAll: reset, async: false });
    return samples;
  });
  await bench.run();
  return turns.map((samples) => ({
    samples: samples.length,
    limit: median(samples.map(({ limit }) => limit)),
    kernel: median(samples.map(({ kernel }) => kernel)),
    ratio: median(samples.map(({ limit, kernel }) => limit / kernel)),
  }));
}

/** Milliseconds that one of `times` times of `run` takes. */
function clock(run, times) {
  const start = performance.now();
  run(times);
  return (performance.now() - start) / times;
}

/** How many times of `run` fill a sample. */
function timesFor(run) {
  let times = 1;
  while (clock(run, times) * times < SAMPLE) times *= 2;
  return times;
}
