import { dirname } from "node:path";
import type { FileSystem } from "../../src/io/files.js";

/** What of the things that nobody brought to the disk is still there after the machine stopped: nothing, or names without their bytes. */
export type Forgets = "everything" | "bytes";

interface Node {
  bytes: Uint8Array | undefined;
  /** What of it is on the disk; a folder's is its names. */
  durable: Uint8Array | undefined;
}

/** A disk in memory that keeps what was synced, and forgets the rest when the machine stops. */
export class ForgetfulDisk implements FileSystem {
  readonly #forgets: Forgets;
  #entries = new Map<string, Node>();
  #durable = new Map<string, Node>();
  /** After so many calls from now on the machine stops. */
  #left = Infinity;

  constructor(forgets: Forgets) {
    this.#forgets = forgets;
    this.#entries.set("/", { bytes: undefined, durable: undefined });
    this.#durable = new Map(this.#entries);
  }

  stopAfter(calls: number): void {
    this.#left = calls;
  }

  /** The machine starts anew. */
  start(): void {
    this.#left = Infinity;
    if (this.#forgets === "everything") this.#entries = new Map(this.#durable);
    for (const node of this.#entries.values()) node.bytes = node.durable;
    for (const path of [...this.#entries.keys()].sort()) {
      if (path !== "/" && !this.#entries.has(dirname(path))) this.#entries.delete(path);
    }
    this.#durable = new Map(this.#entries);
  }

  async mkdir(path: string): Promise<string | undefined> {
    this.#call();
    const missing: string[] = [];
    for (let folder = path; !this.#entries.has(folder); folder = dirname(folder)) missing.unshift(folder);
    for (const folder of missing) this.#entries.set(folder, { bytes: undefined, durable: undefined });
    return missing[0];
  }

  async open(path: string, flags: string) {
    this.#call();
    if (flags === "wx") {
      this.#find(dirname(path));
      if (this.#entries.has(path)) throw failure("EEXIST");
      this.#entries.set(path, { bytes: new Uint8Array(), durable: new Uint8Array() });
    }
    const node = this.#find(path);
    return {
      stat: async () => ({ size: node.bytes?.length ?? 0 }),
      read: async (bytes: Uint8Array, offset: number, length: number, position: number | null) => {
        const part = (node.bytes as Uint8Array).subarray(position ?? 0, (position ?? 0) + length);
        bytes.set(part, offset);
        return { bytesRead: part.length };
      },
      writeFile: async (bytes: Uint8Array) => {
        this.#call();
        node.bytes = bytes.slice();
      },
      sync: async () => {
        this.#call();
        node.durable = node.bytes;
        if (node.bytes === undefined) this.#syncNames(path);
      },
      close: async () => {},
    };
  }

  async readdir(path: string): Promise<string[]> {
    this.#call();
    this.#find(path);
    return [...this.#entries.keys()]
      .filter((entry) => entry !== path && dirname(entry) === path)
      .map((entry) => entry.slice(path.length + 1));
  }

  async readlink(): Promise<string> {
    throw failure("EINVAL");
  }

  async realpath(path: string): Promise<string> {
    this.#find(path);
    return path;
  }

  async rename(from: string, to: string): Promise<void> {
    this.#call();
    this.#entries.set(to, this.#find(from));
    this.#entries.delete(from);
  }

  async rm(path: string): Promise<void> {
    this.#call();
    this.#entries.delete(path);
  }

  async stat(path: string) {
    const node = this.#find(path);
    return { mode: 0o644, isFile: () => node.bytes !== undefined };
  }

  #syncNames(folder: string): void {
    const isIn = (path: string) => path !== folder && dirname(path) === folder;
    for (const path of this.#durable.keys()) if (isIn(path) && !this.#entries.has(path)) this.#durable.delete(path);
    for (const [path, node] of this.#entries) if (isIn(path)) this.#durable.set(path, node);
  }

  #find(path: string): Node {
    const node = this.#entries.get(path);
    if (!node) throw failure("ENOENT");
    return node;
  }

  #call(): void {
    if (this.#left-- <= 0) throw failure("EIO");
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
