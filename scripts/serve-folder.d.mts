import type { RequestListener } from "node:http";

export function serveFolder(
  folder: string,
  options?: { readonly isolated?: boolean; readonly append?: string },
): RequestListener;
