// Prints what one epoch came to in the Node that runs this, with the built library.
import * as neurone from "../../dist/index.js";
import { trainDigits } from "./pages/recipe.js";

const { train } = await neurone.data.mnist();
console.log(JSON.stringify(await trainDigits(neurone, { x: train.x, y: train.y.data })));
