import { useFrame } from "./plane-frame.js";

/** The line w1 x + w2 y + b = 0 with, at its middle, an arrow along w: the side where the sum is positive. Nothing where w is 0. */
export function BoundaryLine({
  w,
  b,
  class: name,
  arrow = true,
}: {
  readonly w: readonly [number, number];
  readonly b: number;
  readonly class?: string;
  readonly arrow?: boolean;
}) {
  const frame = useFrame();
  const square = w[0] ** 2 + w[1] ** 2;
  if (!(square > 0)) return null;
  const { xRange, yRange } = frame;
  const center = [(xRange.min + xRange.max) / 2, (yRange.min + yRange.max) / 2] as const;
  // The point of the line that is nearest to the plane's middle.
  const distance = (w[0] * center[0] + w[1] * center[1] + b) / square;
  const [px, py] = [center[0] - distance * w[0], center[1] - distance * w[1]];
  const length = Math.sqrt(square);
  const reach = 2 * (xRange.max - xRange.min + yRange.max - yRange.min);
  const [dx, dy] = [(-w[1] / length) * reach, (w[0] / length) * reach];
  const [nx, ny] = [w[0] / length, w[1] / length];
  const arrowLength = 0.09 * (xRange.max - xRange.min);
  const tip = [frame.x(px + nx * arrowLength), frame.y(py + ny * arrowLength)] as const;
  const angle = (Math.atan2(tip[1] - frame.y(py), tip[0] - frame.x(px)) * 180) / Math.PI;
  return (
    <g class={name === undefined ? "boundary" : `boundary ${name}`} aria-hidden="true">
      <path d={`M${frame.x(px - dx)} ${frame.y(py - dy)}L${frame.x(px + dx)} ${frame.y(py + dy)}`} />
      {arrow && (
        <>
          <path d={`M${frame.x(px)} ${frame.y(py)}L${tip[0]} ${tip[1]}`} />
          <path class="tip" d="M0 0L-9-4.5V4.5Z" transform={`translate(${tip[0]} ${tip[1]}) rotate(${angle})`} />
        </>
      )}
    </g>
  );
}
