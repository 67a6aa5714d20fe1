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
  /** Whether there is nothing to be played; what plays can be paused all the same. */
  readonly disabled?: boolean;
}

/** Starts what moves or trains by itself, and pauses it: one button, so that it keeps the focus. */
export function PlayButton({ playing, onPlay, onPause, label = t.play, disabled = false }: PlayButtonProps) {
  return (
    <Button primary disabled={disabled && !playing} onClick={playing ? onPause : onPlay}>
      {playing ? t.pause : label}
    </Button>
  );
}
