import { signal } from "@preact/signals";

/** What went wrong where nobody expected it; the chapter says so to its reader. */
export const failure = signal<string | undefined>(undefined);

export function fail(reason: unknown): void {
  failure.value = reason instanceof Error ? reason.message : String(reason);
}

addEventListener("unhandledrejection", ({ reason }) => fail(reason));
