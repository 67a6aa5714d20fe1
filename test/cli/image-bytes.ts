import { crc32, deflateSync } from "node:zlib";
import { concat } from "../data/bytes.js";

export interface PngSettings {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** 0 grey, 2 colours, 3 palette, 4 grey and opacity, 6 colours and opacity. */
  readonly colourType: number;
  /** One number a sample, row by row. */
  readonly samples: ArrayLike<number>;
  readonly interlaced?: boolean;
  /** Contents of PLTE and tRNS. */
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
}

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** A PNG file of any kind, its rows unfiltered. */
export function pngBytes(settings: PngSettings): Uint8Array {
  const { palette, transparency } = settings;
  return pngOf(
    header(settings),
    ...(palette ? [chunk("PLTE", Uint8Array.from(palette))] : []),
    ...(transparency ? [chunk("tRNS", Uint8Array.from(transparency))] : []),
    chunk("IDAT", deflateSync(rawRows(settings))),
  );
}

/** A PNG file of these chunks, and its end. */
export function pngOf(...chunks: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10), ...chunks, chunk("IEND"));
}

export function chunk(type: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const body = concat(new TextEncoder().encode(type), data);
  return concat(word(data.length), body, word(crc32(body)));
}

export function header({ width, height, depth, colourType, interlaced = false }: Omit<PngSettings, "samples">) {
  return chunk("IHDR", concat(word(width), word(height), Uint8Array.of(depth, colourType, 0, 0, +interlaced)));
}

function rawRows({ width, height, depth, colourType, samples, interlaced }: PngSettings): Uint8Array {
  const size = SAMPLES[colourType] as number;
  const bytes: number[] = [];
  for (const [left, top, across, down] of interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const)) {
    for (let y = top; y < height && left < width; y += down) {
      let bits = "";
      for (let x = left; x < width; x += across) {
        for (let i = 0; i < size; i++) {
          bits += (samples[(y * width + x) * size + i] as number).toString(2).padStart(depth, "0");
        }
      }
      bytes.push(0);
      for (let i = 0; i < bits.length; i += 8) bytes.push(Number.parseInt(bits.slice(i, i + 8).padEnd(8, "0"), 2));
    }
  }
  return Uint8Array.from(bytes);
}

function word(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}
