const PANEL = { width: 300, height: 240 };
const GAP = 90;
const TOP = 60;
const LEFT = 75;
const INK = "#333333";
const FAINT = "#cccccc";
const LINES = [
  { label: "measured", of: (point) => point.nanoseconds, color: "#0b62c4", dash: "" },
  {
    label: "work added",
    of: (point, first) => (first.nanoseconds * point.work) / first.work,
    color: "#c4560b",
    dash: "6 4",
  },
];

/** A panel for each axis, both scales logarithmic: nanoseconds per sample, and what they were if they grew as the work. */
export function growthSvg(axes) {
  const width = LEFT + axes.length * (PANEL.width + GAP);
  const height = TOP + PANEL.height + 70;
  const times = axes.flatMap(({ points }) => LINES.flatMap(({ of }) => points.map((point) => of(point, points[0]))));
  const range = [10 ** Math.floor(Math.log10(Math.min(...times))), 10 ** Math.ceil(Math.log10(Math.max(...times)))];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13" fill="${INK}">
<title>Time per sample against the work added, for width, depth and batch</title>
<rect width="${width}" height="${height}" fill="white"/>
${legend()}
${axes.map((axis, i) => panel(axis, LEFT + i * (PANEL.width + GAP), range)).join("\n")}
</svg>
`;
}

function legend() {
  return LINES.map(({ label, color, dash }, i) => {
    const x = LEFT + i * 130;
    return `${line(
      [
        [x, 22],
        [x + 30, 22],
      ],
      color,
      dash,
    )}<text x="${x + 38}" y="26">${label}</text>`;
  }).join("");
}

function panel({ name, points }, left, [low, high]) {
  const bottom = TOP + PANEL.height;
  const values = points.map(({ value }) => value);
  const x = scale(values[0], values.at(-1), left, left + PANEL.width);
  const y = scale(low, high, bottom, TOP);
  const decades = Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, i) => low * 10 ** i);
  const places = LINES.map(({ of }) => points.map((point) => [x(point.value), y(of(point, points[0]))]));
  const [variable] = name.split(":");
  return [
    `<text x="${left}" y="${TOP - 12}" font-weight="bold">${name}</text>`,
    ...decades.map((time) =>
      line(
        [
          [left, y(time)],
          [left + PANEL.width, y(time)],
        ],
        FAINT,
      ),
    ),
    ...decades.map((time) => `<text x="${left - 8}" y="${y(time) + 4}" text-anchor="end">${unit(time)}</text>`),
    line(
      [
        [left, bottom],
        [left + PANEL.width, bottom],
      ],
      INK,
    ),
    ...values.map((value) => `<text x="${x(value)}" y="${bottom + 18}" text-anchor="middle">${value}</text>`),
    `<text x="${left + PANEL.width / 2}" y="${bottom + 42}" text-anchor="middle">${variable}</text>`,
    `<text transform="translate(${left - 52} ${TOP + PANEL.height / 2}) rotate(-90)" text-anchor="middle">time per sample</text>`,
    ...LINES.map(({ color, dash }, i) => line(places[i], color, dash)),
    ...places[0].map(([cx, cy]) => `<circle cx="${round(cx)}" cy="${round(cy)}" r="3.5" fill="${LINES[0].color}"/>`),
  ].join("\n");
}

/** Maps `from` to `to` onto `start` to `end`, by logarithms. */
function scale(from, to, start, end) {
  return (value) => start + ((end - start) * Math.log(value / from)) / Math.log(to / from);
}

function line(places, color, dash = "") {
  const dashed = dash ? ` stroke-dasharray="${dash}"` : "";
  const points = places.map((place) => place.map(round).join(",")).join(" ");
  return `<polyline points="${points}" fill="none" stroke="${color}" stroke-width="${color === FAINT ? 1 : 2}"${dashed}/>`;
}

function unit(nanoseconds) {
  return nanoseconds < 1000
    ? `${nanoseconds} ns`
    : nanoseconds < 1e6
      ? `${nanoseconds / 1000} µs`
      : `${nanoseconds / 1e6} ms`;
}

function round(place) {
  return Math.round(place * 10) / 10;
}
