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
  for (const row of rows) {
    const paths = [...row.matchAll(/`([\w./-]+\.tsx?)`/gu)].map(([, path = '']) => path)
    expect(paths, row).not.toHaveLength(0)
    for (const path of paths) expect(existsSync(fileOf(path)), `${path} in: ${row}`).toBe(true)
  }
})

function fileOf(path: string): string {
  if (path.startsWith('app/')) return join(root, 'playground', path)
  if (/^(?:packages|generators)\//u.test(path)) return join(root, path)
  return join(root, 'packages/mikro-orm/src', path)
}
