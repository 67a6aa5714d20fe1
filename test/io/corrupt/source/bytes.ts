/** Files by name. */
export type FilesByName = Readonly<Record<string, Uint8Array>>;

export function text(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The bytes with others from `at` on, which counts from the end where it is negative. */
export function changed(bytes: Uint8Array, at: number, ...values: readonly number[]): Uint8Array {
  const result = bytes.slice();
  result.set(values, at < 0 ? bytes.length + at : at);
  return result;
}

export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const place = at < 0 ? bytes.length + at : at;
  return changed(bytes, place, (bytes[place] as number) ^ 1);
}
