import type { Signal } from "@preact/signals";
import { Point } from "./class-marks.js";
import { Button, Buttons, Segments } from "./controls.js";
import { Handle } from "./handle.js";
import { texts } from "./language.js";
import { type Codec, codecs } from "./link-state.js";
import { roundPlace } from "./places.js";

const t = texts({
  en: {
    point: (number: number, kind: number) => `Point ${number}, class ${kind}`,
    places: "A click in the plane places",
    kind: (kind: string) => `class ${kind}`,
    undo: "Remove the last",
    clear: "Remove all",
  },
  fr: {
    point: (number, kind) => `Point ${number}, classe ${kind}`,
    places: "Un clic dans le plan place",
    kind: (kind) => `classe ${kind}`,
    undo: "Retirer le dernier",
    clear: "Tout retirer",
  },
});

/** An example that the reader placed in the plane. */
export interface PlacedPoint {
  readonly x: number;
  readonly y: number;
  /** Its class, from 0. */
  readonly kind: number;
}

/** Points with coordinates within the range, in so many classes, as they stand in a link. */
export function pointsCodec(min: number, max: number, kinds: number, most: number): Codec<readonly PlacedPoint[]> {
  const coordinate = codecs.number(min, max);
  const kind = codecs.integer(0, kinds - 1);
  return codecs.list(
    {
      parse(text) {
        const [x = "", y = "", k = "", ...more] = text.split("~");
        const point = { x: coordinate.parse(x), y: coordinate.parse(y), kind: kind.parse(k) };
        const whole = more.length === 0 && Object.values(point).every((part) => part !== undefined);
        return whole ? (point as PlacedPoint) : undefined;
      },
      format: (point) => [coordinate.format(point.x), coordinate.format(point.y), kind.format(point.kind)].join("~"),
    },
    most,
  );
}

/** One point more, unless there are as many as a link holds. */
export function placePoint(points: Signal<readonly PlacedPoint[]>, point: PlacedPoint, most: number): void {
  if (points.value.length >= most) return;
  points.value = [...points.value, { x: roundPlace(point.x), y: roundPlace(point.y), kind: point.kind }];
}

interface PlacedPointsProps {
  readonly points: Signal<readonly PlacedPoint[]>;
  /** Whether the point of this number gets a ring. */
  readonly ring?: (number: number) => boolean;
}

/** The points in a `Plane`, each to be moved by pointer or keys. */
export function PlacedPoints({ points, ring }: PlacedPointsProps) {
  return (
    <>
      {points.value.map(({ x, y, kind }, i) => (
        <>
          <Point x={x} y={y} kind={kind} ring={ring?.(i) ?? false} />
          <Handle
            x={x}
            y={y}
            label={t.point(i + 1, kind)}
            onMove={(x, y) => {
              const moved = { x: roundPlace(x), y: roundPlace(y), kind };
              points.value = points.value.map((point, at) => (at === i ? moved : point));
            }}
          >
            <g />
          </Handle>
        </>
      ))}
    </>
  );
}

interface PlacingProps<T extends string> {
  readonly points: Signal<readonly PlacedPoint[]>;
  /** The class, as a text, that the next click places. */
  readonly kind: Signal<T>;
  readonly kinds: readonly T[];
}

/** What clicks place, and taking points away again. */
export function Placing<T extends string>({ points, kind, kinds }: PlacingProps<T>) {
  const empty = points.value.length === 0;
  return (
    <>
      <Segments label={t.places} value={kind} options={kinds.map((value) => ({ value, label: t.kind(value) }))} />
      <Buttons>
        <Button disabled={empty} onClick={() => (points.value = points.value.slice(0, -1))}>
          {t.undo}
        </Button>
        <Button disabled={empty} onClick={() => (points.value = [])}>
          {t.clear}
        </Button>
      </Buttons>
    </>
  );
}
