import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { quotesIn } from './lib/guide-samples.ts'
import { root } from './lib/workspace.ts'

describe.each(['docs/multi-tenant-apps.md', 'docs/roles.md'])('%s', (guide) => {
  it('quotes the playground as it is', () => {
    const quotes = quotesIn(guide)
    expect(quotes.length).toBeGreaterThan(0)
    for (const { path, lines } of quotes)
      expect(readFileSync(join(root, 'playground', path), 'utf8'), path).toContain(lines)
  })
})
