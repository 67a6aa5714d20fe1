import { Command } from "commander";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { classQualities } from "../../src/cli/html/classes.js";
import { drawCurves } from "../../src/cli/html/curves.js";
import { lineChart } from "../../src/cli/html/line-chart.js";
import { html, isolated } from "../../src/cli/html/markup.js";
import { drawMatrix } from "../../src/cli/html/matrix.js";
import {
  BLUE,
  contrast,
  divergingColour,
  NIGHT,
  NIGHT_BLUE,
  NIGHT_ORANGE,
  ORANGE,
  shadeClass,
  shades,
} from "../../src/cli/html/ramps.js";
import { drawWeights } from "../../src/cli/html/weights.js";
import { commandLine } from "../../src/cli/invocation.js";

describe("html", () => {
  test("escapes what it is given, in content and in attributes", () => {
    expect(html`<p title="${'"><script>'}">${"a & 'b' <i>"}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">a &amp; &#39;b&#39; &lt;i&gt;</p>',
    );
  });

  test("takes markup, lists and numbers as they are", () => {
    expect(html`<ul>${[1, 2].map((i) => html`<li>${i}</li>`)}</ul>${isolated("<x>")}`.text).toBe(
      "<ul><li>1</li><li>2</li></ul><bdi>&lt;x&gt;</bdi>",
    );
  });

  test("lets no character turn the reading direction or break the page", () => {
    expect(html`${"a\u202eb\u2066c\u0000d\ne\uffff\u05e9"}`.text).toBe("a?b?c?d?e?\u05e9");
  });
});

describe("curves", () => {
  const chart = (ys: readonly number[]) => {
    const points = ys.map((y, i) => ({ x: i + 1, y }));
    return lineChart({ id: "c", title: "t", description: "d", xLabel: "x", lines: [{ kind: "training", points }] })
      .text;
  };
  const linesIn = (svg: string) => [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, path = ""]) => path);

  test("go from the first value to the last", () => {
    expect(linesIn(chart([1, 0, 1]))).toEqual(["56,12 235,226 414,12"]);
  });

  test("leave long labels their room", () => {
    const svg = chart([1e6, 1e6 + 40]);
    expect(svg).toContain('<text x="72" y="16" text-anchor="end">1,000,040</text>');
    expect(linesIn(svg)).toEqual(["80,226 414,12"]);
  });

  test.each([Number.NaN, Infinity, -Infinity])("have a gap at %s", (gap) => {
    const svg = chart([1, 0, gap, 0.5]);
    expect(linesIn(svg)).toHaveLength(2);
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test("of nothing finite are empty", () => {
    expect(linesIn(chart([Number.NaN, Infinity]))).toEqual([]);
    expect(chart([Number.NaN])).not.toMatch(/NaN/);
  });

  test("of very many points lose no peak", () => {
    const ys = Array.from({ length: 100_000 }, (_, i) => (i === 54_321 ? 100 : i % 2));
    const [path = ""] = linesIn(chart(ys));
    expect(path.split(" ").length).toBeLessThan(500);
    expect(path).toContain(",12 ");
  });

  test("of one epoch are drawn within it, of several by epoch, and say what they show", () => {
    const entries = [{ at: 1, logs: { loss: 2, val_loss: 3 } }];
    const firstEpoch = [32, 64].map((at) => ({ at, logs: { loss: at } }));
    const one = drawCurves({ epochs: entries, firstEpoch }).text;
    expect(one).toContain("Training: 32.0000 at 32, 64.0000 at 64. Validation: 3.0000 at 64.");
    const two = drawCurves({
      epochs: [...entries, { at: 2, logs: { loss: Number.NaN, val_loss: 1 } }],
      firstEpoch,
    }).text;
    expect(two).toContain(
      "Training: 2.0000 at 1, NaN at 2; no finite number from 2 on. Validation: 3.0000 at 1, 1.0000 at 2.",
    );
    expect(drawCurves({ epochs: [], firstEpoch: [] }).text).toContain("no figures to draw");
  });

  test("of many epochs list some of them, the last one too", () => {
    const epochs = Array.from({ length: 1000 }, (_, i) => ({ at: i + 1, logs: { loss: 1 / (i + 1) } }));
    const { text } = drawCurves({ epochs, firstEpoch: [] });
    expect(text.match(/<th scope="row">/g)).toHaveLength(60);
    expect(text).toContain('<th scope="row">1000</th>');
  });
});

describe("the confusion matrix", () => {
  test("is a table with its counts and their shades", () => {
    const text = drawMatrix(
      [
        [3, 1],
        [4, 0],
      ],
      ["a", "<b>"],
    ).text;
    expect(text).toContain('<th scope="row"><bdi>a</bdi></th><td class="blue-6">3</td><td class="orange-4">1</td>');
    expect(text).toContain('<bdi>&lt;b&gt;</bdi></th><td class="orange-8">4</td><td class="none">0</td>');
  });

  test("of very many classes has those with the most mistakes", () => {
    const counts = Array.from({ length: 50 }, (_, i) => Array.from({ length: 50 }, (_, j) => +(i === j)));
    (counts[49] as number[])[7] = 5;
    const { text } = drawMatrix(
      counts,
      counts.map((_, i) => `name ${i}`),
    );
    expect(text.match(/<th scope="row">/g)).toHaveLength(40);
    expect(text).toContain("The 40 classes with the most mistakes; 10 others are left out.");
    expect(text).toContain('<th scope="row"><bdi>name 49</bdi></th>');
    expect(text).toContain('<td class="orange-8">5</td>');
  });

  test("gives each class its precision, recall and F1", () => {
    expect(
      classQualities([
        [3, 1, 0],
        [1, 1, 0],
        [0, 0, 0],
      ]),
    ).toEqual([
      { support: 4, precision: 0.75, recall: 0.75, f1: 0.75 },
      { support: 2, precision: 0.5, recall: 0.5, f1: 0.5 },
      { support: 0, precision: Number.NaN, recall: Number.NaN, f1: Number.NaN },
    ]);
  });
});

describe("first-layer weights", () => {
  const kernelOf = (values: Float32Array, units: number, side?: number) => {
    const features = Array.from({ length: values.length / units }, (_, i) => `feature ${i}`);
    return { values, units, features, side };
  };
  const picturesIn = (text: string) =>
    [...text.matchAll(/base64,([^"]+)"/g)].map(([, code = ""]) => {
      const { data } = PNG.sync.read(Buffer.from(code, "base64"));
      return Array.from({ length: data.length / 4 }, (_, i) => [...data.subarray(4 * i, 4 * i + 3)]);
    });

  test("of images are a tile for each unit, white where they are 0", async () => {
    const [white, paleBlue] = [
      [255, 255, 255],
      [143, 175, 223],
    ];
    const { text } = await drawWeights(kernelOf(Float32Array.of(0, 2, 0, -2, 0, 1, 0, Number.NaN), 2, 2));
    expect(picturesIn(text)).toEqual([
      [white, white, white, white],
      [BLUE, ORANGE, paleBlue, [128, 128, 128]],
    ]);
    expect(text).toContain("all 2 units");
  });

  test("are at most 64 tiles, and fewer of large images", async () => {
    const many = await drawWeights(kernelOf(new Float32Array(70), 70, 1));
    expect(picturesIn(many.text)).toHaveLength(64);
    expect(many.text).toContain("the first 64 of 70 units");
    const large = await drawWeights(kernelOf(new Float32Array(3 * 2 ** 20), 3, 2 ** 10));
    expect(picturesIn(large.text)).toHaveLength(1);
  });

  test("of other data are a table", async () => {
    const { text } = await drawWeights(kernelOf(Float32Array.of(0, 2, -0.5, Number.NaN), 2));
    expect(text).toContain(
      '<th scope="row"><bdi>feature 0</bdi></th><td class="none">0.00</td><td class="blue-8">2.00</td>',
    );
    expect(text).toContain('<td class="orange-2">\u22120.50</td><td class="none">NaN</td>');
    expect(text).toContain("all 2 features, all 2 units");
  });
});

describe("colours", () => {
  test("can be read, by day and by night (WCAG AA)", () => {
    const all = [...shades([255, 255, 255], BLUE, ORANGE), ...shades(NIGHT, NIGHT_BLUE, NIGHT_ORANGE)];
    expect(all).toHaveLength(32);
    for (const { background, text } of all) expect(contrast(background, text)).toBeGreaterThanOrEqual(4.5);
    expect(contrast([0, 0, 0], [255, 255, 255])).toBe(21);
  });

  test("grow with the value", () => {
    expect([0, Number.NaN, 0.01, 0.125, 0.13, 1].map((part) => shadeClass("blue", part))).toEqual([
      "none",
      "none",
      "blue-1",
      "blue-1",
      "blue-2",
      "blue-8",
    ]);
    expect([0, 1, -1, Number.NaN].map(divergingColour)).toEqual([[255, 255, 255], BLUE, ORANGE, [128, 128, 128]]);
  });
});

describe("the command that trains again", () => {
  const lineOf = (...argv: readonly string[]) => {
    const command = new Command("train")
      .argument("<dataset>")
      .option("--layers <units>", "", (text) => text.split(",").map(Number))
      .option("--header")
      .option("--no-header")
      .option("--epochs <n>", "", Number, 5)
      .option("--label <name>")
      .option("--report <file>")
      .option("--resume <folder>");
    return commandLine(command.parse(argv, { from: "user" }));
  };

  test("has what was given, but not what is kept", () => {
    expect(lineOf("mnist", "--layers", "8,3", "--report=r.html", "--resume", "run", "--no-header", "--epochs=5")).toBe(
      "npx neurone train mnist --layers 8,3 --no-header --epochs 5",
    );
    expect(lineOf("mnist", "--header")).toBe("npx neurone train mnist --header");
  });

  test("quotes for the shell, and lets a name begin with a dash", () => {
    expect(lineOf("it's $HOME.csv", "--label", "a b")).toBe("npx neurone train 'it'\\''s $HOME.csv' --label 'a b'");
    expect(lineOf("a\tb", "--label", "it's\\\n\u0085\u202e")).toBe(
      "npx neurone train $'a\\tb' --label $'it\\'s\\\\\\012\\302\\205\\342\\200\\256'",
    );
    expect(lineOf("--epochs", "3", "--", "-x.csv")).toBe("npx neurone train --epochs 3 -- -x.csv");
  });
});
