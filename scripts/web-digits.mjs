// Writes the file of digits that the page trains on: a part of MNIST at four bits a pixel, gzipped, since static hosts do not pack
// such files themselves. What is in it: web/chapters/digits/dataset.ts.
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Enough for 97 % of the test images, in 2.6 MB. */
const TRAIN = 24000;
const TEST = 4000;
const SIZE = 784;

/** `count` examples spread over the whole set: MNIST's first test images were written by other people than its last. */
function spread({ x, y }, count) {
  const step = y.data.length / count;
  const taken = Array.from({ length: count }, (_, i) => Math.floor(i * step));
  const packed = Buffer.alloc((count * SIZE) / 2);
  taken.forEach((from, to) => {
    for (let i = 0; i < SIZE / 2; i++) {
      const [first, second] = x.data.subarray(from * SIZE + 2 * i, from * SIZE + 2 * i + 2);
      packed[(to * SIZE) / 2 + i] = (Math.round(first / 17) << 4) | Math.round(second / 17);
    }
  });
  return { packed, labels: Buffer.from(taken.map((from) => y.data[from])) };
}

export async function writeDigits(file) {
  const { data } = await import(new URL("../dist/index.js", import.meta.url));
  const mnist = await data.mnist();
  const [train, test] = [spread(mnist.train, TRAIN), spread(mnist.test, TEST)];
  const header = Buffer.from("digits\x01\x04--------");
  header.writeUInt32LE(TRAIN, 8);
  header.writeUInt32LE(TEST, 12);
  const parts = [header, train.packed, test.packed, train.labels, test.labels];
  writeFileSync(file, gzipSync(Buffer.concat(parts), { level: 9 }));
}
