import { ConfigError, type CsvOptions } from "../index.js";

/** How the command line is told of a .csv file. */
export interface CsvSettings {
  readonly label?: string;
  readonly header?: boolean;
  readonly delimiter?: string;
}

/** The same as `data.csv` takes it. */
export function csvOptions({ label, header, delimiter }: CsvSettings, file: string) {
  return {
    file,
    ...(label === undefined ? {} : { label: /^\d+$/.test(label) ? Number(label) : label }),
    ...(header === undefined ? {} : { header }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter.replace(/^(\\t|tab)$/, "\t") }),
  };
}

/**
 * Reads a .csv text for a model: where the model knows what its features are called and the text names its columns, they
 * are taken by name and others are left out; else all columns are taken in order.
 * @param read `data.csv` of the text
 * @throws what `read` throws: ConfigError, naming it, for a feature that is no column
 */
export function readForModel<O extends CsvOptions, D>(
  options: O,
  featureNames: readonly string[] | undefined,
  read: (options: O) => D,
): D {
  if (featureNames === undefined || options.header === false) return read(options);
  try {
    return read({ ...options, columns: featureNames });
  } catch (error) {
    if (!(error instanceof ConfigError) || options.header === true) throw error;
    try {
      return read({ ...options, header: false });
    } catch {
      throw error;
    }
  }
}
