/** Blocks start at multiples of this many bytes: a cache line. */
export const ALIGNMENT = 64;

/** `bytes` rounded up to whole cache lines. */
export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Hands out stretches of a line of bytes that starts at 0: first fit, freed neighbours merged. It holds no memory itself;
 * plans use it for their arena, the runtime for the engine's memory.
 */
export class Arena {
  /** Free stretches below the end, by offset. */
  readonly #free: { offset: number; bytes: number }[] = [];
  #end = 0;

  /** How far the line was ever used. */
  get bytes(): number {
    return this.#end;
  }

  /** Offset of `bytes` free bytes; a size of 0 gets a stretch of its own too. */
  allocate(bytes: number): number {
    const size = sizeFor(bytes);
    const index = this.#fitting(size);
    if (index < 0) {
      const offset = this.#tail();
      if (offset !== this.#end) this.#free.pop();
      this.#end = offset + size;
      return offset;
    }
    const stretch = this.#free[index] as { offset: number; bytes: number };
    const offset = stretch.offset;
    if (stretch.bytes === size) {
      this.#free.splice(index, 1);
    } else {
      stretch.offset += size;
      stretch.bytes -= size;
    }
    return offset;
  }

  /** How many bytes are allocated. */
  get used(): number {
    return this.#free.reduce((bytes, stretch) => bytes - stretch.bytes, this.#end);
  }

  /** How far the line will have been used once `bytes` more are allocated. */
  endAfter(bytes: number): number {
    const size = sizeFor(bytes);
    return this.#fitting(size) < 0 ? this.#tail() + size : this.#end;
  }

  /** Returns what `allocate(bytes)` gave. */
  free(offset: number, bytes: number): void {
    const size = sizeFor(bytes);
    const next = this.#free.findIndex((stretch) => stretch.offset > offset);
    const index = next < 0 ? this.#free.length : next;
    const before = this.#free[index - 1];
    const after = this.#free[index];
    const joinsBefore = before !== undefined && before.offset + before.bytes === offset;
    const joinsAfter = after !== undefined && offset + size === after.offset;
    if (joinsBefore && joinsAfter) {
      before.bytes += size + after.bytes;
      this.#free.splice(index, 1);
    } else if (joinsBefore) {
      before.bytes += size;
    } else if (joinsAfter) {
      after.offset = offset;
      after.bytes += size;
    } else {
      this.#free.splice(index, 0, { offset, bytes: size });
    }
  }

  /** The first free stretch of `size` bytes or more, -1 without one. */
  #fitting(size: number): number {
    return this.#free.findIndex((stretch) => stretch.bytes >= size);
  }

  /** Where the free bytes at the line's end begin. */
  #tail(): number {
    const last = this.#free.at(-1);
    return last && last.offset + last.bytes === this.#end ? last.offset : this.#end;
  }
}

function sizeFor(bytes: number): number {
  return Math.max(align(bytes), ALIGNMENT);
}
