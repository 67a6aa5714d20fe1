import { ConfigError } from "../base/errors.js";

interface Builtins {
  "fs/promises": typeof import("node:fs/promises");
  module: typeof import("node:module");
  path: typeof import("node:path");
}

/**
 * One of Node's own modules. Its name is put together at run time, so that a bundler for browsers does not look for it.
 * @throws ConfigError outside Node, naming `caller`
 */
export async function nodeModule<N extends keyof Builtins>(name: N, caller: string): Promise<Builtins[N]> {
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ `node:${name}`);
  } catch (cause) {
    throw new ConfigError(`${caller} reads files, which takes Node; elsewhere, fetch the files and use data.idx`, {
      cause,
    });
  }
}
