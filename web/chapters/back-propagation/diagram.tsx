import type { ComponentChildren } from "preact";
import { show } from "../../shared/language.js";
import {
  add,
  type Box,
  FACTORS,
  type Layout,
  line,
  middle,
  NODES,
  type Node,
  PARAMETER_STEPS,
  type Place,
  RADIUS,
  SLOPE_STEPS,
  type SlopeNode,
  SYMBOLS,
  TALL,
  USED,
  VALUE_STEPS,
  WIDE,
} from "./chain.js";
import { isDone, type Seen, step, usedGradients } from "./state.js";
import { t } from "./text.js";
import { PARAMETERS } from "./worker.js";

const SLOPES = Object.keys(SLOPE_STEPS) as SlopeNode[];
/** What has not been computed yet. */
const UNKNOWN = "?";

const number = (value: number) => show(value, 4);
const classes = (...names: readonly (string | false)[]) => names.filter(Boolean).join(" ");

/** The network as a chain, with what has been computed so far. */
export function Diagram({ seen, tall }: { readonly seen: Seen; readonly tall: boolean }) {
  const layout = tall ? TALL : WIDE;
  const { nodes, boxes } = layout;
  const { pass, parameters, example, next } = seen;
  const now = step.value;
  const isUpdate = now === "update";
  const gradients = usedGradients(seen);
  const used = (name: Node | Box) => USED[now].includes(name) && "used";
  return (
    <svg
      class={classes("back-propagation-chain", tall && "tall")}
      viewBox={`0 0 ${layout.size.join(" ")}`}
      role="img"
      aria-label={t.chain(describe(seen))}
    >
      <defs>
        {["forward", "now", "backward"].map((name) => (
          <marker
            id={`back-propagation-${name}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerUnits="userSpaceOnUse"
            markerWidth="10"
            markerHeight="10"
            orient="auto"
          >
            <path class={name} d="M0 0L8 4L0 8Z" />
          </marker>
        ))}
      </defs>
      <Edges layout={layout} />
      {NODES.map((name) => (
        <g class={classes("node", VALUE_STEPS[name] === now && name !== "x" && "now", used(name))}>
          <circle cx={nodes[name][0]} cy={nodes[name][1]} r={RADIUS} />
          <Text at={add(nodes[name], [0, -5])} class="symbol">
            {SYMBOLS[name]}
          </Text>
          <Text at={add(nodes[name], [0, 15])} class="value">
            {isDone(VALUE_STEPS[name]) ? number(name === "x" ? example.x : pass[name]) : UNKNOWN}
          </Text>
        </g>
      ))}
      {PARAMETERS.map((name) => (
        <g class={classes("node box", (PARAMETER_STEPS[name] === now || isUpdate) && "now", used(name))}>
          <Frame at={add(boxes[name], [0, isUpdate ? 9 : 0])} size={[136, isUpdate ? 72 : 54]} />
          <Equation at={add(boxes[name], [0, -6])} symbol={SYMBOLS[name]}>
            {number(parameters[name])}
          </Equation>
          <Text at={add(boxes[name], [0, 16])} class="slope">
            <tspan class="by">∂L/∂{SYMBOLS[name]}</tspan>{" "}
            <tspan class="value">{isDone(PARAMETER_STEPS[name]) ? number(gradients[name]) : UNKNOWN}</tspan>
          </Text>
          {isUpdate && (
            <Text at={add(boxes[name], [0, 36])} class="new">
              {t.fresh} <tspan class="value">{number(next[name])}</tspan>
            </Text>
          )}
        </g>
      ))}
      <g class={classes("node box", used("y"))}>
        <Frame at={boxes.y} size={[104, 34]} />
        <Equation at={add(boxes.y, [0, 5])} symbol={SYMBOLS.y}>
          {number(example.y)}
        </Equation>
      </g>
      {SLOPES.map((name) => (
        <WayBack layout={layout} name={name} value={pass[`d${name}`]} beside={tall} />
      ))}
    </svg>
  );
}

/** The lines of the forward pass. A weight sits on the way to the sum, the bias is added there. */
function Edges({ layout: { nodes, boxes } }: { readonly layout: Layout }) {
  const now = step.value;
  const gap = RADIUS + 1;
  return (
    <>
      {NODES.slice(1).map((to, i) => (
        <path
          class={classes("edge", VALUE_STEPS[to] === now && "now")}
          d={line(nodes[NODES[i] as Node], nodes[to], RADIUS, gap)}
        />
      ))}
      {PARAMETERS.map((name) => {
        const [from, to] = name.endsWith("1") ? (["x", "z1"] as const) : (["y1", "z2"] as const);
        const target = name.startsWith("w") ? middle(nodes[from], nodes[to]) : nodes[to];
        return (
          <path
            class={classes("edge", (VALUE_STEPS[to] === now || PARAMETER_STEPS[name] === now) && "now")}
            d={line(boxes[name], target, 0, name.startsWith("w") ? 0 : gap)}
          />
        );
      })}
      <path class={classes("edge", USED[now].includes("y") && "now")} d={line(boxes.y, nodes.loss, 0, gap)} />
    </>
  );
}

interface WayBackProps {
  readonly layout: Layout;
  readonly name: SlopeNode;
  readonly value: number;
  /** Whether the factor stands beside its arrow. */
  readonly beside: boolean;
}

/** The derivative by a node, and the way that leads to it. */
function WayBack({ layout: { nodes, slope, factor, reach }, name, value, beside }: WayBackProps) {
  const [start, end] = [nodes[NODES[NODES.indexOf(name) + 1] as Node], nodes[name]].map((at) => add(at, slope)) as [
    Place,
    Place,
  ];
  const done = isDone(SLOPE_STEPS[name]);
  return (
    <g class={classes("back", SLOPE_STEPS[name] === step.value && "now", done && "done")}>
      <path class="way" d={line(start, end, name === "yhat" ? 0 : reach, reach)} />
      <Text at={add(middle(start, end), factor)} class={classes("factor", beside && "beside")}>
        {FACTORS[name]}
      </Text>
      <Text at={add(end, [0, -4])} class="by">
        ∂L/∂{SYMBOLS[name]}
      </Text>
      <Text at={add(end, [0, 14])} class="value">
        {done ? number(value) : UNKNOWN}
      </Text>
    </g>
  );
}

interface TextProps {
  readonly at: Place;
  readonly class?: string;
  readonly children: ComponentChildren;
}

const Text = ({ at: [x, y], class: name, children }: TextProps) => (
  <text x={x} y={y} class={name}>
    {children}
  </text>
);

const Equation = ({ at, symbol, children }: TextProps & { readonly symbol: string }) => (
  <Text at={at}>
    <tspan class="symbol">{symbol}</tspan> = <tspan class="value">{children}</tspan>
  </Text>
);

const Frame = ({ at: [x, y], size: [width, height] }: { readonly at: Place; readonly size: Place }) => (
  <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx={8} />
);

/** What has been computed so far, in words. */
function describe(seen: Seen): string {
  const { pass, parameters, example, next, losses } = seen;
  const gradients = usedGradients(seen);
  const parts = [`x = ${number(example.x)}`, `y = ${number(example.y)}`];
  const add = (name: string, value: number) => parts.push(`${name} = ${number(value)}`);
  for (const name of PARAMETERS) add(SYMBOLS[name], parameters[name]);
  for (const name of NODES) if (name !== "x" && isDone(VALUE_STEPS[name])) add(SYMBOLS[name], pass[name]);
  for (const name of SLOPES) if (isDone(SLOPE_STEPS[name])) add(`∂L/∂${SYMBOLS[name]}`, pass[`d${name}`]);
  for (const name of PARAMETERS) if (isDone(PARAMETER_STEPS[name])) add(`∂L/∂${SYMBOLS[name]}`, gradients[name]);
  if (step.value === "update") for (const name of PARAMETERS) add(`${t.fresh} ${SYMBOLS[name]}`, next[name]);
  return `${parts.join("; ")}. ${t.update(losses.length - 1)}`;
}
