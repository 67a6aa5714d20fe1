import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { ConfigError, DataError, type Dataset, data, type Tensor } from "../index.js";
import { type CsvSettings, csvOptions, readForModel, withFlags } from "./csv.js";
import { decode, readBytes } from "./files.js";
import type { TrainOptions } from "./options.js";
import { givenCsvOption } from "./shared-options.js";

/** What a classifier learns from and is tested on. */
export interface ClassifierData {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly classNames: readonly string[];
}

export const DEFAULT_TEST_SPLIT = 0.2;
/** More different numbers than this in a label column are measurements, not classes. */
const MOST_NUMERIC_CLASSES = 256;
/** How many names an error lists. */
const MOST_NAMES = 5;

/**
 * Reads the dataset called `name`.
 * @throws ConfigError where there is none, or for options that it has no use for; the readers' errors
 */
export async function loadDataset(name: string, options: TrainOptions): Promise<ClassifierData> {
  if (isCsv(name)) return splitCsv(name, options);
  const useless = options.testSplit === undefined ? givenCsvOption(options) : "--test-split";
  const { train, test } = await loadImages(name, useless);
  const classes = 1 + Math.max(greatest(train.y), greatest(test.y));
  return { train, test, classNames: train.classNames ?? Array.from({ length: classes }, (_, id) => `${id}`) };
}

/** How many examples of the training part are learned from, and how many are kept for validation. */
export function countExamples({ y }: Dataset, { validationSplit = 0 }: Pick<TrainOptions, "validationSplit">) {
  const rows = y.shape[0] as number;
  const validation = Math.round(rows * validationSplit);
  return { training: rows - validation, validation };
}

/** What the examples of a test are for. */
export interface TestedModel {
  readonly classNames: readonly string[];
  readonly featureNames: readonly string[] | undefined;
}

/**
 * The examples of the dataset `name` to test a model on, labelled with the ids of its classes: a .csv file's by their
 * names, other ids are as they are.
 * @throws as `loadDataset`; DataError, naming them, for labels that the model does not know
 */
export async function loadTestData(name: string, options: CsvSettings, model: TestedModel): Promise<Dataset> {
  if (!isCsv(name)) {
    const { test } = await loadImages(name, givenCsvOption(options));
    const most = model.classNames.length - 1;
    if (greatest(test.y) <= most) return test;
    throw new DataError(`${name}: class ids from 0 to ${most} expected, got ${greatest(test.y)}`);
  }
  const text = await readText(name);
  const settings = csvOptions(options, basename(name));
  const read = (options: typeof settings) => data.csv(text, options);
  const dataset = withFlags(() => readForModel(settings, model.featureNames, read));
  return { ...dataset, y: toClassIds(dataset, model.classNames, name) };
}

/** Labels, by their names or else as the numbers that they are, as ids of the classes called `known`. */
function toClassIds({ y, classNames }: Dataset, known: readonly string[], path: string): Tensor {
  const ids = new Map(known.map((name, id) => [name, id]));
  const labels = Array.from(y.data, (label) => classNames?.[label] ?? `${label}`);
  const unknown = [...new Set(labels)].filter((label) => !ids.has(label));
  if (unknown.length > 0) {
    throw new DataError(`${path}: labels that the model knows, ${list(known)}, expected, got ${list(unknown)}`);
  }
  return { data: Int32Array.from(labels, (label) => ids.get(label) as number), shape: [labels.length] };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).map((name) => JSON.stringify(name));
  return [...shown, ...(names.length > MOST_NAMES ? [`${names.length - MOST_NAMES} more`] : [])].join(", ");
}

export function isCsv(name: string): boolean {
  return /\.csv$/i.test(name);
}

async function readText(path: string): Promise<string> {
  return decode(await readBytes(path), basename(path));
}

async function loadImages(name: string, uselessOption: string | undefined) {
  if (uselessOption !== undefined) {
    throw new ConfigError(`${uselessOption} is for .csv files; leave it out for ${name}`);
  }
  return name === "mnist" ? data.mnist() : data.folder(await existingFolder(name));
}

async function splitCsv(path: string, options: TrainOptions): Promise<ClassifierData> {
  const text = await readText(path);
  const dataset = withFlags(() => data.csv(text, csvOptions(options, basename(path))));
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
function numbersAsClasses(dataset: Dataset, path: string): Dataset {
  const labels = [...dataset.y.data];
  const values = [...new Set(labels)].sort((a, b) => a - b);
  if (values.length > MOST_NUMERIC_CLASSES || !values.every(Number.isInteger)) {
    const wanted = `at most ${MOST_NUMERIC_CLASSES} different whole numbers`;
    throw new ConfigError(`${path}: a label column of names or of ${wanted} expected; choose one with --label`);
  }
  const classNames = values.map(String);
  return { ...dataset, y: toClassIds(dataset, classNames, path), classNames };
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
