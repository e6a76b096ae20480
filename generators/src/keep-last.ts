/** Remembers what was made for the keys that were asked for last, and makes anything else anew. */
export function keepLast<Made>(most: number): (key: string, make: () => Made) => Made {
  const kept = new Map<string, { made: Made }>()
  return (key, make) => {
    const entry = kept.get(key) ?? { made: make() }
    kept.delete(key)
    kept.set(key, entry)
    const [oldest] = kept.keys()
    if (kept.size > most && oldest !== undefined) kept.delete(oldest)
    return entry.made
  }
}
