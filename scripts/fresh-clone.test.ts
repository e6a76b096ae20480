import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

/** The packages that a script needs to be loaded at all, by way of whatever it imports. */
function neededBy(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return []
  seen.add(file)
  const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^'"]*?from '([^']+)'/gm)
  return [...imports].flatMap(([, id = '']) => {
    if (id.startsWith('node:')) return []
    return id.startsWith('.') ? neededBy(join(dirname(file), id), seen) : [id]
  })
}

it.each(['try', 'test', 'build', 'bench', 'generate', 'mutants'])(
  'npm run %s starts in a fresh clone, where nothing is installed yet',
  (script) => {
    expect(neededBy(join(import.meta.dirname, `${script}.ts`))).toEqual([])
  },
)
