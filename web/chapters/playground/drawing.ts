import { effect } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { scheme } from "../../shared/scheme.js";

/** Draws whenever the signals that `draw` reads, or the colours, are others: much cheaper than rendering anew. `inputs`: what else it depends on. */
export function useDrawing(draw: () => void, inputs: readonly unknown[]): void {
  // At once, before another report comes: what is drawn into has just been rendered for these inputs.
  useLayoutEffect(
    () =>
      effect(() => {
        scheme.value;
        draw();
      }),
    [...inputs],
  );
}
