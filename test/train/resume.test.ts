import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Callback,
  ConfigError,
  callbacks,
  type FitOptions,
  FormatError,
  init,
  load,
  type Optimizer,
  optimizers,
  schedules,
} from "../../src/index.js";
import { temporaryFolder } from "../temporary-folder.js";
import { BATCH, build, EPOCHS, ROWS, train, trainUnplugged, Unplugged, unplugAfter, x, y } from "./toy.js";

beforeAll(() => init({ numerics: "reproducible" }));

const namesIn = (path: string) => readdirSync(path).sort();

/** Every byte that a training left behind: weights, optimizer, counters, callbacks, history. */
const lastBytes = (path: string) => readFileSync(join(path, namesIn(path).at(-1) as string));

interface Setting {
  readonly optimizer: () => string | Optimizer;
  readonly callbacks?: () => Callback[];
  readonly options?: FitOptions;
}

const settings: Record<string, Setting> = {
  sgd: { optimizer: () => "sgd" },
  "momentum, clipping and a schedule": {
    optimizer: () =>
      optimizers.sgd({
        learningRate: schedules.warmup({ steps: 5, schedule: schedules.cosine({ initialRate: 0.3, epochs: 3 }) }),
        momentum: 0.9,
        nesterov: true,
        clipNorm: 1,
      }),
  },
  adam: { optimizer: () => "adam" },
  "adamw in the data's order": { optimizer: () => "adamw", options: { shuffle: false } },
  "rmsprop with validation and callbacks that know something": {
    optimizer: () => "rmsprop",
    callbacks: () => [
      callbacks.reduceLROnPlateau({ monitor: "loss", patience: 0, minDelta: 0.5 }),
      callbacks.earlyStopping({ patience: 2, minDelta: 0.02 }),
      callbacks.convergence({ gradientTolerance: 1e-9, thetaTolerance: 1e-9 }),
    ],
    options: { validationSplit: 0.25 },
  },
};

describe.each(Object.entries(settings))("%s", (_, { optimizer, callbacks: others = () => [], options = {} }) => {
  test("interrupted after each step, it comes to the same bytes and the same history", async () => {
    const whole = temporaryFolder();
    const net = build(optimizer());
    const history = await train(net, whole, others(), options);
    const steps = EPOCHS * Math.ceil((ROWS * (1 - (options.validationSplit ?? 0))) / BATCH);
    let interrupted = 0;
    for (let step = 1; step < steps; step++) {
      const path = temporaryFolder();
      if (!(await trainUnplugged(build(optimizer()), path, step, others(), options))) break;
      interrupted++;
      const resumed = build(optimizer());
      expect(await train(resumed, path, others(), { ...options, resume: path })).toEqual(history);
      expect(resumed.weightsHash()).toBe(net.weightsHash());
      expect(lastBytes(path).equals(lastBytes(whole))).toBe(true);
    }
    expect(interrupted).toBeGreaterThan(EPOCHS * 2);
  });
});

test("a callback is told the history of the runs before", async () => {
  const path = temporaryFolder();
  const told: unknown[] = [];
  const listener: Callback = { onTrainBegin: (_model, _logNames, earlier) => void told.push(earlier) };
  const history = await train(build(), path, [listener], { epochs: 2 });
  const whole = await train(build(), path, [listener], { epochs: 3, resume: path });
  expect(told).toEqual([undefined, history]);
  expect(whole.history.loss.slice(0, 2)).toEqual(history.history.loss);
});

test("interrupted again and again, it comes to the same bytes", async () => {
  const [whole, path] = [temporaryFolder(), temporaryFolder()];
  await train(build(), whole);
  let times = 0;
  while (times < 99 && (await trainUnplugged(build(), path, 2, [], { resume: path }))) times++;
  // Of two steps each time the second was not kept; the last step ends the training.
  expect(times).toBe(EPOCHS * Math.ceil(ROWS / BATCH) - 1);
  expect(lastBytes(path).equals(lastBytes(whole))).toBe(true);
});

test("a model that is disposed of while it trains goes on with the rest of the epoch", async () => {
  const [path, whole] = [temporaryFolder(), temporaryFolder()];
  const net = build();
  let batches = 0;
  await train(net, path, [
    {
      onBatchEnd() {
        if (++batches === 8) net.dispose();
      },
    },
  ]);
  const history = await train(build(), whole);
  expect(await train(build(), path, [], { resume: path })).toEqual(history);
  expect(lastBytes(path).equals(lastBytes(whole))).toBe(true);
});

