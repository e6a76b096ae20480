import type { DatabaseObjects } from '@sigra/generators'

const END = '\n  }\n'

/**
 * The text of a migration, as MikroORM wrote it, with lines that it has no words for: made where the tables are new, and
 * dropped where they go for good.
 */
export function addDatabaseObjects(
  text: string,
  find: () => DatabaseObjects | null,
  { isNew, isGone }: { isNew: boolean; isGone: boolean },
): string {
  const objects = isNew || isGone ? find() : null
  if (objects === null) return text
  const [up, down, ...rest] = text.split(END)
  const lines = isNew ? objects.up : objects.down
  const back = isNew && down?.includes('down()') ? `\n${objects.down}` : ''
  return [`${up}\n\n${lines}`, `${down ?? ''}${back}`, ...rest].join(END)
}
