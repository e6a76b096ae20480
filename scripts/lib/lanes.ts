/** Does `work` with every item, `count` at a time; ends when all are done, and throws what the first of them threw. */
export async function inLanes<Item>(
  count: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  const lanes = await Promise.allSettled(Array.from({ length: count }, lane))
  for (const ended of lanes) if (ended.status === 'rejected') throw ended.reason
}
