import { Button } from "./controls.js";
import { texts } from "./language.js";

const t = texts({
  en: { play: "Play", pause: "Pause" },
  fr: { play: "Lancer", pause: "Pause" },
});

interface PlayButtonProps {
  readonly playing: boolean;
  readonly onPlay: () => void;
  readonly onPause: () => void;
  /** What it says where something else than "Play" is to be said. */
  readonly label?: string;
  /** What else it says at other times: it has room for that, so that what lies beside it stays under the pointer. */
  readonly others?: readonly string[];
  /** Whether there is nothing to be played; what plays can be paused all the same. */
  readonly disabled?: boolean;
}

/** Starts what moves or trains by itself, and pauses it: one button, so that it keeps the focus. */
export function PlayButton(props: PlayButtonProps) {
  const { playing, onPlay, onPause, label = t.play, others = [], disabled = false } = props;
  const says = playing ? t.pause : label;
  return (
    <Button primary disabled={disabled && !playing} onClick={playing ? onPause : onPlay}>
      <span class="says-one">
        {[...new Set([label, t.pause, ...others])].map((words) => (
          <span key={words} class={words === says ? undefined : "unsaid"}>
            {words}
          </span>
        ))}
      </span>
    </Button>
  );
}
