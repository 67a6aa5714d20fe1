import { moving, over } from "../stream.mjs";

/** Parameters of 784-128-10 and 784-512-512-10, as many as whole cache lines hold. */
const PARAMETERS = [101_776, 669_712];

/** Steps that one call of the core does: each reads scalars of its own. */
const STEPS = 64;

/** All arrays of a step, parameters, gradient and state, are loaded; all but the gradient are stored. */
export function optimizers(workbench, limits) {
  const { optimizers: made } = workbench.source;
  const kinds = [
    {
      name: "sgd",
      optimizer: made.sgd(),
      stream: (times, param, ...rest) => limits.combine(times, param, param, ...rest),
    },
    { name: "momentum", optimizer: made.sgd({ momentum: 0.9 }), stream: limits.update2 },
    { name: "adam", optimizer: made.adam(), stream: limits.update3 },
  ];
  return PARAMETERS.flatMap((count) =>
    kinds.map(({ name, optimizer, stream }) => {
      const slots = Array.from({ length: optimizer.slots }, () => workbench.numbers(count, () => 0));
      const scalars = workbench.numbers(STEPS * optimizer.scalars, () => 1e-6);
      const call = optimizer.update(workbench.noise(count), workbench.noise(count), slots, count, scalars);
      const run = workbench.calls(1, (lowering) => lowering.emit(call));
      const kernel = (times) => {
        for (let left = times; left > 0; left -= STEPS) run(Math.min(left, STEPS));
      };
      const arrays = 2 + optimizer.slots;
      const numbers = (2 * arrays - 1) * count;
      return moving(`${name}, ${count} parameters`, numbers, kernel, over(workbench, stream, arrays, count));
    }),
  );
}
