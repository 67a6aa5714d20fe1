import { Choice, optionsOf } from "./choice.js";
import { changeActivation, changeUnits } from "./hidden-layers.js";
import type { Layout } from "./layout.js";
import { ACTIVATIONS, type Activation, MOST_UNITS } from "./settings.js";
import { experiment } from "./state.js";
import { t } from "./text.js";

/** Above each column what it is; of hidden layers how many neurons, and their activation. */
export function Heads({ layout: { columns } }: { readonly layout: Layout }) {
  const { layers, activations } = experiment.value.settings;
  return (
    <>
      {columns.map((x, column) => {
        const units = layers[column - 1];
        const activation = activations[column - 1];
        return (
          <div class="playground-head" style={{ left: `${x}px` }}>
            {units === undefined || activation === undefined ? (
              <span>{column === 0 ? t.inputs : t.outputs}</span>
            ) : (
              <HiddenHead number={column} units={units} activation={activation} />
            )}
          </div>
        );
      })}
    </>
  );
}

interface HiddenHeadProps {
  /** From 1. */
  readonly number: number;
  readonly units: number;
  readonly activation: Activation;
}

function HiddenHead({ number, units, activation }: HiddenHeadProps) {
  const layer = number - 1;
  return (
    <>
      <span>{t.layer(number)}</span>
      <div class="playground-units" role="group" aria-label={t.layer(number)}>
        <button type="button" aria-label={t.fewer(number)} disabled={units <= 1} onClick={() => changeUnits(layer, -1)}>
          −
        </button>
        <output>{units}</output>
        <button
          type="button"
          aria-label={t.more(number)}
          disabled={units >= MOST_UNITS}
          onClick={() => changeUnits(layer, 1)}
        >
          +
        </button>
      </div>
      <Choice
        label={t.layerActivation(number)}
        value={activation}
        options={optionsOf(ACTIVATIONS)}
        onChange={(chosen) => changeActivation(layer, chosen)}
      />
    </>
  );
}
