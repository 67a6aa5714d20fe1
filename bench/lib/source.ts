// What bench/kernels.mjs takes from inside the library, so that its calls are those that training makes.
export { Kernel } from "../../assembly/kernels.js";
export { activation } from "../../src/ops/activation.js";
export { activationTable } from "../../src/ops/activation-table.js";
export { loss } from "../../src/ops/loss.js";
export { matmul } from "../../src/ops/matmul.js";
export { softmax } from "../../src/ops/softmax.js";
export { makePlan, relocate } from "../../src/plan/plan.js";
export { optimizers } from "../../src/train/optimizers.js";
