import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Every package a source file reaches, through its own files. */
function reachedPackages(file: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>()
  if (seen.has(file)) return found
  seen.add(file)
  for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g)) {
    if (specifier.startsWith('/')) continue // of a browser's script, in a text
    if (!specifier.startsWith('.')) found.add(specifier)
    else for (const each of reachedPackages(join(dirname(file), specifier), seen)) found.add(each)
  }
  return found
}

const reached = (entry: string) => [...reachedPackages(join(import.meta.dirname, entry))].sort()

describe('the entries of @sigra/remix', () => {
  it('run without React Router, Express and React where they must', () => {
    expect(reached('index.ts')).toEqual([
      '@sigra/core',
      '@sigra/mikro-orm',
      'node:async_hooks',
      'node:net',
      'node:util',
    ])
  })

  it('bring in React Router, Conform and Express types only where they are named for them', () => {
    expect(reached('react-router/index.ts')).toContain('react-router')
    expect(reached('express/index.ts')).toEqual([
      '@sigra/core',
      '@sigra/mikro-orm',
      'node:async_hooks',
      'node:http',
      'node:net',
    ])
    // Types alone: pages say their words in the browser, too.
    const say = readFileSync(join(import.meta.dirname, 'words/say.ts'), 'utf8')
    expect([...say.matchAll(/^import (?!type ).*$/gm)].map(([line]) => line)).toEqual([
      "import { tellOnce, warn } from './development.ts'",
    ])
    expect(reached('mailbox/index.ts')).not.toContain('react-router')
    // Of the database's package types alone: a form finds out whether a wrapper stands around its request.
    expect(reached('conform.ts')).toEqual([
      '@conform-to/zod/v4',
      '@sigra/core',
      '@sigra/mikro-orm',
      'node:async_hooks',
      'zod/v4/core',
    ])
  })
})
