import { ConfigError, type CsvOptions, NeuroneError } from "../index.js";

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

/** What `read` makes of a .csv text; errors that tell to set an option of `data.csv` tell to give the command line's. */
export function withFlags<D>(read: () => D): D {
  try {
    return read();
  } catch (error) {
    if (error instanceof NeuroneError) {
      error.message = error.message
        .replace("set header: true", "give --header")
        .replace("set delimiter: ", "give --delimiter ")
        .replace(
          "set label or columns to leave it out",
          "leave it out of the file or, if it is the label, give --label",
        );
    }
    throw error;
  }
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
    if (!(error instanceof ConfigError)) throw error;
    if (options.header === undefined && error.message.includes("has no header")) {
      return read({ ...options, header: false });
    }
    error.message = error.message.replace(/^columns /, "the model's feature ");
    throw error;
  }
}
