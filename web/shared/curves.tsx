import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "preact/hooks";
import type UPlot from "uplot";
import { css, type Rgb } from "./colors.js";
import { language, show } from "./language.js";
import { scheme } from "./scheme.js";

export interface Curve {
  readonly label: string;
  readonly color: Rgb;
  /** One value for each of `x`; null where there is none. */
  readonly values: readonly (number | null)[];
  readonly dashed?: boolean;
}

interface CurvesProps {
  /** What the curves show, for those who do not see them; their last values are added. */
  readonly label: string;
  /** Ascending. */
  readonly x: readonly number[];
  readonly curves: readonly Curve[];
  readonly xName?: string;
  readonly yRange?: readonly [number | null, number | null];
  readonly logarithmic?: boolean;
  readonly height?: number;
  readonly decimals?: number;
}

/** Curves over common x, by uPlot, which is fetched when there is something to draw: as wide as there is room. Drawn anew when `x` or `curves` are others. */
export function Curves(props: CurvesProps) {
  const { label, x, curves, height = 180, decimals = 3 } = props;
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);
  const shape = JSON.stringify([
    curves.map(({ label, color, dashed }) => [label, color, dashed]),
    props.logarithmic,
    props.yRange,
    props.xName,
    height,
    scheme.value,
  ]);
  const latest = useRef(props);
  latest.current = props;
  const isEmpty = x.length < 2;
  useEffect(() => {
    if (isEmpty) return;
    const element = holder.current as HTMLDivElement;
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    let isGone = false;
    const draw = async () => {
      const { default: UPlot } = await import("uplot");
      if (isGone) return;
      plot.current = new UPlot(optionsFor(latest.current, element), dataOf(latest.current), element);
      observer.observe(element);
    };
    draw();
    return () => {
      isGone = true;
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [shape, isEmpty]);
  useEffect(() => plot.current?.setData(dataOf(props)), [x, curves]);
  const shown = curves.map((curve) => ({ ...curve, last: textOf(curve, decimals) }));
  return (
    <figure class="curves">
      <p aria-hidden="true">{label}</p>
      <div
        ref={holder}
        style={{ minHeight: `${height}px` }}
        role="img"
        aria-label={`${label}: ${shown.map(({ label, last }) => `${label} ${last}`).join(", ")}`}
      />
      <figcaption>
        {shown.map(({ label, color, dashed, last }) => (
          <span>
            <i style={{ borderTopColor: css(color), borderTopStyle: dashed ? "dashed" : "solid" }} />
            {label} <b>{last}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** What lies between two ticks of the x axis: it counts steps or epochs. */
const WHOLE_STEPS = Array.from({ length: 9 }, (_, i) => [1, 2, 5].map((times) => times * 10 ** i)).flat();

/** A curve's last value. */
function textOf({ values }: Curve, decimals: number): string {
  const last = values.findLast((value) => value !== null);
  return typeof last === "number" ? show(last, decimals) : "";
}

const dataOf = ({ x, curves }: CurvesProps) => [x, ...curves.map(({ values }) => values)] as UPlot.AlignedData;

function optionsFor({ curves, logarithmic, yRange, xName, height = 180 }: CurvesProps, element: HTMLElement) {
  const style = getComputedStyle(element);
  const [ink, line] = [style.getPropertyValue("--muted"), style.getPropertyValue("--line")];
  const font = `12px ${style.fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1, size: 4 } };
  const numbers = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
  const values = (_: UPlot, all: (number | null)[]) =>
    all.map((value) => {
      if (value === null) return "";
      return logarithmic && value > 0 && value < 1e-3 ? powerOfTen(value) : numbers.format(value);
    });
  const options: UPlot.Options = {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false },
      y: logarithmic ? { distr: 3 } : { range: { min: limit(yRange?.[0]), max: limit(yRange?.[1]) } },
    },
    axes: [
      {
        ...axis,
        size: xName ? 42 : 28,
        values,
        incrs: WHOLE_STEPS,
        ...(xName ? { label: xName, labelSize: 14, labelFont: font } : {}),
      },
      logarithmic
        ? {
            ...axis,
            size: 52,
            values,
            grid: { ...axis.grid, filter: decades },
            ticks: { ...axis.ticks, filter: decades },
          }
        : { ...axis, size: 52, values },
    ],
    series: [
      {},
      ...curves.map(({ label, color, dashed }) => ({
        label,
        stroke: css(color),
        width: 2,
        spanGaps: true,
        points: { show: false },
        ...(dashed ? { dash: [6, 4] } : {}),
      })),
    ],
  };
  return options;
}

/** A power of ten as one, where its zeros have no room. */
const powerOfTen = (value: number) =>
  `10⁻${[...String(Math.round(-Math.log10(value)))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`;

/** Of the lines of a logarithmic axis those at powers of ten: all of them are a grey band where there are many. */
const decades = (_: UPlot, splits: number[]) =>
  splits.map((value) => (Number.isInteger(Math.round(1e6 * Math.log10(value)) / 1e6) ? value : null));

/** One end of the y axis: fixed, or a little beyond the data. */
const limit = (fixed: number | null | undefined): UPlot.Range.Limit =>
  typeof fixed === "number" ? { pad: 0, hard: fixed, soft: fixed, mode: 1 } : { pad: 0.05 };
