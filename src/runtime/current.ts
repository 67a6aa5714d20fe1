import { ConfigError } from "../base/errors.js";
import { Engine, type EngineInfo, type EngineOptions } from "./engine.js";

let current: Promise<Engine> | undefined;
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
  return engine.info;
}

/** The engine that new models run on, started with defaults if none was. */
export function currentEngine(): Promise<Engine> {
  current ??= Engine.create().then((engine) => {
    ready = engine;
    return engine;
  });
  return current;
}

/** Which build runs on how many threads. Throws `ConfigError` before the first use and before `init()`. */
export function engine(): EngineInfo {
  if (!ready) throw new ConfigError("the engine has not started: await init() first");
  return ready.info;
}
