import { layers, type Model, optimizers, sequential, type TrainingModel } from "neurone";
import { type LandscapeName, landscapes, type Pair } from "./landscapes.js";

/** The network whose loss the surface is; it has two weights. `seed` decides the order of the examples. */
export function buildNetwork(name: LandscapeName, seed = 0): Model {
  const one = { inputShape: [1], units: 1 };
  switch (name) {
    case "saddle": {
      const hidden = layers.dense({ ...one, activation: "tanh", useBias: false });
      return sequential({ seed, layers: [hidden, layers.dense({ units: 1, useBias: false })] });
    }
    case "plateau":
      return sequential({ seed, layers: [layers.dense({ ...one, activation: "sigmoid" })] });
    default:
      return sequential({ seed, layers: [layers.dense(one)] });
  }
}

export function setWeights(net: Pick<TrainingModel, "setWeights">, place: Pair): void {
  net.setWeights(place.map((weight) => Float32Array.of(weight)));
}

/** The loss over all examples at each of n places, `places` [n, 2] -> [n]: one `fit` whose steps of length 0 are put there. */
export async function lossesAt(name: LandscapeName, places: Float32Array): Promise<Float32Array> {
  using net = buildNetwork(name);
  net.compile({ optimizer: optimizers.sgd({ learningRate: 0 }), loss: "meanSquaredError" });
  const { x, y } = landscapes[name];
  const losses = new Float32Array(places.length / 2);
  await net.fit(x, y, {
    batchSize: x.length,
    epochs: losses.length,
    shuffle: false,
    callbacks: [
      {
        onEpochBegin: (i, model) => setWeights(model, [places[2 * i] as number, places[2 * i + 1] as number]),
        onEpochEnd(i, { loss }) {
          losses[i] = loss;
        },
      },
    ],
  });
  return losses;
}
