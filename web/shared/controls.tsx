import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { show, texts } from "./language.js";

const t = texts({
  en: { less: "less", more: "more" },
  fr: { less: "moins", more: "plus" },
});

interface Labelled {
  readonly label: string;
  readonly disabled?: boolean;
}

interface SliderProps extends Labelled {
  readonly value: Signal<number>;
  readonly min: number;
  readonly max: number;
  /** The smallest change; of the exponent of ten where the scale is logarithmic. */
  readonly step: number;
  readonly scale?: "linear" | "log";
  readonly format?: (value: number) => string;
  readonly onChange?: (value: number) => void;
}

/** A number between two others, by dragging or by arrow keys, with what it is beside its name. */
export function Slider({ label, value, min, max, step, scale, format = show, onChange, disabled }: SliderProps) {
  const id = useId();
  const to = scale === "log" ? Math.log10 : (x: number) => x;
  const from = scale === "log" ? (x: number) => Number((10 ** x).toPrecision(3)) : (x: number) => x;
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <span aria-hidden="true">{format(value.value)}</span>
      <input
        id={id}
        type="range"
        min={to(min)}
        max={to(max)}
        step={step}
        value={to(value.value)}
        disabled={disabled ?? false}
        aria-valuetext={format(value.value)}
        onInput={({ currentTarget }) => {
          value.value = from(currentTarget.valueAsNumber);
          onChange?.(value.value);
        }}
      />
    </div>
  );
}

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface ChoiceProps<T extends string> extends Labelled {
  readonly value: Signal<T>;
  readonly options: readonly Option<T>[];
  readonly onChange?: (value: T) => void;
}

/** One of a few, all of them in sight. */
export function Segments<T extends string>({ label, value, options, onChange, disabled }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset class="segments" disabled={disabled ?? false}>
      <legend>{label}</legend>
      <div>
        {options.map((option) => (
          <label>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value.value}
              onChange={() => {
                value.value = option.value;
                onChange?.(option.value);
              }}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** One of many. */
export function Select<T extends string>({ label, value, options, onChange, disabled }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div class="select">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value.value}
        disabled={disabled ?? false}
        onChange={({ currentTarget }) => {
          value.value = currentTarget.value as T;
          onChange?.(value.value);
        }}
      >
        {options.map((option) => (
          <option value={option.value}>{option.label}</option>
        ))}
      </select>
    </div>
  );
}

interface StepperProps extends Labelled {
  readonly value: Signal<number>;
  readonly min: number;
  readonly max: number;
  readonly onChange?: (value: number) => void;
}

/** A small whole number by plus and minus. */
export function Stepper({ label, value, min, max, onChange, disabled = false }: StepperProps) {
  const set = (next: number) => {
    value.value = next;
    onChange?.(next);
  };
  return (
    <div class="stepper" role="group" aria-label={label}>
      <span>{label}</span>
      <button
        type="button"
        aria-label={`${label}: ${t.less}`}
        disabled={disabled || value.value <= min}
        onClick={() => set(value.value - 1)}
      >
        −
      </button>
      <output>{value.value}</output>
      <button
        type="button"
        aria-label={`${label}: ${t.more}`}
        disabled={disabled || value.value >= max}
        onClick={() => set(value.value + 1)}
      >
        +
      </button>
    </div>
  );
}

interface NumberFieldProps extends Labelled {
  readonly value: number;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number | "any";
  /** When it is taken: with each key, or once it is typed (Enter, or leaving the field). */
  readonly commit?: "input" | "change";
  readonly onChange: (value: number) => void;
}

/** A number that is typed. What is no number within the bounds is not taken, and marked. While it is typed nothing else writes into it. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, min, max, step = "any", commit = "input", onChange, disabled } = props;
  const typed = useSignal<string | undefined>(undefined);
  const take = ({ valueAsNumber, validity }: HTMLInputElement) => {
    const isInside = !validity.rangeOverflow && !validity.rangeUnderflow;
    if (Number.isFinite(valueAsNumber) && isInside) onChange(valueAsNumber);
  };
  return (
    <label class="number-field">
      <span>{label}</span>
      <input
        type="number"
        inputMode="decimal"
        value={typed.value ?? Number(value.toPrecision(6))}
        min={min}
        max={max}
        step={step}
        disabled={disabled ?? false}
        onInput={({ currentTarget }) => {
          typed.value = currentTarget.value;
          if (commit === "input") take(currentTarget);
        }}
        onChange={({ currentTarget }) => {
          if (commit === "change") take(currentTarget);
        }}
        onBlur={() => {
          typed.value = undefined;
        }}
      />
    </label>
  );
}

/** Yes or no. */
export function Check({ label, value, disabled }: Labelled & { readonly value: Signal<boolean> }) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={value.value}
        disabled={disabled ?? false}
        onChange={({ currentTarget }) => (value.value = currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

interface ButtonProps {
  readonly onClick: () => void;
  readonly primary?: boolean;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly children: ComponentChildren;
}

export function Button({ onClick, primary, disabled, pressed, children }: ButtonProps) {
  return (
    <button
      type="button"
      class={primary ? "primary" : undefined}
      disabled={disabled ?? false}
      aria-pressed={pressed}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** Buttons that belong together. */
export function Buttons({ children }: { readonly children: ComponentChildren }) {
  return <div class="buttons">{children}</div>;
}

/** What a screen reader says when it changes: the state of a training, a goal that was reached. Keep it short and seldom. */
export function Status({ children }: { readonly children: ComponentChildren }) {
  return (
    <p role="status" class="status">
      {children}
    </p>
  );
}
