/**
 * Files that import each other in a circle, types included: none of them can be read, or moved, without the others.
 *
 * @param imports What each file imports.
 * @returns Each circle once, as the way from a file back to itself.
 */
export function findCircles(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  const way: string[] = []

  function walk(file: string): void {
    const start = way.indexOf(file)
    if (start >= 0) circles.push([...way.slice(start), file])
    if (start >= 0 || done.has(file)) return
    way.push(file)
    for (const next of imports.get(file) ?? []) walk(next)
    way.pop()
    done.add(file)
  }

  for (const file of imports.keys()) walk(file)
  return circles
}
