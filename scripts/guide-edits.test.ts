import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { makeEdit, readEdits } from './lib/guide-edits.ts'

const root = new URL('..', import.meta.url)

describe('the guide on fields of your own', () => {
  it('changes only lines that a new app has', async () => {
    const edits = await readEdits(fileURLToPath(new URL('docs/custom-user-fields.md', root)))
    expect(edits.map(({ path }) => path)).toContain('tests/support/registration.ts')
    for (const edit of edits) {
      const text = await readFile(new URL(`playground/${edit.path}`, root), 'utf8')
      expect(makeEdit(text, edit)).toMatch(/displayName/i)
    }
  })

  it('changes lines that a new app has, as the one on looking after accounts does', async () => {
    const edits = await readEdits(fileURLToPath(new URL('docs/operating.md', root)))
    expect(edits.map(({ path }) => path)).toContain('app/routes.ts')
    for (const edit of edits) {
      const text = await readFile(new URL(`playground/${edit.path}`, root), 'utf8')
      expect(makeEdit(text, edit)).toMatch(/isAdmin|support|, p }/)
    }
  })

  it('is what the guide on emails goes on from', async () => {
    const guides = ['docs/custom-user-fields.md', 'docs/emails.md']
    const edits = (
      await Promise.all(guides.map((guide) => readEdits(fileURLToPath(new URL(guide, root)))))
    ).flat()
    const texts = new Map<string, string>()
    for (const edit of edits) {
      const original = new URL(`playground/${edit.path}`, root)
      const text = texts.get(edit.path) ?? (await readFile(original, 'utf8'))
      texts.set(edit.path, makeEdit(text, edit))
    }
    expect(texts.get('app/sigra.server.ts')).toContain("localeProperty: 'locale'")
    expect(texts.get('app/accounts/emails/props.ts')).toContain("mailUser = ['displayName'] as const")
  })

  it('is refused where what it changes is not there', () => {
    expect(() => makeEdit('a\n', { path: 'a.ts', before: 'b', after: 'c' })).toThrow(
      'a.ts has these lines 0 times',
    )
  })
})
