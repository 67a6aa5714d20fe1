import fc from "fast-check";

/** Numbers at the edges of what fields of 1 to 8 bytes hold. */
const EDGES = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** One change of a file's bytes. Places are taken modulo what there is. */
export interface ByteEdit {
  readonly kind: "flip" | "overwrite" | "insert" | "remove" | "repeat" | "truncate" | "splice";
  readonly at: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

/** A number of 1, 2, 4 or 8 bytes, in either order. */
const edgeBytes = fc
  .record({ value: fc.constantFrom(...EDGES), size: fc.constantFrom(1, 2, 4, 8), little: fc.boolean() })
  .map(({ value, size, little }) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, value, little);
    return new Uint8Array(view.buffer).slice(...(little ? [0, size] : [8 - size, 8]));
  });

export const byteEdit: fc.Arbitrary<ByteEdit> = fc.record({
  kind: fc.constantFrom("flip", "flip", "overwrite", "insert", "remove", "repeat", "truncate", "splice"),
  at: fc.nat(),
  length: fc.nat(12),
  bytes: fc.oneof(edgeBytes, fc.uint8Array({ minLength: 1, maxLength: 8 })),
});

/** Mostly one or two: after many nothing of a file is left that a reader would get far with. */
export function few<T>(edit: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.oneof<fc.MaybeWeightedArbitrary<readonly T[]>[]>(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: fc.tuple(edit) },
    { weight: 3, arbitrary: fc.array(edit, { minLength: 2, maxLength: 3 }) },
  );
}

/** One time in five. */
export function seldom<T>(edit: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: edit });
}

/** The bytes after one change; `other` is the file of which "splice" takes the end. */
export function editBytes(
  bytes: Uint8Array,
  { kind, at, length, bytes: given }: ByteEdit,
  other: Uint8Array,
): Uint8Array {
  const place = at % (bytes.length + 1);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  switch (kind) {
    case "flip": {
      const result = bytes.slice();
      if (place < result.length) result[place] = (result[place] as number) ^ (1 << (length % 8));
      return result;
    }
    case "overwrite": {
      const result = bytes.slice();
      result.set(given.subarray(0, after.length), place);
      return result;
    }
    case "insert":
      return join(before, given, after);
    case "remove":
      return join(before, after.subarray(length));
    case "repeat":
      return join(before, after.subarray(0, length), after);
    case "truncate":
      return before.slice();
    case "splice":
      return join(before, other.subarray(Math.min(place, other.length)));
  }
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
