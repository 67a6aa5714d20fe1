/*
 * How matrix products are cut. AssemblyScript and TypeScript both compile this file.
 */

/**
 * The most terms of a sum that one chain of multiply-adds takes: a panel of so many rows of 8 columns stays in a first-level
 * cache, and what a chain rounds away grows with its length.
 */
export const DEPTH = 512;

/** Rows of the left operand that are laid out at a time: with `DEPTH` of their columns they stay in a second-level cache. */
export const ROWS = 128;

/** Columns of a panel of the right operand, as many as the tiles are wide. */
export const COLUMNS = 8;

/** Columns of the right operand that are laid out at a time: whole cache lines, and few pages, of each of its rows. */
export const LAID_COLUMNS = 32;
