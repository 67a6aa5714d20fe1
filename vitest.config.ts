import { defineConfig } from "vitest/config";

const nodeMajor = Number(process.versions.node.split(".")[0]);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["scripts/ensure-built.mjs", "scripts/ensure-web.mjs", "scripts/ensure-peers.mjs"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A page on a busy machine may take seconds for what takes a blink elsewhere: only what never comes is a failure.
    expect: { poll: { timeout: 30_000 } },
    // Node 20's engine has relaxed SIMD behind a flag; from 22 on it has it without.
    execArgv: ["--expose-gc", ...(nodeMajor < 22 ? ["--experimental-wasm-relaxed-simd"] : [])],
  },
});
