import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withActivation } from "../../web/chapters/playground/activations.js";
import { commandOf, csvOf } from "../../web/chapters/playground/command.js";
import { DATA_SETS, type DataSet, makeExamples } from "../../web/chapters/playground/data-sets.js";
import { experimentOf, taskOf, windowOf } from "../../web/chapters/playground/experiment.js";
import { featuresOf, shortest } from "../../web/chapters/playground/features.js";
import { formatRun, parseRun } from "../../web/chapters/playground/fields.js";
import { layoutOf } from "../../web/chapters/playground/layout.js";
import { columnsOf, readTable } from "../../web/chapters/playground/table.js";
import { makeRandom } from "../../web/shared/random.js";

const invented = DATA_SETS.filter((name): name is Exclude<DataSet, "own"> => name !== "own");
const recipe = { count: 120, noise: 0, classes: 3, seed: 5 };

describe("random numbers", () => {
  test("are uniform and normal, and the seed's", () => {
    const random = makeRandom(3);
    const uniform = Array.from({ length: 20_000 }, () => random.uniform());
    expect(uniform.every((value) => value >= 0 && value < 1)).toBe(true);
    const counts = new Array(10).fill(0);
    for (const value of uniform) counts[Math.floor(10 * value)]++;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
    const normal = Array.from({ length: 20_000 }, () => random.normal());
    expect(normal.reduce((sum, value) => sum + value) / 20_000).toBeCloseTo(0, 1);
    expect(normal.reduce((sum, value) => sum + value * value) / 20_000).toBeCloseTo(1, 1);
    expect(makeRandom(3).uniform()).toBe(uniform[0]);
    expect(makeRandom(4).uniform()).not.toBe(uniform[0]);
  });
});

describe.each(invented)("%s", (name) => {
  test("is as large as asked for, decided by its seed, and has three decimals", () => {
    const examples = makeExamples(name, { ...recipe, noise: 0.2 });
    expect(examples).toHaveLength(120);
    expect(makeExamples(name, { ...recipe, noise: 0.2 })).toEqual(examples);
    const places = ({ x1, x2 }: { x1: number; x2: number }) => [x1, x2];
    const other = makeExamples(name, { ...recipe, noise: 0.2, seed: 6 });
    expect(other.flatMap(places)).not.toEqual(examples.flatMap(places));
    for (const value of examples.flatMap(places)) expect(Math.round(value * 1000) / 1000).toBe(value);
  });

  test("lies within the plane without noise, with every class", () => {
    const examples = makeExamples(name, recipe);
    const reach = name === "gaussians" ? 7 : 6;
    expect(examples.every(({ x1, x2 }) => Math.max(Math.abs(x1), Math.abs(x2)) <= reach)).toBe(true);
    const { task } = experimentOf(parseRun(`data=${name}&classes=3`));
    if (task.kind === "classes") expect(new Set(examples.map(({ y }) => y)).size).toBe(task.classes);
  });
});

test("XOR is what its name says, with an aisle", () => {
  for (const { x1, x2, y } of makeExamples("xor", recipe)) {
    expect(y).toBe(x1 * x2 > 0 ? 1 : 0);
    expect(Math.min(Math.abs(x1), Math.abs(x2))).toBeGreaterThanOrEqual(0.3);
  }
});

test("features are the formulas of their names, in f32", () => {
  const x = featuresOf([{ x1: 2, x2: -3 }], ["x1", "x2", "x1x1", "x2x2", "x1x2", "sinx1", "sinx2"]);
  expect([...x]).toEqual([2, -3, 4, 9, -6, Math.fround(Math.sin(2)), Math.fround(Math.sin(-3))]);
});

test("shortest decimals are the same f32, and short", () => {
  expect(shortest(Math.fround(0.1))).toBe(0.1);
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => Math.fround(shortest(value)) === value),
  );
});

