import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { ConfigError, DataError, type Dataset, data, type Tensor } from "../index.js";
import type { TrainOptions } from "./options.js";

/** What a classifier learns from and is tested on. */
export interface ClassifierData {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly classNames: readonly string[];
}

const DEFAULT_TEST_SPLIT = 0.2;
/** More different numbers than this in a label column are measurements, not classes. */
const MOST_NUMERIC_CLASSES = 256;
const CSV_OPTIONS = ["testSplit", "label", "header", "delimiter"] as const;

/**
 * Reads the dataset called `name`.
 * @throws ConfigError where there is none, or for options that it has no use for; the readers' errors
 */
export async function loadDataset(name: string, options: TrainOptions): Promise<ClassifierData> {
  if (/\.csv$/i.test(name)) return loadCsv(name, options);
  const useless = CSV_OPTIONS.find((option) => options[option] !== undefined);
  if (useless !== undefined)
    throw new ConfigError(`${flag(useless, options)} is for .csv files; leave it out for ${name}`);
  const { train, test } = name === "mnist" ? await data.mnist() : await data.folder(await existingFolder(name));
  const classes = 1 + Math.max(greatest(train.y), greatest(test.y));
  return { train, test, classNames: train.classNames ?? Array.from({ length: classes }, (_, id) => `${id}`) };
}

async function loadCsv(path: string, options: TrainOptions): Promise<ClassifierData> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new ConfigError(`the file ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { label, header, delimiter } = options;
  const dataset = data.csv(text, {
    file: basename(path),
    ...(label === undefined ? {} : { label: /^\d+$/.test(label) ? Number(label) : label }),
    ...(header === undefined ? {} : { header }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter.replace(/^(\\t|tab)$/, "\t") }),
  });
  const classified = dataset.classNames === undefined ? numbersAsClasses(dataset, path) : dataset;
  const classNames = classified.classNames as readonly string[];
  if (classNames.length < 2)
    throw new DataError(`${path}: labels of 2 or more classes expected, all are ${classNames[0]}`);
  // A class of one example cannot be on both sides.
  const stratify = !hasSingleton(classified.y);
  const { seed, testSplit = DEFAULT_TEST_SPLIT } = options;
  return { ...data.split(classified, { test: testSplit, seed, stratify }), classNames };
}

/** Labels that are numbers, as ids of the sorted different ones. */
export function numbersAsClasses(dataset: Dataset, path: string): Dataset {
  const labels = [...dataset.y.data];
  const values = [...new Set(labels)].sort((a, b) => a - b);
  if (values.length > MOST_NUMERIC_CLASSES || !values.every(Number.isInteger)) {
    const wanted = `at most ${MOST_NUMERIC_CLASSES} different whole numbers`;
    throw new ConfigError(`${path}: a label column of names or of ${wanted} expected; choose one with --label`);
  }
  const ids = new Map(values.map((value, id) => [value, id]));
  const y = { data: Int32Array.from(labels, (label) => ids.get(label) as number), shape: [labels.length] };
  return { ...dataset, y, classNames: values.map(String) };
}

async function existingFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return path;
  const got = found ? "a file of another kind" : "nothing of that name";
  throw new ConfigError(`the dataset must be mnist, a folder of IDX files or a .csv file; ${path} is ${got}`);
}

function greatest({ data: ids }: Tensor): number {
  let most = 0;
  for (const id of ids) most = Math.max(most, id);
  return most;
}

function hasSingleton({ data: ids }: Tensor): boolean {
  const counts = new Map<number, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return [...counts.values()].includes(1);
}

function flag(option: (typeof CSV_OPTIONS)[number], options: TrainOptions): string {
  if (option === "header" && options.header === false) return "--no-header";
  return option === "testSplit" ? "--test-split" : `--${option}`;
}
