import { FormatError } from "../../base/errors.js";
import { formatShape, type Shape, sizeOf } from "../../base/tensor.js";
import { onePart } from "./parts.js";
import type { Translation, WeightSource } from "./read-layers.js";
import type { SettingsReader } from "./settings.js";

/**
 * A BatchNormalization with constants, y = gamma (x - mean) / sqrt(variance + epsilon) + beta for each place of its
 * axis, as a normalization, which has a factor and a summand for each number of an example. One that is trained has no
 * counterpart.
 */
export function readNormalization(reader: SettingsReader): Translation | string {
  if (reader.flag("trainable", true)) return "trainable, but neurone's normalization holds constants";
  const given = reader.values["axis"];
  const axis = Array.isArray(given) && given.length === 1 ? given[0] : (given ?? -1);
  if (!Number.isSafeInteger(axis) || axis === 0) throw reader.error("axis", "a single axis behind the batch");
  const epsilon = reader.number("epsilon", 1e-3);
  const has = { gamma: reader.flag("scale", true), beta: reader.flag("center", true) };

  /** The axis among those of an example. */
  const place = (shape: Shape) => {
    const at = axis < 0 ? axis + shape.length : axis - 1;
    if (at < 0 || at >= shape.length) throw reader.error("axis", `an axis of ${formatShape(shape)}`);
    return at;
  };

  return {
    parts: onePart("normalization", {}),
    check: place,
    weights(shape, source) {
      const at = place(shape);
      const channels = shape[at] as number;
      const { scale, offset } = constants(channels, epsilon, has, source, reader.what);
      const run = sizeOf(shape.slice(at + 1));
      const size = sizeOf(shape);
      const spread = (name: string, data: Float32Array) => {
        if (size === channels) return { name, shape: [size], data };
        const all = source.room(size);
        for (let i = 0; i < size; i++) all[i] = data[Math.floor(i / run) % channels] as number;
        return { name, shape: [size], data: all };
      };
      return [spread("scale", scale), spread("offset", offset)];
    },
  };
}

function constants(
  channels: number,
  epsilon: number,
  has: { readonly gamma: boolean; readonly beta: boolean },
  source: WeightSource,
  what: string,
) {
  const mean = source.take("moving_mean", [channels]);
  const variance = source.take("moving_variance", [channels]);
  const gamma = has.gamma ? source.take("gamma", [channels]) : undefined;
  const beta = has.beta ? source.take("beta", [channels]) : undefined;
  const scale = new Float32Array(channels);
  const offset = new Float32Array(channels);
  for (let i = 0; i < channels; i++) {
    const factor = (gamma?.[i] ?? 1) / Math.sqrt((variance[i] as number) + epsilon);
    scale[i] = factor;
    offset[i] = (beta?.[i] ?? 0) - (mean[i] as number) * factor;
    if (!Number.isFinite(scale[i]) || !Number.isFinite(offset[i])) {
      throw new FormatError(`${what}: a variance above 0 and numbers in f32's range expected at place ${i}`);
    }
  }
  return { scale, offset };
}
