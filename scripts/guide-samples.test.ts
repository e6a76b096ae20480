import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { playgroundState } from '../generators/src/golden/golden-states.ts'
import { render } from '../generators/src/index.ts'
import { blocksIn, quotesIn, withoutLayout } from './lib/guide-samples.ts'
import { root } from './lib/workspace.ts'

describe.each(['docs/multi-tenant-apps.md', 'docs/roles.md'])('%s', (guide) => {
  it('quotes the playground as it is', () => {
    const quotes = quotesIn(guide)
    expect(quotes.length).toBeGreaterThan(0)
    for (const { path, lines } of quotes) {
      const text = withoutLayout(readFileSync(join(root, 'playground', path), 'utf8'))
      expect({ path, lines, isThere: text.includes(withoutLayout(lines)) }).toEqual({
        path,
        lines,
        isThere: true,
      })
    }
  })
})

it('getting started quotes the page as it was just generated', () => {
  const page = render(playgroundState).get('app/routes/projects.tsx') ?? ''
  const blocks = blocksIn('docs/getting-started.md')
  expect(blocks.length).toBeGreaterThan(0)
  for (const block of blocks) expect(withoutLayout(page)).toContain(withoutLayout(block))
})
