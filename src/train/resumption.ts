import type { OpenedCheckpoint } from "../io/index.js";

/** Where a run goes on. It may be forgotten once everything is put back: it is as large as the model and the optimizer's state. */
export interface Resumption {
  from?: OpenedCheckpoint;
}

/** What `resume` asks for: nothing where it is undefined or its folder holds no checkpoint. Throws `ConfigError` or `FormatError`. */
export async function openResumption(resume: string | undefined): Promise<Resumption> {
  if (resume === undefined) return {};
  const { openCheckpoint } = await import("../io/index.js");
  const from = await openCheckpoint(resume);
  return from ? { from } : {};
}
