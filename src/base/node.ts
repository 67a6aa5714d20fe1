import { ConfigError } from "./errors.js";

interface Builtins {
  "fs/promises": typeof import("node:fs/promises");
  module: typeof import("node:module");
  path: typeof import("node:path");
  url: typeof import("node:url");
}

/** Whether the host is Node, where a text names a file; in a browser it names an address. */
export const isNode = typeof globalThis.process?.versions?.node === "string";

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
