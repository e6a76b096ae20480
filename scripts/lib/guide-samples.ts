import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Example } from './readme-examples.ts'
import { root } from './workspace.ts'

/** Lines of a file of the playground. */
export interface Quote {
  path: string
  lines: string
}

const GAP = '…'

/** What a guide quotes of the playground: its blocks whose first line names a file. A line `…` stands between two places. */
export function quotesIn(guide: string): Quote[] {
  return blocksIn(guide).flatMap((text) => {
    const [, path, block = ''] = /^\/\/ (\S+)\n([^]*)$/.exec(text) ?? []
    return path === undefined ? [] : block.split(GAP).map((lines) => ({ path, lines }))
  })
}

/** All other blocks: they are code of an app by themselves, as seen from its root. */
export function samplesIn(guide: string): Example[] {
  return blocksIn(guide).flatMap((text) => (text.startsWith('// ') ? [] : [{ folder: '.', text }]))
}

/** A formatter lays out a few lines otherwise than the file that they stand in. */
export function withoutLayout(text: string): string {
  return text.replaceAll(/\s/g, '').replaceAll(/,(?=[)\]}])/g, '')
}

/** All its blocks of TypeScript. */
export function blocksIn(guide: string): string[] {
  const text = readFileSync(join(root, guide), 'utf8')
  return [...text.matchAll(/^```tsx?\n([^]*?)^```$/gm)].map(([, block = '']) => block)
}
