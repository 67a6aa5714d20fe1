import { availableParallelism } from "node:os";

const cores = availableParallelism();
const ALL = ["train-small", "train-large", "train-xor", "predict-1", "predict-1024"];
const INFERENCE = ["predict-1", "predict-1024"];

/** Thread counts worth trying: 1, 2, 4, ... and all cores. */
const counts = [...Array(32).keys()].map((power) => 2 ** power).filter((count) => count < cores);
counts.push(cores);

/** Both of PyTorch's thread settings: its BLAS has threads of its own. */
const torch = (blas, threads) => ({ env: { OPENBLAS_NUM_THREADS: String(blas) }, threads });

/**
 * Who takes part, in which order. `settings` is what a system's file is told; where there are several, each is tried
 * and the fastest takes part. `env` among them goes to the process's environment.
 */
export const SYSTEMS = [
  { name: "neurone", file: "neurone.mjs", tasks: ALL, settings: [{ threads: 1, numerics: "fast" }] },
  { name: "neurone-auto", file: "neurone.mjs", tasks: ALL, settings: [{ threads: "auto", numerics: "fast" }] },
  { name: "neurone-all", file: "neurone.mjs", tasks: ALL, settings: [{ threads: cores, numerics: "fast" }] },
  {
    name: "neurone-reproducible",
    file: "neurone.mjs",
    tasks: ALL,
    settings: [{ threads: 1, numerics: "reproducible" }],
  },
  { name: "pytorch", file: "pytorch.py", tasks: ALL, settings: [torch(1, 1)] },
  {
    name: "pytorch-all",
    file: "pytorch.py",
    tasks: ALL,
    settings: counts.flatMap((blas) => counts.map((threads) => torch(blas, threads))),
  },
  { name: "jax-js", file: "jax-js.mjs", tasks: ALL, settings: [{}] },
  { name: "tfjs-wasm", file: "tfjs.mjs", tasks: ALL, settings: [{ backend: "wasm" }] },
  { name: "tfjs-cpu", file: "tfjs.mjs", tasks: ALL, settings: [{ backend: "cpu" }] },
  { name: "convnetjs", file: "convnetjs.mjs", tasks: ALL, settings: [{}] },
  { name: "brain.js", file: "brain.mjs", tasks: ["train-xor"], settings: [{}] },
  { name: "onnxruntime-node", file: "onnxruntime-node.mjs", tasks: INFERENCE, settings: [{ threads: 1 }] },
  { name: "onnxruntime-node-all", file: "onnxruntime-node.mjs", tasks: INFERENCE, settings: [{ threads: cores }] },
  { name: "onnxruntime-web", file: "onnxruntime-web.mjs", tasks: INFERENCE, settings: [{ threads: 1 }] },
  { name: "onnxruntime-web-all", file: "onnxruntime-web.mjs", tasks: INFERENCE, settings: [{ threads: cores }] },
];

/** The systems that ratios are told against. */
export const OWN = ["neurone", "neurone-auto"];
