import { serve } from "../../shared/serve.js";
import { AdalineTrack } from "./adaline.js";
import { PerceptronTrack } from "./perceptron.js";
import type { Chunk, Learner, Settings, Track } from "./track.js";

let tracks: Readonly<Record<Learner, Track>> | undefined;
/** Calls are worked off one after the other: models are not disposed of while they learn. */
let last: Promise<unknown> = Promise.resolve();
function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

const api = {
  /** Starts both learners anew, with weights of zero. */
  open: (settings: Settings): Promise<void> =>
    inTurn(() => {
      for (const track of Object.values(tracks ?? {})) track.dispose();
      tracks = { perceptron: new PerceptronTrack(settings), adaline: new AdalineTrack(settings) };
    }),

  /** Lets a learner go on for some epochs. */
  more: (learner: Learner): Promise<Chunk> =>
    inTurn(() => {
      if (!tracks) throw new Error("nothing was opened");
      return tracks[learner].more();
    }),
};

export type Api = typeof api;
serve(api);
