import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { css, diverging } from "../../shared/colors.js";
import { useDrawing } from "./drawing.js";
import { Editor } from "./editor.js";
import { FEATURES, type Feature } from "./features.js";
import { Heads } from "./heads.js";
import type { Report } from "./job.js";
import { type Layout, type Line, layoutOf, type Node, pathOf, tensorOf } from "./layout.js";
import { featureName, outputName } from "./names.js";
import { nodeName } from "./node-name.js";
import { paintNeurons } from "./paint.js";
import { outputOf } from "./recipe.js";
import { edited, experiment, lane, opener, settings, state } from "./state.js";
import { t } from "./text.js";

/** The network: a column each for the inputs, the hidden layers and the outputs. */
export function Diagram() {
  const scroller = useRef<HTMLDivElement>(null);
  const room = useSignal(0);
  useEffect(() => {
    const element = scroller.current as HTMLDivElement;
    const observer = new ResizeObserver(() => (room.value = element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const layout = useComputed(() => {
    const { features, layers, loss } = experiment.value.settings;
    const scale = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    return layoutOf(features, layers, outputOf(experiment.value.task, loss).units, room.value, scale);
  });
  const { width, height, nodes } = layout.value;
  return (
    <div
      ref={scroller}
      class="playground-net"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be reached by keys
      tabIndex={0}
      role="region"
      aria-label={t.diagram}
    >
      <div style={{ width: `${width}px`, height: `${height}px` }}>
        <Lines layout={layout.value} />
        <Maps layout={layout.value} />
        <Heads layout={layout.value} />
        {nodes.map((node) => (
          <NodeButton node={node} />
        ))}
        <Editor layout={layout.value} />
      </div>
    </div>
  );
}

function open(weight: string, index: number, by?: HTMLButtonElement): void {
  opener.value = by;
  edited.value = { weight, index };
}

function Lines({ layout }: { readonly layout: Layout }) {
  const svg = useRef<SVGSVGElement>(null);
  useDrawing(() => {
    if (lane.report.value) strokeLines(svg.current as SVGSVGElement, layout.lines, lane.report.value);
  }, [layout]);
  return (
    <svg ref={svg} width={layout.width} height={layout.height} role="group" aria-label={t.weight}>
      {layout.lines.map((line) => (
        <path class="line" d={pathOf(line, layout.node)} />
      ))}
      {layout.lines.map((line) => (
        // Keys come to weights by their neurons: a tab stop for each would be hundreds.
        <path
          class="reach"
          d={pathOf(line, layout.node)}
          role="button"
          tabindex={-1}
          aria-label={t.line(nodeName(line.from), nodeName(line.to))}
          onClick={() => open(line.weight, line.index)}
          onKeyDown={({ key }) => key === "Enter" && open(line.weight, line.index)}
        />
      ))}
    </svg>
  );
}

/** Gives each line the width and colour of its weight, where that is to be seen. */
function strokeLines(svg: SVGSVGElement, lines: readonly Line[], { weights }: Report): void {
  const kernels = new Map(weights.map(({ name, data }) => [name, data]));
  const colors = [css(diverging(-1)), css(diverging(1))] as const;
  const paths = svg.querySelectorAll<SVGPathElement>(".line");
  lines.forEach(({ weight, index }, i) => {
    const value = kernels.get(weight)?.[index] ?? 0;
    const size = Math.abs(value);
    const width = (0.4 + Math.min(5, 1.4 * size)).toFixed(1);
    const style = `stroke:${colors[value < 0 ? 0 : 1]};stroke-width:${width};stroke-opacity:${size > 0.5 ? 0.9 : 0.5}`;
    const path = paths[i] as SVGPathElement;
    if (path.getAttribute("style") !== style) path.setAttribute("style", style);
  });
}

function Maps({ layout }: { readonly layout: Layout }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useDrawing(() => {
    const tiles = lane.report.value?.tiles;
    if (tiles) paintNeurons(canvas.current as HTMLCanvasElement, layout, tiles);
  }, [layout]);
  return (
    <canvas ref={canvas} aria-hidden="true" style={{ width: `${layout.width}px`, height: `${layout.height}px` }} />
  );
}

function NodeButton({ node }: { readonly node: Node }) {
  const { column, unit, x, y, tile } = node;
  const place = { left: `${x}px`, top: `${y}px` };
  if (column === 0) {
    const feature = FEATURES[unit] as Feature;
    const { features } = state;
    const toggle = () => {
      const left = FEATURES.filter((one) => features.value.includes(one) !== (one === feature));
      if (left.length > 0) features.value = left;
    };
    return (
      <>
        <span class="playground-name before" style={place} aria-hidden="true">
          {featureName(feature)}
        </span>
        <button
          type="button"
          class="playground-node"
          style={place}
          aria-pressed={tile !== undefined}
          aria-label={t.feature(featureName(feature))}
          onClick={toggle}
        />
      </>
    );
  }
  const { layers, loss } = experiment.value.settings;
  const isHidden = column <= layers.length;
  const { units } = outputOf(experiment.value.task, loss);
  const name = outputName(unit, units, experiment.value.task, settings.value);
  return (
    <>
      <button
        type="button"
        class="playground-node"
        style={place}
        aria-label={isHidden ? t.neuron(unit + 1, column) : t.output(name)}
        onClick={({ currentTarget }) => {
          open(tensorOf(column - 1, "bias"), unit, currentTarget);
        }}
      />
      {!isHidden && (
        <span class="playground-name after" style={place} aria-hidden="true">
          {name}
        </span>
      )}
    </>
  );
}
