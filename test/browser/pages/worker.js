import * as neurone from "/dist/index.js";
import { loadDigits } from "./digits.js";
import { trainDigits } from "./recipe.js";

postMessage(await trainDigits(neurone, await loadDigits(neurone)));
