// Kills trainings of the command line with SIGKILL at random moments, resumes them, and compares what they come to with a
// training that nobody killed, byte by byte.
//   node scripts/kill.mjs --kills 1000 --seed 1
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** How long a process lives at most, in milliseconds: starting takes a good part of it. */
const LONGEST_LIFE = 700;
/** Trainings at a time: that many cores are usual. */
const AT_ONCE = 2;

/** Numbers in [0, 1) that the seed decides (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A table of three classes that takes a network some epochs to tell apart. */
function writeTable(path) {
  const random = randomOf(7);
  const rows = Array.from({ length: 600 }, () => {
    const features = Array.from({ length: 6 }, () => (random() * 2 - 1).toFixed(4));
    const [a, b, c] = features.map(Number);
    return [...features, a * b > 0 ? "same" : c > 0 ? "up" : "down"].join(",");
  });
  writeFileSync(path, `a,b,c,d,e,f,class\n${rows.join("\n")}\n`);
}

const checkpointsIn = (folder) =>
  readdirSync(folder)
    .filter((name) => /^checkpoint-\d+\.safetensors$/.test(name))
    .sort();

/**
 * Trains until `kills` processes were killed. Returns how many trainings came to their end meanwhile, and how many kills hit one that had
 * kept something or was writing. Throws where a training comes to other bytes than it would have, or loses what it had kept.
 */
export async function killRepeatedly({ kills, seed = 1, say = () => {} }) {
  const { load } = await import(new URL("../dist/index.js", import.meta.url));
  const home = mkdtempSync(join(tmpdir(), "neurone-kill-"));
  const table = join(home, "table.csv");
  writeTable(table);
  const random = randomOf(seed);
  const command = (folder, every) => {
    const settings = "--layers 24,3 --optimizer adam --dropout 0.1 --epochs 30 --batch-size 16 --patience 100";
    const numbers = "--numerics reproducible --threads 1 --seed 3";
    return [
      "train",
      table,
      ...`${settings} ${numbers}`.split(" "),
      "--resume",
      folder,
      "--checkpoint-every",
      `${every}steps`,
    ];
  };
  const totals = { kills: 0, trainings: 0, whileTraining: 0, whileWriting: 0 };

  /** Runs a process to its end, or to its death after `life` milliseconds; whether it came to its end. */
  const live = (args, life, beforeDeath) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      child.stderr.on("data", (text) => {
        said += text;
      });
      const death = setTimeout(() => {
        beforeDeath?.();
        child.kill("SIGKILL");
      }, life);
      child.on("error", reject);
      child.on("close", (code, signal) => {
        clearTimeout(death);
        if (code !== 0 && signal !== "SIGKILL")
          reject(new Error(`the training failed with exit code ${code}:\n${said}`));
        else resolve({ ended: signal === null, id: child.pid });
      });
    });

  const last = (folder) => readFileSync(join(folder, checkpointsIn(folder).at(-1)));

  /** One training after the other, each killed until it comes to its end. */
  const work = async (name, wanted) => {
    for (let training = 0; totals.kills < kills; training++) {
      const folder = join(home, `${name}-${training}`);
      const every = [1, 3, 8][Math.floor(random() * 3)];
      for (let ended = false; !ended; ) {
        let kept = [];
        const enough = totals.kills >= kills;
        const life = await live(command(folder, every), enough ? 2 ** 30 : random() * LONGEST_LIFE, () => {
          try {
            kept = checkpointsIn(folder);
          } catch {
            // It had not even made its folder.
          }
        });
        ended = life.ended;
        if (ended) break;
        totals.kills++;
        if (totals.kills % 100 === 0) say(`${totals.kills} kills, ${totals.trainings} trainings came to their end`);
        if (kept.length === 0) continue;
        totals.whileTraining++;
        if (readdirSync(folder).some((file) => file.includes(`.${life.id}-`))) totals.whileWriting++;
        const newest = checkpointsIn(folder).at(-1);
        if (newest < kept.at(-1)) throw new Error(`${kept.at(-1)} was kept, and is lost`);
        // Reading verifies the checksum.
        await load(join(folder, newest));
      }
      totals.trainings++;
      if (!last(folder).equals(wanted)) throw new Error(`training ${name}-${training} came to other bytes`);
      const left = readdirSync(folder).filter((file) => !checkpointsIn(folder).includes(file));
      if (left.length > 0) throw new Error(`left behind: ${left.join(", ")}`);
    }
  };

  try {
    const whole = join(home, "whole");
    await live(command(whole, 100), 2 ** 30);
    const wanted = last(whole);
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => work(`training-${i}`, wanted)));
    return totals;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { kills: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
  });
  const totals = await killRepeatedly({ kills: Number(values.kills), seed: Number(values.seed), say: console.log });
  console.log(JSON.stringify(totals));
}
