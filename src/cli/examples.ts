import { basename } from "node:path";
import { ConfigError, data, FormatError, type Shape, ShapeError, type Tensor } from "../index.js";
import { type CsvSettings, csvOptions, readForModel, withFlags } from "./csv.js";
import { decode, readBytes, readStream } from "./files.js";
import { decodeImage, imageLayout, isImage, toPixels } from "./images.js";
import type { Io } from "./io.js";
import type { SavedModel } from "./saved-model.js";

/** How files of examples are read. */
export interface ExampleSettings extends Omit<CsvSettings, "label"> {
  readonly invert?: true;
}

/** What a model shall say something of. */
export interface Examples {
  /** What the file is called. */
  readonly file: string;
  readonly x: Tensor;
  /** The only example is an image. */
  readonly isImage: boolean;
}

const STANDARD_INPUT = "standard input";

/**
 * The examples in a file of any of the kinds, which its bytes tell, not its name: a PNG or JPEG image, IDX, plain or
 * compressed by gzip, or else CSV. `-` is standard input.
 * @throws ConfigError for a file that cannot be read and settings that its kind has no use for; FormatError for a file
 * that is damaged or of another kind; ShapeError for examples that do not fit the model
 */
export async function readExamples(
  path: string,
  model: SavedModel,
  settings: ExampleSettings,
  { stdin, signal }: Pick<Io, "stdin" | "signal">,
): Promise<Examples> {
  const file = path === "-" ? STANDARD_INPUT : basename(path);
  const bytes = path === "-" ? await readStream(stdin, signal) : await readBytes(path);
  const { invert = false, header, delimiter } = settings;
  const isPicture = isImage(bytes);
  if (invert && !isPicture) throw new ConfigError(`--invert is for images; leave it out for ${file}`);
  const isTable = !isPicture && !isIdx(bytes);
  if (!isTable && (header !== undefined || delimiter !== undefined)) {
    const flag = delimiter !== undefined ? "--delimiter" : header ? "--header" : "--no-header";
    throw new ConfigError(`${flag} is for .csv files; leave it out for ${file}`);
  }
  if (isPicture) {
    const layout = imageLayout(model.input);
    const pixels = toPixels(await decodeImage(bytes, file), layout, invert);
    return { file, x: { data: pixels, shape: [1, ...model.input] }, isImage: true };
  }
  const rows = isTable ? readTable(bytes, file, model, settings) : await data.idx(bytes, { file });
  return { file, x: asExamples(rows, model.input, file), isImage: false };
}

/** IDX begins with two zeros; compressed files are IDX too. */
function isIdx(bytes: Uint8Array): boolean {
  return (bytes[0] === 0 && bytes[1] === 0) || (bytes[0] === 0x1f && bytes[1] === 0x8b);
}

function readTable(bytes: Uint8Array, file: string, model: SavedModel, settings: ExampleSettings): Tensor {
  if (bytes.includes(0)) {
    throw new FormatError(`${file}: a PNG or JPEG image, an IDX or a .csv file expected, got bytes of another kind`);
  }
  const text = decode(bytes, file);
  const options = { ...csvOptions(settings, file), label: null };
  const read = (settings: typeof options) => data.csv(text, settings);
  return withFlags(() => readForModel(options, model.featureNames, read)).x;
}

/** The rows in the shape of the model's input. @throws ShapeError for rows of more or fewer numbers */
export function asExamples({ data, shape }: Tensor, input: Shape, file: string): Tensor {
  const size = input.reduce((product, length) => product * length, 1);
  const [rows = 0, ...example] = shape;
  if (data.length === rows * size) return { data, shape: [rows, ...input] };
  const expected = `examples of ${size} numbers expected, the model's input being [${input.join(", ")}]`;
  throw new ShapeError(`${file}: ${expected}; got ${rows} of [${example.join(", ")}]`);
}