describe("tables", () => {
  const iris = "length,width,species\n5.1,3.5,setosa\n7,3.2,versicolor\n6.3,3.3,virginica\n4.9,3,setosa\n";

  test("have columns with names, numbers or not", () => {
    expect(columnsOf(iris)).toEqual([
      { name: "length", numeric: true },
      { name: "width", numeric: true },
      { name: "species", numeric: false },
    ]);
    expect(columnsOf("1;2;3\n4;5;6\n").map(({ name }) => name)).toEqual(["1", "2", "3"]);
    expect(columnsOf('"a;b"\tc\n1\t2\n').map(({ name }) => name)).toEqual(["a;b", "c"]);
  });

  test("become points with classes in the order of their names", () => {
    const { examples, classNames } = readTable(iris, { x1: 1, x2: 0, label: 2 });
    expect(classNames).toEqual(["setosa", "versicolor", "virginica"]);
    expect(examples[1]).toEqual({ x1: 3.2, x2: 7, y: 1 });
  });

  test("whose labels are a few numbers have classes called so, many are to be predicted", () => {
    const few = readTable("a,b,c\n1,2,-1\n3,4,1\n5,6,1\n", { x1: 0, x2: 1, label: 2 });
    expect(few.classNames).toEqual(["-1", "1"]);
    expect(few.examples.map(({ y }) => y)).toEqual([0, 1, 1]);
    const rows = Array.from({ length: 1000 }, (_, i) => `${i},${-i},${i / 10}`).join("\n");
    const many = readTable(`a,b,c\n${rows}\n`, { x1: 0, x2: 1, label: 2 });
    expect(many.classNames).toBeUndefined();
    expect(many.examples).toHaveLength(600);
    expect(many.examples.at(-1)?.x1).toBeGreaterThan(990);
  });

  test("that are none are refused in the reader's words", () => {
    expect(() => columnsOf("hello\nworld\n")).toThrow(/a number expected/);
    expect(() => columnsOf("1,2,3\n4,5\n")).toThrow(/3 cells expected/);
    const names = Array.from({ length: 9 }, (_, i) => `${i},${i},${"abcdefghi"[i]}`).join("\n");
    expect(() => readTable(`a,b,c\n${names}\n`, { x1: 0, x2: 1, label: 2 })).toThrow(/at most 8 classes/);
  });

  test("show all their points", () => {
    const values = parseRun("data=own&own=100*-5*0_250*5*1&names=a%0Ab%0Ac%0Ad");
    const { x1, x2 } = windowOf(values);
    expect([x1.min < 100, x1.max > 250, x2.min < -5, x2.max > 5]).toEqual([true, true, true, true]);
    expect(taskOf(values)).toEqual({ kind: "classes", classes: 2 });
    const usual = { min: -6, max: 6 };
    expect(windowOf(parseRun("data=own&own=1*-6*0_6*5*1"))).toEqual({ x1: usual, x2: usual });
    expect(windowOf(parseRun("data=own&own=1*-6*0_7*5*1")).x1.max).toBeGreaterThan(7);
  });
});

describe("runs in a link", () => {
  const text =
    "data=own&own=1*2*0_-1.5*2*1&names=a%0Ab&features=x1_sinx2&layers=&act=relu&epoch=12&batches=7&edits=3*2*kernel*1*0.5_4-12*0*bias*0*-1&classes=4";

  test("come back as they were", () => {
    const values = parseRun(text);
    expect(values.own).toEqual([
      { x1: 1, x2: 2, y: 0 },
      { x1: -1.5, x2: 2, y: 1 },
    ]);
    expect(values.edits).toEqual([
      { epoch: 3, batches: 0, weight: "dense_2/kernel", index: 1, value: 0.5 },
      { epoch: 4, batches: 12, weight: "dense/bias", index: 0, value: -1 },
    ]);
    expect([values.epoch, values.batches]).toEqual([12, 7]);
    expect(values.layers).toEqual([]);
    expect(parseRun(formatRun(values))).toEqual(values);
    expect(formatRun(parseRun(""))).toBe("");
  });

  test.each([
    ["features", ""],
    ["features", "x3"],
    ["layers", "9"],
    ["layers", "1_1_1_1_1_1_1"],
    ["act", ""],
    ["act", "relu_none"],
    ["act", "relu_relu_relu_relu_relu_relu_relu"],
    ["own", "1*2"],
    ["own", "1*2*NaN"],
    ["edits", "1*0*scale*0*1"],
    ["edits", "1*0*kernel*0*Infinity"],
    ["edits", "1-2-3*0*kernel*0*1"],
    ["edits", "1--2*0*kernel*0*1"],
    ["edits", "*0*kernel*0*1"],
    ["epoch", "-1"],
    ["batches", "601"],
    ["batches", "0.5"],
    ["rate", "0.2"],
  ])("are what they are initially where %s is %j", (name, wrong) => {
    expect(parseRun(`${name}=${wrong}`)).toEqual(parseRun(""));
  });
});

