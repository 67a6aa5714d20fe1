/*
 * What a plan and the block of a crew's state hold where. AssemblyScript and TypeScript both compile this file.
 */

/** The second word of an instruction is its length in words and these bits. */
export const LENGTH = 0xffffff;
/** Only thread 0 runs the instruction. */
export const SOLO = 1 << 24;
/** No thread begins the instruction before all are done with those ahead of it. */
export const BARRIER = 1 << 25;

/*
 * The state that threads share: i32 words at these byte offsets. What is written while others wait for something else lies in a
 * cache line of its own.
 */

/**
 * How many threads do the job, plus TALL, plus its number times JOBS: read at once, so that others never take a part of the next.
 */
export const JOB = 0;
export const TALL = 256;
export const JOBS = 512;
/** Address of the job's plan, and its steps. */
export const PLAN = 4;
export const STEPS = 8;
/** How many threads have arrived at the barrier, and how many barriers all have passed. */
export const ARRIVED = 64;
export const PASSED = 128;
/** How many threads sleep. */
export const SLEEPERS = 192;
/** How many threads still work on the job, and how many steps it came to. */
export const WORKING = 256;
export const DONE = 260;
/** 1: the job is to end after the step under way; and, for even and odd steps, what thread 0 made of it, for all to agree. */
export const HALT = 320;
export const HALTED = 324;
/** 1: a thread died, and all others give up. */
export const DEAD = 384;
export const STATE_BYTES = 448;
