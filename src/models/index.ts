import { Adaline, type AdalineConfig } from "./adaline.js";
import { Autoencoder, type AutoencoderConfig } from "./autoencoder.js";
import type { LinearClassifier } from "./linear-classifier.js";
import { LinearSvm, type LinearSvmConfig } from "./linear-svm.js";
import { type MlpConfig, mlp } from "./mlp.js";
import { gates, type NeuronConfig, neuron } from "./neuron.js";
import {
  Perceptron,
  type PerceptronConfig,
  type PerceptronFitOptions,
  type PerceptronRun,
  type PerceptronState,
  type PerceptronUpdate,
} from "./perceptron.js";

export type {
  Adaline,
  AdalineConfig,
  Autoencoder,
  AutoencoderConfig,
  LinearClassifier,
  LinearSvm,
  LinearSvmConfig,
  MlpConfig,
  NeuronConfig,
  Perceptron,
  PerceptronConfig,
  PerceptronFitOptions,
  PerceptronRun,
  PerceptronState,
  PerceptronUpdate,
};

/** The classic models, each on the one engine; each throws `ConfigError` for settings that cannot be used. */
export const models = {
  neuron,
  gates,
  perceptron: (config: PerceptronConfig) => new Perceptron(config),
  adaline: (config: AdalineConfig) => new Adaline(config),
  mlp,
  linearSvm: (config: LinearSvmConfig) => new LinearSvm(config),
  autoencoder: (config: AutoencoderConfig) => new Autoencoder(config),
} as const;
