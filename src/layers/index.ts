import { type ActivationConfig, ActivationLayer } from "./activation.js";
import { Dense, type DenseConfig } from "./dense.js";
import { Dropout, type DropoutConfig } from "./dropout.js";
import type { LayerConfig } from "./layer.js";
import { Add, Concatenate, type ConcatenateConfig } from "./merge.js";
import { Normalization, type NormalizationConfig } from "./normalization.js";
import { Rescaling, type RescalingConfig } from "./rescaling.js";
import { Flatten, Reshape, type ReshapeConfig } from "./reshape.js";

export type {
  ActivationConfig,
  ConcatenateConfig,
  DenseConfig,
  DropoutConfig,
  NormalizationConfig,
  RescalingConfig,
  ReshapeConfig,
};

/** The settings of layers that files hold as weights: constants that a layer is made with. */
export const constantsOf: Readonly<Record<string, readonly string[]>> = { normalization: ["scale", "offset"] };

/** Every layer; each throws `ConfigError` for settings that cannot be used. */
export const layers = {
  dense: (config: DenseConfig) => new Dense(config),
  activation: (config: ActivationConfig) => new ActivationLayer(config),
  dropout: (config: DropoutConfig) => new Dropout(config),
  flatten: (config: LayerConfig = {}) => new Flatten(config),
  reshape: (config: ReshapeConfig) => new Reshape(config),
  rescaling: (config: RescalingConfig) => new Rescaling(config),
  normalization: (config: NormalizationConfig) => new Normalization(config),
  add: (config: LayerConfig = {}) => new Add(config),
  concatenate: (config: ConcatenateConfig = {}) => new Concatenate(config),
} as const;
