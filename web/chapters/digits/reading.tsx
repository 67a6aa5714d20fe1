import { computed } from "@preact/signals";
import { type Rgb, sequential } from "../../shared/colors.js";
import { Status } from "../../shared/controls.js";
import { HeatMap } from "../../shared/heat-map.js";
import { show, showPercent } from "../../shared/language.js";
import { Formula, Frac, N, O, Sub, Sup, V } from "../../shared/math.js";
import { SIDE } from "./normalize.js";
import { reading, stroke, training } from "./state.js";
import { t } from "./text.js";

export const ofByte = (value: number): Rgb => sequential(value / 255);
export const ofInk = (value: number): Rgb => sequential(value);

/** The digit with the greatest probability; undefined while nothing is read. */
export const best = computed(() => {
  const scores = reading.value?.probabilities;
  return scores && { digit: scores.indexOf(Math.max(...scores)), probability: Math.max(...scores) };
});

const BLANK = new Uint8Array(SIDE * SIDE);
const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The image that goes into the network. */
export function Seen() {
  const { image, side } = reading.value ?? { image: BLANK, side: SIDE };
  const label = reading.value ? t.seenLabel(side) : t.seenNothing;
  const color = side === SIDE ? ofByte : ofInk;
  return <HeatMap values={image} columns={side} rows={side} color={color} label={label} pixels class="digits-seen" />;
}

/** Softmax as ten bars. */
export function Bars() {
  const { z, probabilities } = reading.value ?? {};
  return (
    <table class="digits-bars">
      <caption class="visually-hidden">{t.bars}</caption>
      <thead class="visually-hidden">
        <tr>
          <th scope="col">{t.digit}</th>
          <th scope="col">z</th>
          <th scope="col">{t.probability}</th>
        </tr>
      </thead>
      <tbody>
        {DIGITS.map((digit) => {
          const part = probabilities?.[digit] ?? 0;
          return (
            <tr class={probabilities && best.value?.digit === digit ? "best" : undefined}>
              <th scope="row">{digit}</th>
              <td class="z">{z ? show(z[digit] as number, 1) : ""}</td>
              <td class="bar">
                <i style={{ width: `${100 * part}%` }} />
                <span>{probabilities ? showPercent(part, 1) : ""}</span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** What was read, in words; said when the pen is lifted. */
export function Verdict() {
  if (!reading.value || !best.value) return <p class="digits-verdict">{t.drawSomething}</p>;
  const { label } = reading.value;
  const { digit, probability } = best.value;
  const words = [
    t.readAs(digit, showPercent(probability)),
    ...(label === undefined ? [] : [t.isLabel(label)]),
    ...(training.value.batches === 0 ? [t.trainFirst] : []),
  ].join(" ");
  return (
    <div class="digits-verdict">
      <p aria-hidden="true">{words}</p>
      <div class="visually-hidden">
        <Status>{stroke.value.length === 0 && !training.value.running ? words : ""}</Status>
      </div>
    </div>
  );
}

/** The softmax of the digit that is read, with its numbers. */
export function Softmax() {
  const { z } = reading.value ?? {};
  const digit = best.value?.digit;
  const name = (of: string) => <Sub of={<V>{of}</V>} by={digit === undefined ? <V>i</V> : <mn>{digit}</mn>} />;
  const e = (by: preact.ComponentChild) => <Sup of={<V>e</V>} by={by} />;
  return (
    <Formula>
      <Sub of={<V>ŷ</V>} by={digit === undefined ? <V>i</V> : <mn>{digit}</mn>} />
      <O>=</O>
      <Frac
        over={e(name("z"))}
        under={
          <>
            <munder>
              <mo>∑</mo>
              <mi>j</mi>
            </munder>
            {e(<Sub of={<V>z</V>} by={<V>j</V>} />)}
          </>
        }
      />
      {z && digit !== undefined && best.value && (
        <>
          <O>=</O>
          <Frac
            over={e(<N value={z[digit] as number} decimals={1} />)}
            under={DIGITS.map((other) => (
              <>
                {other > 0 && <O>+</O>}
                {e(<N value={z[other] as number} decimals={1} />)}
              </>
            ))}
          />
          <O>=</O>
          <N value={best.value.probability} decimals={3} />
        </>
      )}
    </Formula>
  );
}
