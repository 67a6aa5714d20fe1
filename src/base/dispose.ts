/**
 * `Symbol.dispose`; where a host has none, as Firefox before 141 and Safari, what the `using` of esbuild, Babel and SWC looks for
 * instead.
 */
export const dispose: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);
