import { createStore, get, set, type UseStore } from "idb-keyval";
import { show } from "../base/check.js";
import { ConfigError, FormatError, StorageError } from "../base/errors.js";
import { isNode, nodeModule } from "../base/node.js";
import { type FileSystem, followLinks, hostFiles, readFile, writeFile } from "./files.js";

/** Files by name, such as a `model.json` and its shards. */
export type NamedBytes = Readonly<Record<string, Uint8Array>>;

/**
 * Where a model is read from: a path or a `file:` URL in Node; an address (a text or a `URL`); `indexeddb://name` in a browser;
 * a `Blob` or `File`; bytes; or several files by name.
 */
export type Source =
  | string
  | URL
  | Blob
  | ArrayBuffer
  | Uint8Array
  | Readonly<Record<string, Uint8Array | Blob>>
  | readonly File[];

/** A file to be written; the first of several is the one that names the others. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file with what lies beside it. */
export interface OpenedFile {
  /** What errors call it, and what tells its format. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The bytes of a file beside it. Throws `ConfigError` where there is none. */
  sibling(name: string): Promise<Uint8Array>;
}

const DATABASE = "indexeddb://";

/** A shard of a model file of TensorFlow.js, as neurone names it: whose it is, and a hash of the weights. */
const SHARD = /^(.+)\.[0-9a-f]{8}\.group1-shard\d+of\d+\.bin$/;

/** Opens `source`. Throws `ConfigError` for what is no source or cannot be read. */
export async function open(source: Source, signal?: AbortSignal): Promise<OpenedFile> {
  signal?.throwIfAborted();
  // A view that is no Buffer, whose slice() is another one.
  if (source instanceof Uint8Array) {
    return single("the model", new Uint8Array(source.buffer, source.byteOffset, source.length));
  }
  if (source instanceof ArrayBuffer) return single("the model", new Uint8Array(source));
  if (typeof Blob === "function" && source instanceof Blob) {
    const name = "name" in source && typeof source.name === "string" ? source.name : "the model";
    return single(name, new Uint8Array(await source.arrayBuffer()));
  }
  if (typeof source === "string" && source.startsWith(DATABASE)) return openKey(source);
  if (typeof source === "string" && isNode && !/^(file|https?|blob|data):/i.test(source)) return openPath(source);
  if (source instanceof URL || typeof source === "string") {
    const url = urlOf(source);
    return url.protocol === "file:" ? openPath(await pathOf(url)) : openUrl(url, signal);
  }
  const files = await bytesByName(source);
  if (files) return openNamed("the model", files);
  throw new ConfigError(`load: a path, a URL, a Blob, an ArrayBuffer or bytes expected, got ${show(source)}`);
}

/**
 * Keeps `files`, the first under the name `target`, the others beside it.
 * @throws ConfigError for a target that cannot be, StorageError where it could not be written
 */
