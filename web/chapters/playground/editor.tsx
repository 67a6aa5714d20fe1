import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { NumberField, Slider } from "../../shared/controls.js";
import { show } from "../../shared/language.js";
import { latest } from "../../shared/worker.js";
import { Choice } from "./choice.js";
import { LARGEST_WEIGHT } from "./fields.js";
import { type Layout, type Line, type Node, tensorOf } from "./layout.js";
import { nodeName } from "./node-name.js";
import type { Change } from "./settings.js";
import { edited, lane, opener, setWeight } from "./state.js";
import { t } from "./text.js";

const WIDTH = 260;
const HEIGHT = "13.5rem";
/** The slider's ends, for weights that are not larger. */
const USUAL = 3;

const send = latest(async (change: Change) => setWeight(change));

/** What stands for a weight in the list of its neuron's. */
const keyOf = ({ weight, index }: { readonly weight: string; readonly index: number }) => `${weight} ${index}`;

/** The small window in which the weights of one neuron are set: its bias, and what comes from the neurons before it. */
export function Editor({ layout }: { readonly layout: Layout }) {
  const place = edited.value;
  const node = place && nodeOf(layout, place);
  if (!place || !node) return null;
  const incoming = layout.lines.filter(({ to }) => to === node);
  return <Open key={`${node.column} ${node.unit}`} layout={layout} node={node} incoming={incoming} />;
}

function nodeOf({ nodes, lines }: Layout, { weight, index }: { readonly weight: string; readonly index: number }) {
  const line = lines.find((one) => one.weight === weight && one.index === index);
  return (
    line?.to ??
    nodes.find(({ column, unit }) => column > 0 && tensorOf(column - 1, "bias") === weight && unit === index)
  );
}

interface OpenProps {
  readonly layout: Layout;
  readonly node: Node;
  readonly incoming: readonly Line[];
}

function Open({ layout, node, incoming }: OpenProps) {
  const form = useRef<HTMLDivElement>(null);
  const bias = { weight: tensorOf(node.column - 1, "bias"), index: node.unit };
  const all = [
    { ...bias, label: t.bias },
    ...incoming.map((line) => ({ ...line, label: t.from(nodeName(line.from)) })),
  ];
  const chosen = edited.value ?? bias;
  const value = useComputed(() => {
    const { weight, index } = edited.value ?? bias;
    return lane.report.value?.weights.find(({ name }) => name === weight)?.data[index] ?? 0;
  });
  const sliding = useSignal(value.peek());
  sliding.value = value.value;
  useEffect(() => form.current?.querySelector("input")?.focus(), []);
  const close = () => {
    edited.value = undefined;
    opener.peek()?.focus();
  };
  const set = (wanted: number, digits: number) => {
    send({ weight: chosen.weight, index: chosen.index, value: Number(wanted.toPrecision(digits)) });
  };
  const limit = Math.max(USUAL, Math.ceil(Math.abs(value.value)));
  const left = Math.max(0, Math.min(node.x - WIDTH / 2, layout.width - WIDTH));
  // Below the neuron, or as far down as it is seen whole.
  const top = `min(${node.y + 0.65 * layout.node}px, ${layout.height}px - ${HEIGHT})`;
  return (
    <div
      ref={form}
      class="playground-editor"
      role="dialog"
      aria-label={nodeName(node)}
      style={{ left: `${left}px`, width: `${WIDTH}px`, top }}
      onKeyDown={({ key }) => key === "Escape" && close()}
    >
      <div class="playground-editor-head">
        <strong>{nodeName(node)}</strong>
        <button type="button" aria-label={t.close} onClick={close}>
          ×
        </button>
      </div>
      <div class="playground-pair">
        <Choice
          label={t.weight}
          value={keyOf(chosen)}
          options={all.map((one) => ({ value: keyOf(one), label: one.label }))}
          onChange={(key) => {
            const found = all.find((one) => keyOf(one) === key);
            if (found) edited.value = { weight: found.weight, index: found.index };
          }}
        />
        <NumberField
          label={t.weightValue}
          value={Number(value.value.toPrecision(4))}
          min={-LARGEST_WEIGHT}
          max={LARGEST_WEIGHT}
          commit="change"
          onChange={(wanted) => set(wanted, 6)}
        />
      </div>
      <Slider
        label={t.slide}
        value={sliding}
        min={-limit}
        max={limit}
        step={limit / 60}
        format={(weight) => show(weight, 3)}
        onChange={(wanted) => set(wanted, 4)}
      />
    </div>
  );
}
