import brain from "brain.js";
import { ANSWERS, CORNERS, initialWeights } from "./data.mjs";
import { job, serve } from "./protocol.mjs";

/** One activation for all layers, squared error, and an update after each sample: a step here is four of them. */
function xor() {
  const data = ANSWERS.map((answer, i) => ({ input: CORNERS.slice(2 * i, 2 * i + 2), output: [answer] }));
  const [inputSize, hidden, outputSize] = job.layers;
  const net = new brain.NeuralNetwork({ inputSize, hiddenLayers: [hidden], outputSize, activation: "sigmoid" });
  net.initialize();
  for (const [i, { units, kernel, bias }] of initialWeights().entries()) {
    net.biases[i + 1].set(bias);
    for (const [unit, weights] of net.weights[i + 1].entries()) {
      for (let input = 0; input < weights.length; input++) weights[input] = kernel[input * units + unit];
    }
  }
  return (iterations) => {
    // It refuses zeros: the momentum does nothing and the threshold is never reached.
    const options = { iterations, learningRate: job.learningRate, momentum: 1e-9, errorThresh: 1e-12 };
    return { loss: net.train(data, options).error };
  };
}

await serve("plain JavaScript", { xor }, "squared error, sigmoid, an update a sample");
