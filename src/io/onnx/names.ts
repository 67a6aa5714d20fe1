import type { NodeProto } from "onnx-buf";

/** What stands before the names of everything in a model that TensorFlow saved. */
const PREFIX = /^(?:StatefulPartitionedCall\/)+/;

/** How exporters call the weights of a layer: PyTorch and Keras by the parameter, tf2onnx by the operator that read it. */
const WEIGHT =
  /^(.+?)(?:[./](?:weight|bias|kernel|scale|offset|gamma|beta)|\/(?:MatMul|BiasAdd|Cast|Add|Tensordot)(?:_\d+)?\/ReadVariableOp)(?:_\d+)?(?::\d+)?$/;

/** The name of the layer that a weight, by its name, belongs to: `fc1.weight` -> `fc1`; undefined where it says none. */
export function layerOfWeight(name: string): string | undefined {
  return WEIGHT.exec(name.replace(PREFIX, ""))?.[1];
}

/** The name of the layer that a node stands for: `/fc1/Gemm` -> `fc1`; undefined where it says none. */
export function layerOfNode({ name, opType }: NodeProto): string | undefined {
  const path = name.replace(PREFIX, "").split("/");
  const last = path.pop() as string;
  const stem = path.filter((part) => part !== "").join("/");
  return stem !== "" && last.startsWith(opType) ? stem : undefined;
}

/**
 * A name of its own for each layer: the wanted one, numbered where it is taken; those that want none are called by their
 * kind: `dense`, `dense_1`, ...
 */
export function uniqueNames(
  layers: readonly { readonly kind: string; readonly wanted: string | undefined }[],
): string[] {
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  const unique = (base: string) => {
    let name = base;
    while (taken.has(name)) {
      const count = (counts.get(base) ?? 0) + 1;
      counts.set(base, count);
      name = `${base}_${count}`;
    }
    taken.add(name);
    return name;
  };
  const names = layers.map(({ wanted }) => (wanted === undefined ? undefined : unique(wanted)));
  return layers.map(({ kind }, i) => names[i] ?? unique(kind));
}
