import * as fs from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { callbacks, checkpoints, type FitOptions, StorageError } from "../../src/index.js";
import { CheckpointFolder, openCheckpoint } from "../../src/io/checkpoints.js";
import type { FileSystem } from "../../src/io/files.js";
import { writeFile } from "../../src/io/files.js";
import type { ModelData } from "../../src/io/model-data.js";
import type { RunState } from "../../src/io/run-state.js";
import { temporaryFolder } from "../temporary-folder.js";
import { build, x, y } from "../train/toy.js";
import { ForgetfulDisk, type Forgets } from "./forgetful-disk.js";

let model: ModelData;
beforeAll(() => {
  model = build().toData();
});

/** A run after `steps` steps. */
function runAfter(steps: number): RunState {
  return {
    state: { steps, epochs: 0, learningRateScale: 1 },
    epoch: 0,
    step: steps,
    stopped: false,
    rows: 22,
    batchSize: 4,
    shuffle: true,
    slots: [],
    totals: Float64Array.of(1, 2, 3, 4),
    theta: undefined,
    history: new Map(),
    logNames: ["loss"],
    callbacks: [],
  };
}

class Broken extends Error {}

/** How a file system fails: one call, as a full disk may, or that call and all after it, as where the machine stops. */
type Failure = "once" | "for good" | "half-way";

/** The host's file system until its call number `fatal`. */
function failing(fatal: number, failure: Failure): { files: FileSystem; calls: () => number } {
  let calls = 0;
  const step = async <T>(act: () => Promise<T>, half?: () => Promise<unknown>): Promise<T> => {
    const number = ++calls;
    if (number === fatal && failure === "half-way") await half?.();
    if (number === fatal || (number > fatal && failure !== "once")) throw new Broken(`call ${number}`);
    return act();
  };
  const open = async (path: string, flags: string, mode?: number) => {
    const file = await step(() => fs.open(path, flags, mode));
    return {
      stat: () => step(() => file.stat()),
      read: (...args: [Uint8Array, number, number, number | null]) => step(() => file.read(...args)),
      writeFile: (bytes: Uint8Array) =>
        step(
          () => file.writeFile(bytes),
          () => file.writeFile(bytes.subarray(0, bytes.length / 2)),
        ),
      sync: () => step(() => file.sync()),
      // Closed all the same: the test process lives on.
      close: () => step(async () => undefined).finally(() => file.close()),
    };
  };
  const files = {
    open,
    mkdir: (path: string, options: { recursive: true }) => step(() => fs.mkdir(path, options)),
    readdir: (path: string) => step(() => fs.readdir(path)),
    readlink: (path: string) => step(() => fs.readlink(path)),
    realpath: (path: string) => step(() => fs.realpath(path)),
    stat: (path: string) => step(() => fs.stat(path)),
    rename: (from: string, to: string) => step(() => fs.rename(from, to)),
    rm: (path: string, options: object) => step(() => fs.rm(path, options)),
  };
  return { files, calls: () => calls };
}

describe("a folder of checkpoints that is a link", () => {
  const trainIn = (path: string, options: FitOptions = {}) =>
    build().fit(x, y, { epochs: 1, ...options, callbacks: [callbacks.checkpoint({ path })] });

  test("comes to be where the link leads, which stays one", async () => {
    const [folder, link] = [temporaryFolder(), join(temporaryFolder(), "run")];
    await fs.symlink(join(folder, "runs", "first"), link);
    expect(await checkpoints(link)).toEqual([]);
    await trainIn(link, { resume: link });
    expect((await fs.lstat(link)).isSymbolicLink()).toBe(true);
    expect(await fs.readdir(join(folder, "runs", "first"))).toHaveLength(1);
    expect(await checkpoints(link)).toHaveLength(1);
  });

  test("is one with what it leads to", async () => {
    const [folder, link] = [temporaryFolder(), join(temporaryFolder(), "run")];
    await fs.symlink(folder, link);
    await trainIn(folder);
    await trainIn(link, { epochs: 2, resume: folder });
    await trainIn(folder, { epochs: 3, resume: link });
    expect(await checkpoints(folder)).toHaveLength(3);
    await expect(trainIn(link)).rejects.toThrow("holds the checkpoints of an earlier training");
  });

  test("is refused where it leads in a circle", async () => {
    const link = join(temporaryFolder(), "run");
    await fs.symlink("run", link);
    await expect(trainIn(link)).rejects.toThrow(new StorageError(`${link}: its links lead in a circle`));
  });
});

describe.each<Failure>(["once", "for good", "half-way"])("a file system that fails %s", (failure) => {
  test("leaves the old checkpoint or the new one at each of its calls", async () => {
    let fatal = 0;
    for (let failed = true; failed; ) {
      fatal++;
      const path = temporaryFolder();
      await new CheckpointFolder(fs, path, 1).write(model, runAfter(1));
      const { files, calls } = failing(fatal, failure);
      const folder = new CheckpointFolder(files, path, 1);
      const error = await folder
        .begin(model, runAfter(1), join(path, "checkpoint"))
        .then(() => folder.write(model, runAfter(2)))
        .catch((error: unknown) => error);
      failed = calls() >= fatal;
      if (error !== undefined) expect(error).toBeInstanceOf(StorageError);
      const found = await openCheckpoint(path);
      expect([1, 2]).toContain(found?.run.state.steps);
      if (error === undefined) expect(found?.run.state.steps).toBe(2);
      // The next process clears up and goes on.
      const next = new CheckpointFolder(fs, path, 1);
      await next.begin(model, runAfter(2), join(path, "checkpoint"));
      await next.write(model, runAfter(3));
      expect(await fs.readdir(path)).toEqual(["checkpoint-000000000003.safetensors"]);
    }
    // realpath, realpath, mkdir, readdir; realpath, readlink, stat, open, write, sync, close, rename, open, sync, close; readdir, rm.
    expect(fatal).toBe(18);
  });

  test("leaves the old model file or the new one at each of its calls", async () => {
    let fatal = 0;
    for (let failed = true; failed; ) {
      fatal++;
      const path = join(temporaryFolder(), "m.safetensors");
      await writeFile(fs, path, Uint8Array.of(1, 1, 1, 1));
      const { files, calls } = failing(fatal, failure);
      const error = await writeFile(files, path, Uint8Array.of(2, 2, 2, 2)).catch((error: unknown) => error);
      failed = calls() >= fatal;
      const found = [...(await fs.readFile(path))].join("");
      expect(error === undefined ? ["2222"] : ["1111", "2222"]).toContain(found);
    }
    expect(fatal).toBe(11);
  });
});

describe.each<Forgets>(["everything", "bytes"])(
  "a machine that stops, and forgets %s that was not brought to the disk",
  (forgets) => {
    test("has the old checkpoint or the new one, and the new one once it was written", async () => {
      const path = "/runs/digits";
      const older = join(path, "checkpoint-000000000001.safetensors");
      for (let calls = 0, stopped = true; stopped; calls++) {
        const disk = new ForgetfulDisk(forgets);
        const folder = new CheckpointFolder(disk, path, 1);
        await folder.begin(model, runAfter(0), undefined);
        await folder.write(model, runAfter(1));
        disk.start();
        expect((await openCheckpoint(path, disk))?.path).toBe(older);
        disk.stopAfter(calls);
        const error = await folder.write(model, runAfter(2)).catch((error: unknown) => error);
        stopped = error !== undefined;
        disk.start();
        const found = await openCheckpoint(path, disk);
        expect(stopped ? [1, 2] : [2]).toContain(found?.run.state.steps);
      }
    });
  },
);
