import { load } from "../index.js";
import type { ExportOptions } from "./commands.js";
import type { Io } from "./io.js";
import { printable } from "./printable.js";

/**
 * `neurone export`: writes a model of any format in any format.
 * @returns the exit code
 */
export async function exportModel(path: string, target: string, options: ExportOptions, io: Io): Promise<number> {
  const { format, classOutput } = options;
  const net = await load(path);
  await net.save(target, { ...(format ? { format } : {}), ...(classOutput ? { classOutput } : {}) });
  io.stderr.write(`${printable(`${path} was written to ${target}`)}\n`);
  return 0;
}
