import { csv } from "./csv.js";
import { shuffle, split } from "./dataset.js";
import { folder } from "./folder.js";
import { idx } from "./idx.js";
import { mnist } from "./mnist.js";
import { minMax, standardize } from "./scaling.js";

export type { CsvDataset, CsvFeatures, CsvOptions } from "./csv.js";
export type { Column } from "./csv-table.js";
export type { Dataset, DatasetLike, Features, Split, SplitOptions } from "./dataset.js";
export type { IdxDataset } from "./folder.js";
export type { IdxData, IdxOptions } from "./idx.js";
export type { MnistDataset, MnistOptions } from "./mnist.js";
export type { Scaling } from "./scaling.js";

/** Datasets: readers, and what is done to examples before training. */
export const data = { csv, folder, idx, minMax, mnist, shuffle, split, standardize } as const;
