import { Markup } from "./markup.js";
import { BLUE, type Colour, NIGHT, NIGHT_BLUE, NIGHT_ORANGE, ORANGE, shades, toHex } from "./ramps.js";

const PAPER: Colour = [255, 255, 255];

/** Colours as custom properties and the classes of coloured cells. */
function palette(paper: Colour, blue: Colour, orange: Colour, names: Readonly<Record<string, string>>): string {
  const own = { paper: toHex(paper), blue: toHex(blue), orange: toHex(orange), ...names };
  const properties = Object.entries(own).map(([name, value]) => `--${name}:${value}`);
  const cells = shades(paper, blue, orange).map(({ name, background, text }) => {
    return `.${name}{background:${toHex(background)};color:${toHex(text)}}`;
  });
  return `:root{${properties.join(";")}}\n${cells.join("\n")}`;
}

const LIGHT = palette(PAPER, BLUE, ORANGE, { ink: "#1a1f26", quiet: "#57606a", line: "#d5dae0", card: "#f6f8fa" });
const DARK = palette(NIGHT, NIGHT_BLUE, NIGHT_ORANGE, {
  ink: "#e8ebef",
  quiet: "#a5aeb9",
  line: "#39414b",
  card: "#1c222a",
});

/** Light on paper, whatever the screen is. */
export const STYLE = new Markup(`
${LIGHT}
:root{color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){
${DARK}
}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:68rem;padding:2.5rem 1.5rem 4rem;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;font-variant-numeric:tabular-nums}
h1,h2,h3,p,li,dd,figcaption{overflow-wrap:anywhere}
h1{margin:0;font-size:2rem;line-height:1.2;letter-spacing:-.02em}
h2{margin:0 0 1rem;padding-top:1.5rem;border-top:1px solid var(--line);font-size:1.3rem;line-height:1.3}
h3{margin:0 0 .5rem;font-size:1rem}
p{margin:0 0 1rem;max-width:44rem}
section{margin-top:2.5rem}
.kicker,.under,.note{max-width:none;color:var(--quiet);margin:0 0 .25rem}
.note{margin-bottom:.75rem;font-size:.9rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.notice{margin:1.25rem 0 0;padding:.75rem 1rem;border-left:4px solid var(--orange);background:var(--card)}
dl{margin:0}
dd{margin:0}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin-top:1.75rem}
.figures div{padding:.9rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card)}
.figures dt{color:var(--quiet);font-size:.85rem}
.figures dd{font-size:1.25rem;font-weight:600;line-height:1.3;letter-spacing:-.01em}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:0 2rem}
.facts div{display:flex;justify-content:space-between;gap:1rem;padding:.35rem 0;border-bottom:1px solid var(--line)}
.facts dt{flex:none;color:var(--quiet)}
.facts dd{min-width:0;text-align:right}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1rem}
figure{margin:0}
.card{padding:1rem;border:1px solid var(--line);border-radius:.5rem}
.card svg[role]{display:block;width:100%;height:auto}
.chart text{fill:var(--quiet);font-size:13px}
.chart .grid{stroke:var(--line)}
.chart .tick{stroke:var(--quiet)}
.chart polyline{fill:none;stroke-width:2;stroke-linejoin:round}
.training polyline{stroke:var(--blue)}
.training circle{fill:var(--blue)}
.validation polyline{stroke:var(--orange);stroke-dasharray:6 4}
.validation circle{fill:var(--orange)}
figcaption{color:var(--quiet);font-size:.9rem}
.legend{display:inline-block;margin-right:1rem}
details{margin-top:1rem}
summary{cursor:pointer}
.scroll{overflow-x:auto;padding-bottom:.25rem}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
table{border-collapse:collapse;font-size:.9rem}
th{font-weight:600}
th,td{padding:.3rem .65rem;border-bottom:1px solid var(--line);text-align:right}
tbody th,.name,.wide th:first-child{max-width:16rem;min-width:5rem;overflow-wrap:anywhere;text-align:left}
.wide{min-width:min(100%,36rem)}
.matrix th,.matrix td{padding:.35rem .4rem;border:1px solid var(--paper);text-align:right;min-width:3rem}
.matrix thead th,.matrix thead td,.matrix tbody th{border-color:transparent;font-weight:600}
.matrix tbody th{max-width:14rem;overflow-wrap:anywhere;text-align:right}
.matrix .none{color:var(--quiet)}
.matrix .upright th{vertical-align:bottom}
.matrix .upright span{display:inline-block;max-height:9rem;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;writing-mode:vertical-rl;transform:rotate(180deg);text-align:left}
.small{font-size:.8rem}
.small th,.small td{padding:.25rem .3rem;min-width:2.2rem}
.tiny{font-size:.7rem}
.tiny th,.tiny td{padding:.15rem .2rem;min-width:1.5rem}
.pairs{max-width:44rem;margin:0;padding-left:1.5rem;columns:16rem 2}
.tiles{display:grid;gap:.75rem;margin:0;padding:0;list-style:none}
.tiles img{display:block;width:100%;height:auto;image-rendering:pixelated;background:#fff}
.mistakes{grid-template-columns:repeat(auto-fill,minmax(7rem,1fr));gap:1.25rem 1rem}
.mistakes figcaption{margin-top:.35rem;line-height:1.35}
.mistakes b{color:var(--ink)}
.units{grid-template-columns:repeat(16,1fr);gap:.4rem}
.scale{display:flex;flex-wrap:wrap;align-items:center;gap:.6rem;color:var(--quiet);font-size:.9rem}
.scale rect{stroke:var(--line)}
pre{margin:0;padding:1rem;border:1px solid var(--line);border-radius:.5rem;background:var(--card);font:.85rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.command{white-space:pre-wrap;overflow-wrap:anywhere}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.scroll pre{display:inline-block;min-width:100%}
.follow{margin-top:1.5rem}
@media (max-width:48rem){
.units{grid-template-columns:repeat(8,1fr)}
}
@media (max-width:30rem){
th,td{padding:.3rem .4rem}
body{padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem}
.figures{grid-template-columns:1fr 1fr}
.figures dd{font-size:1.1rem}
.chart text{font-size:15px}
.card{padding:.75rem}
.matrix th,.matrix td{padding:.25rem .2rem;min-width:1.75rem;font-size:.75rem}
.mistakes{grid-template-columns:repeat(auto-fill,minmax(5.5rem,1fr))}
}
@media print{
@page{margin:14mm}
body{max-width:none;padding:0;font-size:10pt}
h2,h3,thead,.note{break-after:avoid}
section{margin-top:1.5rem}
.figures div,.card,.tiles li,tr,.facts div,pre{break-inside:avoid}
.charts{grid-template-columns:1fr 1fr}
.figures{grid-template-columns:repeat(3,1fr)}
.mistakes{grid-template-columns:repeat(6,1fr)}
.units{grid-template-columns:repeat(16,1fr);gap:1mm}
.scroll{overflow:visible}
.wide th,.wide td{min-width:0;padding:.2rem .3rem;font-size:8.5pt;overflow-wrap:anywhere}
.scroll pre{display:block;white-space:pre-wrap;font-size:8pt}
.matrix{font-size:8.5pt}
.small{font-size:7pt}
.small th,.small td{padding:.1rem .15rem;min-width:0}
.tiny{font-size:5.5pt}
.tiny tbody th{max-width:5rem}
.tiny th,.tiny td{padding:0 .05rem;min-width:0}
details::details-content{content-visibility:visible;block-size:auto}
@supports not selector(details::details-content){
details:not([open]){display:none}
}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`);