test("from an older checkpoint on, what is kept stays, whatever newer ones there are", async () => {
  const path = temporaryFolder();
  await train(build(), path);
  const [, older] = namesIn(path) as [string, string, string];
  const keepOne = callbacks.checkpoint({ path, every: { steps: 1 }, keep: 1 });
  await expect(
    build().fit(x, y, {
      batchSize: BATCH,
      epochs: EPOCHS,
      callbacks: [keepOne, unplugAfter(1)],
      resume: join(path, older),
    }),
  ).rejects.toThrow(Unplugged);
  expect(namesIn(path)).toContain(older);
});

test("each folder gets the end of training, and another training's is refused", async () => {
  const [path, second] = [temporaryFolder(), temporaryFolder()];
  const rarely = callbacks.checkpoint({ path: second, every: { seconds: 1000 } });
  await train(build(), path, [rarely]);
  expect(namesIn(second)).toEqual(["checkpoint-000000000018.safetensors"]);
  const third = temporaryFolder();
  await train(build(), third, [], { resume: path });
  expect(lastBytes(third).equals(lastBytes(path))).toBe(true);
  await expect(train(build(), third, [], { resume: path })).rejects.toThrow(
    /holds the checkpoints of an earlier training/,
  );
});

describe("a state that a file cannot bring back is refused before the first step", () => {
  const weight = { name: "a", shape: [2], data: Float32Array.of(1, 2) };
  const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ inner }), {});
  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["no data", { avg: 1 }],
    ["NaN", { data: Number.NaN }],
    ["a map", { data: new Map([[1, 2]]) }],
    ["typed numbers", { data: { numbers: Float32Array.of(1) } }],
    ["a date", { data: new Date(0) }],
    ["too deep", { data: deep }],
    ["weights of another length", { data: null, weights: [{ ...weight, shape: [3] }] }],
    ["f64 weights", { data: null, weights: [{ ...weight, data: Float64Array.of(1, 2) }] }],
    ["two weights of a name", { data: null, weights: [weight, weight] }],
    ["too much", { data: "x".repeat(2 ** 24) }],
  ])("%s", async (_, state) => {
    const path = join(temporaryFolder(), "run");
    const net = build();
    const before = net.weightsHash();
    const own = { getState: () => state as never, setState() {} };
    await expect(train(net, path, [own])).rejects.toThrow(ConfigError);
    expect(net.weightsHash()).toBe(before);
    expect(existsSync(path)).toBe(false);
  });

  test("what is fit comes back as it was, in its own callback", async () => {
    const path = temporaryFolder();
    const keeper = (name: string) => {
      const states: unknown[] = [];
      const state = { data: { name, list: [1, null, "text", { true: false }] }, weights: [{ ...weight, name: "a/b" }] };
      return { getState: () => state, setState: (given: unknown) => states.push(given), states, state };
    };
    await trainUnplugged(build(), path, 4, [keeper("first"), keeper("second")]);
    const again = [keeper("first"), keeper("second")];
    await train(build(), path, again as Callback[], { resume: path });
    expect(again.map(({ states }) => states)).toEqual(again.map(({ state }) => [state]));
  });
});

test("a training that was over is over again, with more epochs it goes on", async () => {
  const [path, other] = [temporaryFolder(), temporaryFolder()];
  const history = await train(build(), path);
  const again = build();
  expect(await train(again, path, [], { resume: path })).toEqual(history);
  const longer = build();
  await train(longer, path, [], { resume: path, epochs: EPOCHS + 1 });
  const whole = build();
  await train(whole, other, [], { epochs: EPOCHS + 1 });
  expect(longer.weightsHash()).toBe(whole.weightsHash());
});

test("a folder without checkpoints, or none at all, means the beginning", async () => {
  const [path, other] = [temporaryFolder(), temporaryFolder()];
  const [a, b] = [build(), build()];
  await train(a, path, [], { resume: join(path, "missing") });
  await train(b, other);
  expect(a.weightsHash()).toBe(b.weightsHash());
});

test("a checkpoint is a model file too", async () => {
  const path = temporaryFolder();
  const net = build();
  await train(net, path);
  const loaded = await load(join(path, namesIn(path).at(-1) as string));
  expect(loaded.weightsHash()).toBe(net.weightsHash());
  expect(loaded.losses).toEqual(net.losses);
});

