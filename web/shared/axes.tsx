import { show } from "./language.js";
import { clamp, type Range } from "./places.js";
import { SIZE, useFrame } from "./plane-frame.js";

/** A plane's grid, numbers and names. */
export function Axes({ xName, yName }: { readonly xName: string; readonly yName: string }) {
  const { x, y, xRange, yRange } = useFrame();
  const [zeroX, zeroY] = [x(clamp(0, xRange)), y(clamp(0, yRange))];
  return (
    <g class="axes" aria-hidden="true">
      {ticks(xRange).map((value) => (
        <g>
          <path d={`M${x(value)} 0V${SIZE}`} />
          {value !== 0 && x(value) > 12 && x(value) < SIZE - 24 && (
            <text x={x(value)} y={Math.min(zeroY + 14, SIZE - 4)} text-anchor="middle">
              {show(value, decimalsOf(xRange))}
            </text>
          )}
        </g>
      ))}
      {ticks(yRange).map((value) => (
        <g>
          <path d={`M0 ${y(value)}H${SIZE}`} />
          {value !== 0 && y(value) > 16 && y(value) < SIZE - 8 && (
            <text x={Math.max(zeroX - 5, 4)} y={y(value) + 4} text-anchor={zeroX < 24 ? "start" : "end"}>
              {show(value, decimalsOf(yRange))}
            </text>
          )}
        </g>
      ))}
      <path class="zero" d={`M0 ${zeroY}H${SIZE}M${zeroX} 0V${SIZE}`} />
      <text x={SIZE - 6} y={Math.max(zeroY - 6, 14)} text-anchor="end" class="name">
        {xName}
      </text>
      <text x={Math.min(zeroX + 8, SIZE - 30)} y={14} class="name">
        {yName}
      </text>
    </g>
  );
}

/** Some five round numbers (1, 2 or 5 times a power of ten apart) within the range. */
export function ticks({ min, max }: Range): number[] {
  const step = tickStep({ min, max });
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

function tickStep({ min, max }: Range): number {
  const rough = (max - min) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const times = rough / power;
  return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
}

const decimalsOf = (range: Range) => Math.max(0, -Math.floor(Math.log10(tickStep(range)) + 1e-9));
