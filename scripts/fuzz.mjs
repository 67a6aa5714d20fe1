// Reads damaged files of every format, as many as wanted, and tells what the readers made of them:
//   node scripts/fuzz.mjs [--format onnx] [--cases 100000] [--seed 1]
// What a reader failed on is kept in build/fuzz/. The reading is done by a worker, so that one that hangs, or fills the memory, is
// noticed and its files are kept too.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { importSource } from "../bench/lib/import-source.mjs";

/** Room for the files that are being read, and what comes before them: how many were read, and their length. */
const ROOM = 2 ** 24;
const [COUNT, LENGTH] = [0, 1];
const HEAD = 8;
/** What a case may take, and after how long it is given up. */
const MOST_SECONDS = 5;
const HANGS_AFTER_SECONDS = 30;
/** What the worker's heap may take, and what the whole process may grow by. */
const HEAP_MEBIBYTES = 768;
const MOST_GROWTH = 1.5 * 2 ** 30;

async function main() {
  const options = {
    format: { type: "string" },
    cases: { type: "string", default: "100000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  };
  const { values } = parseArgs({ options });
  const { targets } = await importSource("../../test/fuzz/index.ts");
  const names = values.format === undefined ? Object.keys(targets) : values.format.split(",");
  for (const format of names) {
    if (!Object.hasOwn(targets, format))
      throw new Error(`--format: one of ${Object.keys(targets).join(", ")} expected`);
    if (!(await fuzz(format, Number(values.cases), Number(values.seed)))) process.exitCode = 1;
  }
}

/** Whether all went well. */
async function fuzz(format, cases, seed) {
  const shared = new SharedArrayBuffer(ROOM);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { format, cases, seed, shared },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
  });
  const start = performance.now();
  const watch = new Watch(shared);
  try {
    const report = await new Promise((resolve, reject) => {
      worker.once("message", resolve);
      worker.once("error", reject);
      watch.begin(reject);
    });
    tell(format, cases, report, (performance.now() - start) / 1000, watch.growth);
    for (const [i, { files }] of report.failures.entries()) keep(`${format}-${seed}-${i}`, files);
    return report.failures.length === 0;
  } catch (error) {
    console.log(`${format}, seed ${seed}: ${error.message}`);
    keep(`${format}-${seed}-last`, unpack(shared));
    return false;
  } finally {
    watch.end();
    await worker.terminate();
  }
}

/** Looks at the worker from outside: it may hang, or take memory that its own heap does not count. */
class Watch {
  #head;
  #timer;
  #count = 0;
  #since = 0;
  #first = 0;
  #most = 0;

  constructor(shared) {
    this.#head = new Int32Array(shared, 0, 2);
  }

  /** What the process has grown by since the first case was read: what the cases are made of comes before. */
  get growth() {
    return this.#most - this.#first;
  }

  begin(onTrouble) {
    this.#timer = setInterval(() => {
      const count = Atomics.load(this.#head, COUNT);
      if (count === 0) return;
      const now = performance.now();
      if (count !== this.#count) [this.#count, this.#since] = [count, now];
      const used = process.memoryUsage.rss();
      this.#first ||= used;
      this.#most = Math.max(this.#most, used);
      if (now - this.#since > 1000 * HANGS_AFTER_SECONDS) onTrouble(new Error("hangs"));
      if (this.growth > MOST_GROWTH) onTrouble(new Error(`the process has grown by ${this.growth} bytes`));
    }, 100);
  }

  end() {
    clearInterval(this.#timer);
  }
}

function tell(format, cases, report, seconds, growth) {
  const { seed, accepted, refused, slowest, largest, text } = report;
  const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  console.log(
    [
      `${format}: ${cases} cases of seed ${seed} in ${seconds.toFixed(0)} s`,
      `${accepted} accepted, ${refused} refused, ${cases - accepted - refused} failed`,
      `slowest ${slowest.toFixed(0)} ms`,
      `largest ${mebibytes(largest)}, process grew by ${mebibytes(growth)}`,
    ].join("; "),
  );
  if (text !== "") console.log(text);
}

function keep(name, files) {
  const folder = fileURLToPath(new URL(`../build/fuzz/${name}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  for (const file of files) writeFileSync(folder + file.name, file.bytes);
  console.log(`its files: ${folder}`);
}

async function work() {
  const { format, cases, seed, shared } = workerData;
  const { describeFailures, run, targets } = await importSource("../../test/fuzz/index.ts");
  const head = new Int32Array(shared, 0, 2);
  const room = new Uint8Array(shared, HEAD);
  const beforeReading = (files) => {
    head[LENGTH] = pack(files, room);
    Atomics.add(head, COUNT, 1);
  };
  const report = await run(await targets[format](), {
    cases,
    seed,
    mostMilliseconds: 1000 * MOST_SECONDS,
    beforeReading,
  });
  const failures = report.failures.map(({ files }) => ({ files }));
  parentPort.postMessage({ ...report, failures, text: describeFailures(report) });
}

/** Each file as its name's and its own length, the name and the bytes. Returns their length together. */
function pack(files, room) {
  let at = 0;
  const view = new DataView(room.buffer, room.byteOffset);
  for (const { name, bytes } of files) {
    const text = Buffer.from(name);
    view.setUint32(at, text.length);
    view.setUint32(at + 4, bytes.length);
    room.set(text, at + 8);
    room.set(bytes, at + 8 + text.length);
    at += 8 + text.length + bytes.length;
  }
  return at;
}

function unpack(shared) {
  const end = new Int32Array(shared, 0, 2)[LENGTH];
  const bytes = Buffer.from(new Uint8Array(shared, HEAD, end).slice());
  const files = [];
  for (let at = 0; at < end; ) {
    const [text, length] = [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
    const start = at + 8 + text;
    files.push({ name: bytes.toString("utf8", at + 8, start), bytes: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return files;
}

if (isMainThread) await main();
else await work();
