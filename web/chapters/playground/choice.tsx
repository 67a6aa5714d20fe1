import { useSignal } from "@preact/signals";
import { type Option, Select } from "../../shared/controls.js";

/** Choices called by `names`, else as they are. */
export const optionsOf = <T extends string>(values: readonly T[], names?: Readonly<Record<T, string>>): Option<T>[] =>
  values.map((value) => ({ value, label: names ? names[value] : value }));

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}

/** A `Select` of what is no signal by itself, but a part of one or computed. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const chosen = useSignal(value);
  chosen.value = value;
  return <Select label={label} value={chosen} options={options} onChange={onChange} />;
}
