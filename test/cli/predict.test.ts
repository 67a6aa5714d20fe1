import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { encode } from "jpeg-js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { predict } from "../../src/cli/predict.js";
import { gzip, idxBytes } from "../data/bytes.js";
import { pngBytes } from "./image-bytes.js";
import { saveDifference, saveEcho, saveFlowers, saveSum } from "./models.js";
import { catchOutput, lastLine, neurone } from "./neurone.js";

let folder: string;
let flowerModel: string;

/** Writes a file. @returns its path */
async function put(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "neurone-predict-"));
  flowerModel = await saveFlowers(folder, "flowers.safetensors");
});

afterAll(() => rm(folder, { recursive: true }));

describe("rows of a .csv file", () => {
  test("are taken by their columns' names, whatever stands beside them", async () => {
    const file = await put("named.csv", "length,name,width\n0,rose,5\n6,lily,0\n-4,lily,-4\n");
    expect(await neurone(`predict ${flowerModel} ${file}`)).toEqual({
      code: 0,
      stdout: "0  rose  98.7 %\n1  iris  99.5 %\n2  lily  96.5 %\n",
      stderr: "",
    });
  });

  test("are taken in order where there is no header, or none shall be", async () => {
    const file = await put("plain.csv", "5,0\n0,6\n");
    expect((await neurone(`predict ${flowerModel} ${file}`)).stdout).toBe("0  rose  98.7 %\n1  iris  99.5 %\n");
    const numbered = await saveFlowers(folder, "numbered.safetensors", { featureNames: ["1", "0"] });
    const header = await put("numbers.csv", "0,1\n0,5\n");
    const rows = async (option: string) => (await neurone(`predict ${numbered} ${header} ${option}`)).stdout;
    expect(await rows("--header")).toBe("0  0  98.7 %\n");
    expect(await rows("--no-header")).toBe("0  1  57.6 %\n1  1  98.7 %\n");
  });

  test("are taken in order where the model knows no names", async () => {
    const nameless = await saveFlowers(folder, "nameless.safetensors", { classNames: ["rose", "iris", "lily"] });
    const file = await put("other-names.csv", "a;b\n5;0\n");
    expect((await neurone(`predict ${nameless} ${file} --delimiter ;`)).stdout).toBe("0  rose  98.7 %\n");
  });

  test("without one of the model's features are refused by its name", async () => {
    const file = await put("lacking.csv", "length,name\n0,rose\n");
    const { code, stdout, stderr } = await neurone(`predict ${flowerModel} ${file}`);
    expect(stderr).toMatch(/^neurone: the model's feature "width" is no column of lacking\.csv; .*\n$/);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("of too many numbers, and of words, are refused", async () => {
    const wide = await put("wide.csv", "1,2,3\n4,5,6\n");
    expect(await neurone(`predict ${flowerModel} ${wide}`)).toMatchObject({
      code: 1,
      stderr: "neurone: wide.csv: examples of 2 numbers expected, the model's input being [2]; got 2 of [3]\n",
    });
    const nameless = await saveFlowers(folder, "nameless.safetensors", {});
    const words = await put("words.csv", "1,2\n3,word\n");
    expect(await neurone(`predict ${nameless} ${words}`)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^neurone: words\.csv, line 2, column 2: a number expected, got "word"\n$/),
    });
  });

  test.each([
    ["semicolons.csv", "width;length\n1;2\n", /but ";" gives 2 in every row: give --delimiter ";"\n$/],
    ["header.csv", "width,length\n", /^neurone: header\.csv: rows expected below the header, the text has none\n$/],
    ["words-alone.csv", "a,b\nc,d\n", /^neurone: words-alone\.csv, line 1, column 1: a number expected, got "a"/],
    ["latin1.csv", Buffer.from("width,length,é\n1,2,3\n", "latin1"), /latin1\.csv: a text in UTF-8 expected/],
  ])("in %s are refused, saying why", async (name, content, message) => {
    const { code, stderr } = await neurone(`predict ${flowerModel} ${await put(name, content)}`);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  test("that standard input never brings are waited for until an interrupt", async () => {
    const abort = new AbortController();
    const { io } = catchOutput(abort.signal);
    const lines = ["width,length\n"];
    const stdin = new Readable({
      read() {
        const line = lines.shift();
        if (line === undefined) abort.abort();
        else this.push(line);
      },
    });
    const answer = predict(flowerModel, ["-"], { numerics: "fast" }, { ...io, stdin });
    const error = await answer.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(DOMException);
    expect(error).toBe(abort.signal.reason);
  });

  test("come from standard input for -", async () => {
    const { texts, io } = catchOutput(undefined, ["width,length\n", "5,0\n"]);
    const code = await predict(flowerModel, ["-"], { numerics: "fast" }, io);
    expect(texts).toEqual({ stdout: "0  rose  98.7 %\n", stderr: "" });
    expect(code).toBe(0);
  });
});

describe("answers", () => {
  test("of several files name the file and the row", async () => {
    const one = await put("one.csv", "5,0\n");
    const two = await put("two.csv", "5,0\n0,6\n");
    const { stdout } = await neurone(`predict ${flowerModel} ${one} ${two}`);
    expect(stdout).toBe("one.csv:0  rose  98.7 %\ntwo.csv:0  rose  98.7 %\ntwo.csv:1  iris  99.5 %\n");
  });

  test("name the k best classes with --top", async () => {
    const file = await put("top.csv", "1,2\n");
    const top = async (k: number) => (await neurone(`predict ${flowerModel} ${file} --top ${k}`)).stdout;
    expect(await top(2)).toBe("0  iris  66.5 %  rose  24.5 %\n");
    expect(await top(9)).toBe("0  iris  66.5 %  rose  24.5 %  lily  9.0 %\n");
  });

  test("are one JSON object with --json, and nothing else", async () => {
    const file = await put("json.csv", "0,0\n1,2\n");
    const { stdout } = await neurone(`predict ${flowerModel} ${file} --json`);
    expect(stdout.split("\n")).toHaveLength(2);
    const { predictions } = lastLine(stdout);
    expect(predictions).toHaveLength(2);
    expect(predictions[1]).toEqual({
      example: "1",
      class: 1,
      className: "iris",
      probability: expect.closeTo(0.66524, 5),
      scores: [expect.closeTo(0.24473, 5), expect.closeTo(0.66524, 5), expect.closeTo(0.09003, 5)],
    });
  });

  test("of one sigmoid output are two classes", async () => {
    const model = await saveDifference(folder, "sigmoid.safetensors", "sigmoid", { classNames: ["no", "yes"] });
    const file = await put("two-classes.csv", "3,1\n1,3\n");
    expect((await neurone(`predict ${model} ${file} --top 2`)).stdout).toBe(
      "0  yes  88.1 %  no  11.9 %\n1  no  88.1 %  yes  11.9 %\n",
    );
    const { predictions } = lastLine((await neurone(`predict ${model} ${file} --json`)).stdout);
    expect(predictions[1]).toMatchObject({ class: 0, className: "no", probability: expect.closeTo(0.8808, 4) });
  });

  test("of other outputs are the numbers", async () => {
    const model = await saveDifference(folder, "difference.safetensors", "linear");
    const file = await put("numbers-out.csv", "3,1\n1,3.5\n");
    expect((await neurone(`predict ${model} ${file}`)).stdout).toBe("0  2.0000\n1  -2.5000\n");
    expect(lastLine((await neurone(`predict ${model} ${file} --json`)).stdout)).toEqual({
      predictions: [
        { example: "0", values: [2] },
        { example: "1", values: [-2.5] },
      ],
    });
  });

  test("of named classes without softmax are scores, not probabilities", async () => {
    const model = await saveFlowers(folder, "scores.safetensors", undefined, "linear");
    const file = await put("scores.csv", "3,7\n");
    expect((await neurone(`predict ${model} ${file} --top 2`)).stdout).toBe("0  iris  7.0000  rose  3.0000\n");
    expect(lastLine((await neurone(`predict ${model} ${file} --json`)).stdout)).toEqual({
      predictions: [{ example: "0", class: 1, className: "iris", scores: [3, 7, 0] }],
    });
  });

  test("hold no control characters of a file", async () => {
    const classNames = ["\x1b[31mrose", "iris\n", "lily\x9b"];
    const model = await saveFlowers(folder, "control.safetensors", { classNames });
    const file = await put("control.csv", "5,0\n0,6\n");
    expect((await neurone(`predict ${model} ${file} --top 3`)).stdout).toBe(
      "0  ?[31mrose  98.7 %  iris?  0.7 %  lily?  0.7 %\n1  iris?  99.5 %  ?[31mrose  0.2 %  lily?  0.2 %\n",
    );
  });
});

describe("images", () => {
  const square = { width: 2, height: 2, depth: 8, colourType: 0, samples: [0, 51, 102, 255] };
  const values = async (args: string) => lastLine((await neurone(`predict ${args} --json`)).stdout).predictions;

  test("are pixels from 0 to 1, whether the model divides bytes by 255 or not", async () => {
    const file = await put("square.png", pngBytes(square));
    for (const scales of [true, false]) {
      const model = await saveEcho(folder, `square-${scales}.safetensors`, [2, 2], scales);
      expect((await neurone(`predict ${model} ${file}`)).stdout).toBe("square.png  0.0000  0.2000  0.4000  1.0000\n");
      expect((await neurone(`predict ${model} ${file} --invert`)).stdout).toBe(
        "square.png  1.0000  0.8000  0.6000  0.0000\n",
      );
    }
  });

  test("are known by their bytes and resized to the input", async () => {
    const model = await saveEcho(folder, "flat.safetensors", [4], true);
    const png = await put("picture.csv", pngBytes({ ...square, width: 1, height: 1, samples: [102] }));
    const fromPng = await values(`${model} ${png}`);
    expect(fromPng).toEqual([{ example: "picture.csv", values: new Array(4).fill(expect.closeTo(0.4, 6)) }]);
    const grey = encode({ width: 16, height: 16, data: new Uint8Array(1024).fill(128) }, 100).data;
    const [fromJpeg] = await values(`${model} ${await put("picture", grey)}`);
    expect(fromJpeg.values).toEqual(new Array(4).fill(expect.closeTo(128 / 255, 2)));
  });

  test("have their colours where the input has three channels", async () => {
    const model = await saveEcho(folder, "colours.safetensors", [1, 1, 3], true);
    const file = await put(
      "colours.png",
      pngBytes({ ...square, width: 1, height: 1, colourType: 2, samples: [0, 51, 255] }),
    );
    expect((await neurone(`predict ${model} ${file}`)).stdout).toBe("colours.png  0.0000  0.2000  1.0000\n");
  });

  test("in IDX files, compressed too, are rows", async () => {
    const bytes = idxBytes(8, [2, 2, 2], [0, 51, 102, 255, 255, 255, 0, 0]);
    const plain = await put("images.idx", bytes);
    const compressed = await put("images", gzip(bytes));
    for (const scales of [true, false]) {
      const model = await saveEcho(folder, `idx-${scales}.safetensors`, [4], scales);
      const expected = "0  0.0000  0.2000  0.4000  1.0000\n1  1.0000  1.0000  0.0000  0.0000\n";
      expect((await neurone(`predict ${model} ${plain}`)).stdout).toBe(expected);
      expect((await neurone(`predict ${model} ${compressed}`)).stdout).toBe(expected);
    }
  });
});

describe("what cannot be used ends with one line and no answer", () => {
  test.each([
    ["predict MODEL", 2, /missing required argument 'file'; see neurone predict --help/],
    ["predict nowhere.safetensors PLAIN", 2, /nowhere\.safetensors/],
    ["predict MODEL nowhere.csv", 2, /the file nowhere\.csv cannot be read/],
    ["predict MODEL - -", 2, /standard input, -, can be read once only/],
    ["predict MODEL PLAIN --top 0", 2, /A whole number of at least 1 is expected; see neurone predict --help/],
    ["predict MODEL PLAIN --invert", 2, /--invert is for images; leave it out for plain\.csv/],
    ["predict MODEL PICTURE --no-header", 2, /--no-header is for \.csv files; leave it out for picture\.png/],
    ["predict MODEL PICTURE --delimiter ;", 2, /--delimiter is for \.csv files/],
    ["predict MODEL PICTURE", 2, /the model takes no images: .* it has \[2\]/],
    ["predict TWO PLAIN", 2, /a model of one input and one output expected, it has 2 and 1/],
    ["predict PLAIN PLAIN", 1, /plain\.csv/],
    [
      "predict MODEL BINARY",
      1,
      /binary: a PNG or JPEG image, an IDX or a \.csv file expected, got bytes of another kind/,
    ],
    ["predict ECHO BROKEN", 1, /broken\.png: a PNG chunk of 25 bytes expected at offset 8, got 12/],
    ["predict MODEL EMPTY", 1, /empty: rows expected, the text has none/],
    ["predict MODEL DAMAGED", 1, /damaged\.gz: gzip data expected/],
  ])("neurone %s", async (args, code, message) => {
    const picture = pngBytes({ width: 1, height: 1, depth: 8, colourType: 0, samples: [1] });
    const paths: Readonly<Record<string, string>> = {
      MODEL: flowerModel,
      TWO: await saveSum(folder, "sum.safetensors"),
      ECHO: await saveEcho(folder, "echo.safetensors", [4], true),
      PLAIN: await put("plain.csv", "5,0\n0,6\n"),
      PICTURE: await put("picture.png", picture),
      BROKEN: await put("broken.png", picture.subarray(0, 20)),
      BINARY: await put("binary", Uint8Array.of(71, 73, 70, 0, 1)),
      EMPTY: await put("empty", ""),
      DAMAGED: await put("damaged.gz", Uint8Array.of(31, 139, 8, 0)),
    };
    const result = await neurone(args.replace(/[A-Z]+/g, (name) => paths[name] ?? name));
    expect(result.stderr).toMatch(/^neurone: [^\n]+\n$/);
    expect(result.stderr).toMatch(message);
    expect(result).toMatchObject({ code, stdout: "" });
  });

  test("an interruption ends with 1", async () => {
    const file = await put("plain.csv", "5,0\n0,6\n");
    const result = await neurone(`predict ${flowerModel} ${file}`, AbortSignal.abort());
    expect(result).toEqual({ code: 1, stdout: "", stderr: "neurone: interrupted\n" });
  });
});
