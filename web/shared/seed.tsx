import type { Signal } from "@preact/signals";
import { NumberField } from "./controls.js";
import { texts } from "./language.js";
import { codecs } from "./link-state.js";

const t = texts({ en: { seed: "Seed" }, fr: { seed: "Graine" } });

const MOST = 999_999;

/** A seed as it stands in a link. */
export const seedCodec = codecs.integer(0, MOST);

interface SeedFieldProps {
  readonly value: Signal<number>;
  /** What it says where one seed is to be told from another. */
  readonly label?: string;
  readonly onChange?: (seed: number) => void;
}

/** The number that decides what is random, to be typed. */
export function SeedField({ value, label = t.seed, onChange }: SeedFieldProps) {
  const take = (typed: number) => {
    value.value = Math.round(typed);
    onChange?.(value.value);
  };
  return <NumberField label={label} value={value.value} min={0} max={MOST} step={1} onChange={take} />;
}
