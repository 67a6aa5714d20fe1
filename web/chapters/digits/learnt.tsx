import { computed, signal } from "@preact/signals";
import { css, diverging, type Rgb, sequential } from "../../shared/colors.js";
import { HeatMap } from "../../shared/heat-map.js";
import { showPercent } from "../../shared/language.js";
import { SIDE } from "./normalize.js";
import { ofByte, ofInk } from "./reading.js";
import { look, readTestImage, state, tiles } from "./state.js";
import { t } from "./text.js";

/** Colours of -127..127, made once a scheme: the weights are many pixels, several times a second. */
const colors = computed(() => Array.from({ length: 255 }, (_, i) => diverging((i - 127) / 127)));
const ofWeight = (value: number) => colors.value[value + 127] as Rgb;

const narrow = matchMedia("(max-width: 48rem)");
/** Images in a row. */
const inARow = signal(narrow.matches ? 8 : 12);
narrow.addEventListener("change", ({ matches }) => {
  inARow.value = matches ? 8 : 12;
});

/** The images of the units' weights side by side, a pixel apart. */
const mosaic = computed(() => {
  const side = look.value?.side ?? SIDE;
  const units = tiles.value.length / side ** 2;
  const columns = inARow.value * (side + 1) - 1;
  const rows = Math.ceil(units / inARow.value) * (side + 1) - 1;
  const values = new Int8Array(columns * Math.max(0, rows));
  for (let unit = 0; unit < units; unit++) {
    const start = Math.floor(unit / inARow.value) * (side + 1) * columns + (unit % inARow.value) * (side + 1);
    for (let row = 0; row < side; row++) {
      const from = unit * side ** 2 + row * side;
      values.set(tiles.value.subarray(from, from + side), start + row * columns);
    }
  }
  return { values, columns, rows, units };
});

export function Weights() {
  const { values, columns, rows, units } = mosaic.value;
  return (
    <section class="panel">
      <h2>{t.weights}</h2>
      <p>{t.weightsText}</p>
      {rows > 0 && (
        <HeatMap
          values={values}
          columns={columns}
          rows={rows}
          color={ofWeight}
          label={t.weightsLabel(units)}
          pixels
          class="digits-weights"
        />
      )}
    </section>
  );
}

/** Black or white: whichever is read more easily on the colour (relative luminance as WCAG 2.2 defines it). */
function textOn(color: Rgb): string {
  const [red, green, blue] = color.map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

/** Errors are few: their colours are this much stronger. */
const ERRORS = 12;

export function Confusion() {
  const counts = look.value?.confusion ?? [];
  return (
    <section class="panel">
      <h2 id="digits-confusion">{t.confusion}</h2>
      <p>{t.confusionText}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section class="digits-scroll" tabIndex={0} aria-labelledby="digits-confusion">
        <table class="digits-confusion">
          <thead>
            <tr>
              <td />
              {counts.map((_, digit) => (
                <th scope="col">{digit}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {counts.map((row, digit) => {
              const all = row.reduce((sum, count) => sum + count, 0);
              return (
                <tr>
                  <th scope="row">{digit}</th>
                  {row.map((count, predicted) => {
                    const part = count / all;
                    const color = predicted === digit ? sequential(part) : diverging(-ERRORS * part);
                    return <td style={{ background: css(color), color: textOn(color) }}>{count}</td>;
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </section>
  );
}

export function Hardest() {
  if (!look.value) return null;
  const { hardest, images, side } = look.value;
  return (
    <section class="panel">
      <h2>{t.hardest}</h2>
      <p>{t.hardestText}</p>
      <ul class="digits-hardest">
        {hardest.map(({ index, label, predicted, confidence }, i) => (
          <li>
            <button type="button" aria-pressed={state.test.value === index} onClick={() => readTestImage(index)}>
              <HeatMap
                values={images.subarray(i * side ** 2, (i + 1) * side ** 2)}
                columns={side}
                rows={side}
                color={side === SIDE ? ofByte : ofInk}
                pixels
              />
              <span aria-hidden="true">
                {label} → {predicted}
              </span>
              <span class="visually-hidden">{t.hardExample(label, predicted, showPercent(confidence))}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
