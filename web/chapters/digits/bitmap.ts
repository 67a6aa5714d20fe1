/** Brightness, 0 black to 255 white, row by row from the top. */
export interface Bitmap {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A rectangle in pixels; its sides may lie within them. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** `box` of a bitmap as `columns` x `rows` numbers, each the mean brightness over the area that it covers. */
export function areaMeans({ data, width }: Bitmap, box: Box, columns: number, rows: number): Float64Array {
  const [wide, high] = [box.width / columns, box.height / rows];
  const means = new Float64Array(columns * rows);
  for (let place = 0; place < means.length; place++) {
    const left = box.left + wide * (place % columns);
    const top = box.top + high * Math.floor(place / columns);
    let sum = 0;
    for (let y = Math.floor(top); y < top + high; y++) {
      const share = Math.min(y + 1, top + high) - Math.max(y, top);
      for (let x = Math.floor(left); x < left + wide; x++) {
        sum += share * (Math.min(x + 1, left + wide) - Math.max(x, left)) * (data[y * width + x] ?? 0);
      }
    }
    means[place] = sum / (wide * high);
  }
  return means;
}

/** The smallest rectangle with all the ink in it; undefined where there is none. */
export function inkBox({ data, width, height }: Bitmap): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  data.forEach((value, place) => {
    if (value === 0) return;
    const [x, y] = [place % width, Math.floor(place / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  });
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