test("checkpoints come as often as was asked, the newest are kept", async () => {
  const kept = async (config: Omit<Parameters<typeof callbacks.checkpoint>[0], "path">) => {
    const path = temporaryFolder();
    await build().fit(x, y, {
      batchSize: BATCH,
      epochs: EPOCHS,
      callbacks: [callbacks.checkpoint({ path, ...config })],
    });
    return namesIn(path).map((name) => Number(/\d+/.exec(name)?.[0]));
  };
  expect(await kept({})).toEqual([6, 12, 18]);
  expect(await kept({ keep: 1 })).toEqual([18]);
  expect(await kept({ every: { epochs: 2 }, keep: 9 })).toEqual([12, 18]);
  expect(await kept({ every: { steps: 4 }, keep: 9 })).toEqual([4, 8, 12, 16, 18]);
  expect(await kept({ every: { seconds: 1000 }, keep: 9 })).toEqual([18]);
  // After each slice, however many steps it had, and at the end of each epoch.
  expect(await kept({ every: { seconds: 1e-6 }, keep: 99 })).toEqual(expect.arrayContaining([6, 12, 18]));
});

test("settings that cannot be used are refused", () => {
  expect(() => callbacks.checkpoint({ path: "" })).toThrow(ConfigError);
  expect(() => callbacks.checkpoint({ path: "a", keep: 0 })).toThrow(
    /keep must be a whole number of at least 1, got 0/,
  );
  expect(() => callbacks.checkpoint({ path: "a", every: {} as never })).toThrow(/one of them/);
  expect(() => callbacks.checkpoint({ path: "a", every: { steps: 1, epochs: 1 } as never })).toThrow(/one of them/);
  expect(() => callbacks.checkpoint({ path: "a", every: { minutes: 1 } as never })).toThrow(/"minutes" is unknown/);
});

describe("what does not belong together is refused before anything changes", () => {
  async function refused(
    change: (path: string) => { net?: ReturnType<typeof build>; options?: FitOptions; own?: Callback[] },
  ) {
    const path = temporaryFolder();
    await trainUnplugged(build(), path, 4);
    const { net = build(), options = {}, own = [] } = change(path);
    const before = net.weightsHash();
    const error = await train(net, path, own, { resume: path, ...options }).catch((error: Error) => error);
    expect(net.weightsHash()).toBe(before);
    return error as Error;
  }

  test("another training in the same folder", async () => {
    const error = await refused(() => ({ options: { resume: undefined as never } }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/holds the checkpoints of an earlier training: resume it, or choose another folder$/);
  });

  test("another architecture", async () => {
    const error = await refused(() => ({ net: build("adam", 8) }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/is of another model: architecture\.layers\[1\]\.config\.units: 7 expected, got 8$/);
  });

  test("another optimizer", async () => {
    const error = await refused(() => ({ net: build(optimizers.adam({ learningRate: 0.5 })) }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(
      /another training: compile\.optimizer\.config\.learningRate: 0\.001 expected, got 0\.5$/,
    );
  });

  test("other settings of fit", async () => {
    expect((await refused(() => ({ options: { batchSize: 5 } }))).message).toMatch(
      /with batchSize 4, this training has 5$/,
    );
    expect((await refused(() => ({ options: { shuffle: false } }))).message).toMatch(
      /with shuffle true, this training has/,
    );
    expect((await refused(() => ({ options: { validationSplit: 0.5 } }))).message).toMatch(
      /with examples 22, this .* 11$/,
    );
    expect((await refused(() => ({ options: { epochs: 0 } }))).message).toMatch(/is in epoch 1: epochs of at least 1/);
    const convergence = callbacks.convergence({ gradientTolerance: 1 });
    expect((await refused(() => ({ own: [convergence] }))).message).toMatch(
      /with the logs loss, accuracy; this training has/,
    );
    const named = build();
    named.metadata = { classNames: ["a", "b", "c"] };
    expect((await refused(() => ({ net: named }))).message).toMatch(/is of other data: metadata\.classNames/);
    const stopper = callbacks.earlyStopping({ monitor: "loss" });
    expect((await refused(() => ({ own: [stopper] }))).message).toMatch(/stateful callbacks 0, this training has 1$/);
  });

  test("a checkpoint that is damaged; the next older good one is named", async () => {
    let good = "";
    const error = await refused((path) => {
      const newest = namesIn(path).at(-1) as string;
      const bytes = readFileSync(join(path, newest));
      bytes[bytes.length - 5] = (bytes[bytes.length - 5] as number) ^ 1;
      writeFileSync(join(path, newest), bytes);
      good = join(path, namesIn(path).at(-2) as string);
      return {};
    });
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain("damaged: its checksum is");
    expect(error.message.endsWith(`the next older good one is ${good}`)).toBe(true);
  });

  test("the older one resumes to the same end", async () => {
    const [path, whole] = [temporaryFolder(), temporaryFolder()];
    await trainUnplugged(build(), path, 6);
    await train(build(), whole);
    const older = join(path, namesIn(path).at(-2) as string);
    await train(build(), path, [], { resume: older });
    expect(lastBytes(path).equals(lastBytes(whole))).toBe(true);
  });
});
