import { useEffect, useRef } from "preact/hooks";
import type { Rgb } from "./colors.js";
import { scheme } from "./scheme.js";

interface HeatMapProps {
  /** `[rows, columns]`, row-major, the topmost row first. */
  readonly values: ArrayLike<number>;
  readonly columns: number;
  readonly rows: number;
  /** The colour of a value, for -1..1 `diverging`, for 0..1 `sequential`. */
  readonly color: (value: number) => Rgb;
  /** What the map shows, for those who do not see it. Without it the map is decoration. */
  readonly label?: string;
  /** Whether cells keep sharp edges. */
  readonly pixels?: boolean;
  readonly class?: string;
}

/** A grid of numbers as an image, stretched to the room that it gets. Drawn when `values` is another array or the scheme changes. */
export function HeatMap({ values, columns, rows, color, label, pixels, class: name }: HeatMapProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const current = scheme.value;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(columns, rows);
    for (let i = 0; i < columns * rows; i++) {
      const [red, green, blue] = color(values[i] as number);
      image.data[4 * i] = red;
      image.data[4 * i + 1] = green;
      image.data[4 * i + 2] = blue;
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [values, columns, rows, color, current]);
  const classes = ["heat-map", pixels && "pixels", name].filter(Boolean).join(" ");
  return (
    <canvas
      ref={canvas}
      width={columns}
      height={rows}
      class={classes}
      {...(label === undefined ? { "aria-hidden": "true" } : { role: "img", "aria-label": label })}
    />
  );
}