test("edits of a link are sorted by when they were made, within an epoch too", () => {
  const { edits } = parseRun("edits=2-10*0*bias*0*1_3*0*bias*0*1_2-9*0*bias*0*1_2*0*bias*0*1");
  expect(edits.map(({ epoch, batches }) => [epoch, batches])).toEqual([
    [2, 0],
    [2, 9],
    [2, 10],
    [3, 0],
  ]);
});

describe("activations", () => {
  const of = (text: string) => experimentOf(parseRun(text)).settings.activations;

  test("are one for all hidden layers, as links once said, or one each", () => {
    expect(of("layers=3_3_3&act=relu")).toEqual(["relu", "relu", "relu"]);
    expect(of("layers=3_3_3&act=relu_gelu")).toEqual(["relu", "gelu", "gelu"]);
    expect(of("layers=3&act=relu_gelu")).toEqual(["relu"]);
    expect(of("layers=")).toEqual([]);
    expect(formatRun(parseRun("act=relu_gelu"))).toBe("act=relu_gelu");
    expect(formatRun(parseRun("act=relu"))).toBe("act=relu");
  });

  test("are as short in a link as they can be", () => {
    expect(withActivation(["tanh"], 3, 1, "relu")).toEqual(["tanh", "relu", "tanh"]);
    expect(withActivation(["tanh"], 3, 2, "relu")).toEqual(["tanh", "tanh", "relu"]);
    expect(withActivation(["tanh", "relu"], 3, 0, "relu")).toEqual(["relu"]);
    expect(withActivation(["tanh", "tanh", "relu"], 3, 1, "relu")).toEqual(["tanh", "relu"]);
    expect(withActivation(["tanh", "relu", "gelu"], 1, 0, "elu")).toEqual(["elu"]);
  });

  test("of no hidden layer are nothing that a command names", () => {
    const found = commandOf(experimentOf(parseRun("layers=&act=tanh_relu")), { epoch: 5, batches: 0 }, false);
    expect("command" in found && found.command).toContain("--layers 2 --optimizer");
  });
});

describe("commands", () => {
  test("name the file's label, the layers with the classes, and all that is set", () => {
    const experiment = experimentOf(parseRun("data=spiral&classes=3&opt=momentum&drop=0.2&seed=4"));
    const found = commandOf(experiment, { epoch: 20, batches: 0 }, false);
    expect("command" in found && found.command).toBe(
      "npx neurone train playground.csv --label label --layers 4,2,3 --activation tanh --optimizer sgd --momentum 0.9 --learning-rate 0.1 --schedule constant --dropout 0.2 --batch-size 10 --epochs 20 --seed 4 --test-split 0.3 --numerics reproducible --json",
    );
    const [header, first, ...more] = csvOf(experiment).trimEnd().split("\n");
    const [one] = experiment.examples;
    expect(header).toBe("x1,x2,label");
    expect(first).toBe(`${one?.x1},${one?.x2},${one?.y}`);
    expect(more).toHaveLength(299);
  });

  test.each([
    ["data=plane", 5, false, "regression"],
    ["loss=squaredError", 5, false, "sign"],
    ["l2=0.1", 5, false, "penalty"],
    ["act=tanh_relu", 5, false, "activations"],
    ["opt=nesterov", 5, false, "nesterov"],
    ["sched=warmup", 5, false, "schedule"],
    ["sched=cosine&length=9", 5, false, "cosine"],
    ["", 5, true, "edits"],
    ["", 0, false, "epochs"],
    ["batches=2", 5, false, "batches"],
    ["data=own&own=1*1*0_2*2*2_3*3*2_4*4*0", 5, false, "missing"],
  ])("there are none for %j after %i epochs (edited: %j): %s", (text, epoch, edited, obstacle) => {
    const { batches, ...values } = parseRun(text);
    expect(commandOf(experimentOf({ ...values, batches }), { epoch, batches }, edited)).toEqual({ obstacle });
  });
});

test("the drawing's lines are the elements of the kernels, each once", () => {
  const { lines, nodes } = layoutOf(["x2", "sinx1"], [3], 2, 500);
  expect(nodes).toHaveLength(7 + 3 + 2);
  const keys = lines.map(({ weight, index }) => `${weight} ${index}`);
  expect(new Set(keys).size).toBe(2 * 3 + 3 * 2);
  // Row 1 of the kernel is the second input that is on.
  const line = lines.find(({ weight, index }) => weight === "dense/kernel" && index === 4);
  expect([line?.from.column, line?.from.unit, line?.to.column, line?.to.unit]).toEqual([0, 5, 1, 1]);
});
