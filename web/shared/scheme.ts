import { computed, signal } from "@preact/signals";

export type Scheme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(system.matches);
system.addEventListener("change", ({ matches }) => {
  systemIsDark.value = matches;
});

/** What the reader chose, here or on an earlier visit; nothing follows the system. The page's head applies it before the first paint. */
const chosen = signal(document.documentElement.dataset["scheme"] as Scheme | undefined);

/** The colour scheme in use. */
export const scheme = computed<Scheme>(() => chosen.value ?? (systemIsDark.value ? "dark" : "light"));

export function chooseScheme(value: Scheme): void {
  chosen.value = value;
  document.documentElement.dataset["scheme"] = value;
  try {
    localStorage.setItem("scheme", value);
  } catch {
    // Without storage the choice holds for this page.
  }
}

const motion = matchMedia("(prefers-reduced-motion: reduce)");
/** Whether the reader asked for less motion: what would move by itself then goes by steps. */
export const reducedMotion = signal(motion.matches);
motion.addEventListener("change", ({ matches }) => {
  reducedMotion.value = matches;
});
