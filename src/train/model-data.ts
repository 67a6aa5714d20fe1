import type { ModelData } from "../io/model-data.js";

export { restoreModel } from "./restore.js";

export function toModelData(net: { toData(): ModelData }): ModelData {
  return net.toData();
}
