import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './lib/workspace.ts'

const guide = readFileSync(join(root, 'docs/architecture.md'), 'utf8')
const table = guide.split('<!-- where-to-change -->')[1]?.split('<!-- /where-to-change -->')[0] ?? ''
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| -'))
  .slice(1)

it('names files that are there, for each of the twelve changes', () => {
  expect(rows).toHaveLength(12)
  const named = rows.map((row) => [...row.matchAll(/`([\w./-]+\.tsx?)`/gu)].map(([, path = '']) => path))
  expect(rows.filter((_, index) => named[index]?.length === 0)).toEqual([])
  expect(named.flat().filter((path) => !existsSync(fileOf(path)))).toEqual([])
})

function fileOf(path: string): string {
  if (path.startsWith('app/')) return join(root, 'playground', path)
  if (/^(?:packages|generators)\//u.test(path)) return join(root, path)
  return join(root, 'packages/mikro-orm/src', path)
}
