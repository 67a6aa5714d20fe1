import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test("a host without Symbol.dispose gets the symbol that compilers look for instead", async () => {
  const present = Symbol;
  const older = new Proxy(() => {}, {
    get: (_, key) => (key === "dispose" ? undefined : Reflect.get(present, key)),
    apply: (_, __, [name]: [string?]) => present(name),
  });
  vi.resetModules();
  vi.stubGlobal("Symbol", older);
  const { layers, models, sequential } = await import("../../src/index.js");
  const net = sequential({ layers: [layers.dense({ inputShape: [1], units: 1 })] });
  for (const held of [net, models.autoencoder({ inputShape: [2], units: [1] })]) {
    const free = vi.spyOn(held, "dispose");
    (held as unknown as Record<symbol, () => void>)[present.for("Symbol.dispose")]?.();
    expect(free).toHaveBeenCalledOnce();
  }
});
