import type { Row } from "../row.js";
import { rows as activation } from "./activation.js";
import { rows as closeEpoch } from "./close-epoch.js";
import { rows as crossentropy } from "./crossentropy.js";
import { rows as dropout } from "./dropout.js";
import { rows as elementwise } from "./elementwise.js";
import { rows as gather } from "./gather.js";
import { rows as gradient } from "./gradient.js";
import { rows as loss } from "./loss.js";
import { rows as matmul } from "./matmul.js";
import { rows as metric } from "./metric.js";
import { rows as optimizer } from "./optimizer.js";
import { rows as softmax } from "./softmax.js";

/** Every row of every kernel. */
export const rows: readonly Row[] = [
  ...gather,
  ...closeEpoch,
  ...matmul,
  ...elementwise,
  ...dropout,
  ...loss,
  ...crossentropy,
  ...metric,
  ...gradient,
  ...optimizer,
  ...activation,
  ...softmax,
];