export async function keep(target: string | URL, files: readonly NamedFile[]): Promise<void> {
  if (typeof target === "string" && target.startsWith(DATABASE)) return keepUnderKey(target, files);
  if (typeof target === "string" && /^file:\/\//i.test(target)) return keep(urlOf(target), files);
  const isAddress = typeof target === "string" && /^[a-z]{2,}:\/\//i.test(target);
  const isFile = target instanceof URL ? target.protocol === "file:" : target !== "" && !isAddress;
  if (!isFile) throw new ConfigError(`save: a path, a file: URL or ${DATABASE}name expected, got ${show(target)}`);
  if (!isNode) {
    throw new ConfigError(`save: paths take Node; elsewhere, save to ${DATABASE}name or take the bytes of save()`);
  }
  const fs = await hostFiles();
  const named = target instanceof URL ? await pathOf(target) : target;
  // Through a link the files come to lie where it leads.
  const path = await followLinks(fs, named);
  await inTurn(path, () => writeFiles(fs, path, files));
}

/** The last save of each path, which the next one waits for: those of several files must not mix. */
const saves = new Map<string, Promise<void>>();

async function inTurn(path: string, save: () => Promise<void>): Promise<void> {
  const run = (saves.get(path) ?? Promise.resolve()).then(save);
  const settled = run.catch(() => undefined);
  saves.set(path, settled);
  await settled;
  if (saves.get(path) === settled) saves.delete(path);
  await run;
}

async function writeFiles(fs: FileSystem, path: string, files: readonly NamedFile[]): Promise<void> {
  const { dirname, join } = await nodeModule("path", "save");
  // The first names the others: it comes last, when they are there.
  for (const [i, { name, bytes }] of [...files.entries()].reverse()) {
    await writeFile(fs, i === 0 ? path : join(dirname(path), name), bytes);
  }
  if (files.length > 1) await removeReplaced(fs, dirname(path), files);
}

/** Takes away the shards that the model file named before. Where one cannot be taken away it is no harm. */
async function removeReplaced(fs: FileSystem, folder: string, files: readonly NamedFile[]): Promise<void> {
  const { join } = await nodeModule("path", "save");
  const kept = new Set(files.map(({ name }) => name));
  const stemOf = (name: string) => SHARD.exec(name)?.[1];
  const stem = stemOf(files.at(-1)?.name ?? "");
  for (const name of await fs.readdir(folder).catch(() => [])) {
    if (stem === undefined || stemOf(name) !== stem || kept.has(name)) continue;
    await fs.rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** The last part of a path or an address. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}

function single(name: string, bytes: Uint8Array): OpenedFile {
  return {
    name,
    bytes,
    sibling: async (other) => {
      throw new ConfigError(`${name}: it comes with ${other}; give both, as { [name]: bytes }`);
    },
  };
}

/** Several files by name, given so or as a list; undefined for anything else. */
async function bytesByName(source: unknown): Promise<NamedBytes | undefined> {
  if (typeof source !== "object" || source === null || ArrayBuffer.isView(source)) return undefined;
  const entries = Array.isArray(source)
    ? source.map((file) => [String(Object(file).name), file])
    : Object.entries(source);
  const files: Record<string, Uint8Array> = {};
  for (const [name, given] of entries as [string, unknown][]) {
    const bytes = given instanceof Blob ? new Uint8Array(await given.arrayBuffer()) : given;
    if (!(bytes instanceof Uint8Array)) return undefined;
    files[name] = bytes;
  }
  return files;
}

function openNamed(what: string, files: NamedBytes): OpenedFile {
  const names = Object.keys(files);
  const name = names.length === 1 ? names[0] : names.find((one) => one.endsWith(".json"));
  if (name === undefined)
    throw new ConfigError(`${what}: a model.json expected among ${names.join(", ") || "no files"}`);
  return { name, bytes: bytesOf(what, files, name), sibling: async (wanted) => bytesOf(what, files, wanted) };
}

function bytesOf(what: string, files: NamedBytes, name: string): Uint8Array {
  const bytes = Object.hasOwn(files, name) ? files[name] : undefined;
  if (bytes instanceof Uint8Array) return bytes;
  throw new ConfigError(`${what}: the bytes of ${name} expected, got ${show(bytes)}`);
}

async function openPath(path: string): Promise<OpenedFile> {
  const fs = await hostFiles();
  const { dirname, join } = await nodeModule("path", "load");
  return { name: path, bytes: await readFile(fs, path), sibling: (name) => readFile(fs, join(dirname(path), name)) };
}

async function openUrl(url: URL, signal: AbortSignal | undefined): Promise<OpenedFile> {
  const name = url.protocol === "data:" ? "the model" : url.href;
  const bytes = await fetchBytes(url, signal);
  if (!/^https?:$/.test(url.protocol)) return single(name, bytes);
  return { name, bytes, sibling: (other) => fetchBytes(new URL(encodeURIComponent(other), url), signal) };
}

/** An address, of a page beside the page. Throws `ConfigError` for what is none. */
function urlOf(source: string | URL): URL {
  try {
    return new URL(source, globalThis.location?.href);
  } catch (cause) {
    throw new ConfigError(`an address expected, got ${show(String(source))}`, { cause });
  }
}

async function fetchBytes(url: URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
    if (response.ok) return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ConfigError(`${url.href} cannot be fetched: ${(cause as Error).message}`, { cause });
  }
  throw new ConfigError(`${url.href} cannot be fetched: the server answered ${response.status}`);
}

async function openKey(key: string): Promise<OpenedFile> {
  const models = database();
  let found: unknown;
  try {
    found = await get(key, models);
  } catch (cause) {
    throw new ConfigError(`${key} cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (found === undefined) throw new ConfigError(`${key}: nothing is kept under this name`);
  if (!isFiles(found)) throw new FormatError(`${key}: what is kept there is no model`);
  const files = Object.fromEntries(found.map(({ name, bytes }) => [name, bytes]));
  return { name: key, bytes: (found[0] as NamedFile).bytes, sibling: async (name) => bytesOf(key, files, name) };
}

function isFiles(kept: unknown): kept is readonly NamedFile[] {
  const isFile = (one: unknown) => (Object(one) as Partial<NamedFile>).bytes instanceof Uint8Array;
  return Array.isArray(kept) && kept.length > 0 && kept.every(isFile);
}

async function keepUnderKey(key: string, files: readonly NamedFile[]): Promise<void> {
  const models = database();
  try {
    await set(key, files, models);
  } catch (cause) {
    throw new StorageError(`${key} cannot be kept: ${(cause as Error).message}`, { cause });
  }
}

let store: UseStore | undefined;

/** Where a browser keeps models: a database of this origin's. */
function database(): UseStore {
  if (typeof indexedDB === "undefined") {
    throw new ConfigError(`${DATABASE} takes a browser's IndexedDB; in Node, give a path`);
  }
  store ??= createStore("neurone", "models");
  return store;
}

/** The path that a `file:` URL names. Node's functions on files take such URLs, but what lies beside is found by path. */
async function pathOf(url: URL): Promise<string> {
  const { fileURLToPath } = await nodeModule("url", "neurone");
  return fileURLToPath(url);
}
