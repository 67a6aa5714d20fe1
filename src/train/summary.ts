import { formatShape, sizeOf } from "../base/tensor.js";
import type { Layer, SymbolicTensor } from "../layers/layer.js";
import type { Network } from "./network.js";

/** A table with a line for each layer: name and kind, output shape, number of parameters, settings. */
export function summary(network: Network): string {
  const count = (layer: Layer) => layer.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const shown = new Set<Layer>();
  const rows = network.applications.map((tensor: SymbolicTensor) => {
    const layer = tensor.layer as Layer;
    const again = shown.has(layer);
    shown.add(layer);
    const name = network.nameOf(layer);
    const label = name === layer.kind ? name : `${name} (${layer.kind})`;
    const parameters = again ? "shared" : count(layer).toLocaleString("en-US");
    return [label, formatShape(["batch", ...tensor.shape]), parameters, layer.describe()];
  });
  const all = network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const trained = network.parameters.reduce((sum, { shape, trainable }) => sum + (trainable ? sizeOf(shape) : 0), 0);
  const lines = table([["Layer", "Output shape", "Parameters", "Settings"], ...rows]);
  const total = `Parameters: ${all.toLocaleString("en-US")}, trained: ${trained.toLocaleString("en-US")}`;
  return [...lines, total].join("\n");
}

/** Columns two spaces apart, a line under the head. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] as readonly string[]).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] as string).length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join("  ")
      .trimEnd(),
  );
  lines.splice(1, 0, "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2)));
  return lines;
}
