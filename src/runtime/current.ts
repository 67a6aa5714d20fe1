import { ConfigError } from "../base/errors.js";
import { Engine, type EngineInfo, type EngineOptions } from "./engine.js";

/** The engine of new models, or its start. */
let current: Promise<Engine> | undefined;
/** What the last `init` asked for: an engine that takes a dead one's place is of the same kind. */
let wanted: EngineOptions = {};
let ready: Engine | undefined;

/**
 * Starts the engine; optional, the first use does it with defaults. A later call starts another one for the models made
 * afterwards; models in use stay with theirs. Throws `ConfigError` for settings that cannot be used and leaves the
 * engine as it was.
 */
export async function init(options: EngineOptions = {}): Promise<EngineInfo> {
  const engine = await Engine.create(options);
  current = Promise.resolve(engine);
  ready = engine;
  wanted = options;
  return engine.info;
}

/** The engine that new models run on: started with defaults if none was, and anew after a trap. */
export async function currentEngine(): Promise<Engine> {
  current ??= Engine.create(wanted);
  const start = current;
  try {
    const engine = await start;
    if (current !== start) return currentEngine();
    if (engine.isAlive) {
      ready = engine;
      return engine;
    }
  } catch (error) {
    // A start that failed is tried again by the next use.
    if (current === start) current = undefined;
    throw error;
  }
  current = undefined;
  return currentEngine();
}

/** Which build runs on how many threads. Throws `ConfigError` before the first use and before `init()`. */
export function engine(): EngineInfo {
  if (!ready) throw new ConfigError("the engine has not started: await init() first");
  return ready.info;
}
