/**
 * Whether products take tiles of 6 rows: faster where the engine keeps their 15 numbers in registers (V8 from 13 on), half as
 * fast where it does not (V8 12). Each instance has its own, a global of wasm, since threads share the memory.
 */
export let tall = false;

export function setTall(value: bool): void {
  tall = value;
}
