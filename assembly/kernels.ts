/**
 * The kernel table. AssemblyScript and TypeScript both compile this file; the build writes the core's dispatch
 * from its names, each of which is a function of a file in kernels/.
 */
export enum Kernel {
  gatherF32,
  gatherU8,
  gatherI32,
  matmul,
  transpose,
  columnSum,
}
