import { toLf } from './line-endings.ts'

export interface EnvBlock {
  key: string
  block: string
}

/** Keys an `.env` file sets, commented-out ones included. */
export function envKeys(text: string): string[] {
  return toLf(text)
    .split('\n')
    .flatMap((line) => /^(?:# ?)?(?:export )?([A-Z][A-Z0-9_]*) ?=/u.exec(line)?.[1] ?? [])
}

/** Each key with the comment lines right above it. */
export function envBlocks(text: string): EnvBlock[] {
  const blocks: EnvBlock[] = []
  let above: string[] = []
  for (const line of toLf(text).split('\n')) {
    const [key] = envKeys(line)
    if (key !== undefined) {
      blocks.push({ key, block: [...above, line].join('\n') })
      above = []
    } else {
      above = line === '' ? [] : [...above, line]
    }
  }
  return blocks
}

/** An `.env.example` without some keys and what is said about them. */
export function withoutKeys(text: string, keys: ReadonlySet<string>): string {
  const left = envBlocks(text).filter(({ key }) => keys.has(key))
  return left.reduce((done, block) => withoutBlock(done, block), text)
}

/** Unchanged where its lines are not as they came. */
export function withoutBlock(text: string, { block }: EnvBlock): string {
  const without = `\n${text}`.replace(`\n${block}\n`, '\n').slice(1)
  return without === text ? text : without.replaceAll(/\n{3,}/gu, '\n\n').replace(/\n\n$/u, '\n')
}
