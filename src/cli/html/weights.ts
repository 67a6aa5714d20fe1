import { table } from "./elements.js";
import { html, isolated, type Markup } from "./markup.js";
import { signedPicture } from "./pixels.js";
import { BLUE, ORANGE, shadeClass, toHex } from "./ramps.js";

/** The weights of a dense layer, `[features, units]`, row-major. */
export interface Kernel {
  readonly values: Float32Array;
  readonly units: number;
  readonly features: readonly string[];
  /** The side of the square images that the features are; undefined where they are none. */
  readonly side: number | undefined;
}

const MOST_TILES = 64;
/** Pixels of all tiles together: enough for 64 of 128 x 128. */
const MOST_PIXELS = 2 ** 20;
const MOST_COLUMNS = 16;
const MOST_ROWS = 48;

/** A tile for each unit, an image of its weights; or a heat map of features and units where the features are no pixels. */
export async function drawWeights(kernel: Kernel): Promise<Markup> {
  const most = kernel.values.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
  if (kernel.side === undefined) return asTable(kernel, most);
  return asTiles(kernel, kernel.side, most);
}

async function asTiles({ values, units }: Kernel, side: number, most: number): Promise<Markup> {
  const size = side * side;
  const count = Math.min(units, MOST_TILES, Math.max(1, Math.floor(MOST_PIXELS / size)));
  const tiles = await Promise.all(
    Array.from({ length: count }, async (_, unit) => {
      const weights = Float32Array.from({ length: size }, (_, pixel) => values[pixel * units + unit] as number);
      const { source } = await signedPicture(weights, side, most);
      return html`
<li><img src="${source}" width="${side}" height="${side}" alt="weights of unit ${unit}"></li>`;
    }),
  );
  return html`<p>What each unit of the first layer looks for, pixel by pixel: ${howMany(count, units, "unit")}.</p>
${legend(most)}
<ul class="tiles units">${tiles}
</ul>`;
}

function asTable({ values, units, features }: Kernel, most: number): Markup {
  const [rows, columns] = [Math.min(features.length, MOST_ROWS), Math.min(units, MOST_COLUMNS)];
  const heads = Array.from({ length: columns }, (_, unit) => html`<th scope="col">${unit}</th>`);
  const lines = features.slice(0, rows).map((feature, row) => {
    const cells = Array.from({ length: columns }, (_, unit) => {
      const value = values[row * units + unit] as number;
      const shade = Number.isFinite(value) ? shadeClass(value < 0 ? "orange" : "blue", Math.abs(value) / most) : "none";
      return html`<td class="${shade}">${Number.isFinite(value) ? value.toFixed(2).replace("-", "\u2212") : "NaN"}</td>`;
    });
    return html`<tr><th scope="row">${isolated(feature)}</th>${cells}</tr>`;
  });
  const shown = [howMany(rows, features.length, "feature"), howMany(columns, units, "unit")].join(", ");
  const note = `Rows: features. Columns: units of the first layer. Blue is above 0, orange below. Shown: ${shown}.`;
  return table("First-layer weights", note, "matrix small", html`<tr class="level"><td></td>${heads}</tr>`, lines);
}

function howMany(shown: number, all: number, what: string): string {
  return shown === all ? `all ${all} ${what}s` : `the first ${shown} of ${all} ${what}s`;
}

/** The colours' meaning. */
function legend(most: number): Markup {
  const end = most.toPrecision(2);
  return html`<p class="scale"><span>\u2212${end}</span> <svg width="160" height="12" viewBox="0 0 160 12" role="img" aria-label="from orange by white to blue"><defs><linearGradient id="signed"><stop offset="0" stop-color="${toHex(ORANGE)}"/><stop offset="0.5" stop-color="#ffffff"/><stop offset="1" stop-color="${toHex(BLUE)}"/></linearGradient></defs><rect width="160" height="12" fill="url(#signed)"/></svg> <span>${end}</span></p>`;
}
