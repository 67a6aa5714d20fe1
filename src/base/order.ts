/**
 * What `ends` need, each after what it needs itself, by `needs`. Iterative, so that depth is bounded by memory alone.
 */
export function topologicalOrder<T>(ends: readonly T[], needs: (item: T) => readonly T[]): T[] {
  const order: T[] = [];
  const opened = new Set<T>();
  const closed = new Set<T>();
  const stack: T[] = [...ends].reverse();
  while (stack.length > 0) {
    const item = stack[stack.length - 1] as T;
    if (opened.has(item)) {
      stack.pop();
      if (!closed.has(item)) order.push(item);
      closed.add(item);
      continue;
    }
    opened.add(item);
    for (const before of [...needs(item)].reverse()) if (!opened.has(before)) stack.push(before);
  }
  return order;
}
