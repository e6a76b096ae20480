import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const sources = join(import.meta.dirname, '..')
const guide = join(import.meta.dirname, '../../../../docs/security/who-can-use-up-what.md')

/** Keys of the same table that limit nobody, each with what it is for. */
const noLimits: Record<string, string> = {
  'confirm.removed': 'knows the second press of “I didn’t register”',
  'mail.charged': 'knows a mail that was charged already, at its next attempt',
}

/** A bucket of a client is the caller's own affair: the table has them in one row. */
const isOfClient = (name: string) => name.endsWith('.client')

const names = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  .flatMap((path) => {
    const text = readFileSync(join(sources, path), 'utf8')
    return [
      ...text.matchAll(
        /(?:\bname: (?='[a-z-]+\.)|limitKey\([\w.]+, |isFirstInWindow\(\w+, |_LIMIT = )'([a-z.-]+)'/g,
      ),
    ]
  })
  .flatMap(([, name]) => name ?? [])

describe('every limit', () => {
  it('is found', () => {
    expect(names).toEqual(expect.arrayContaining(['sign-in.account', 'failed-password', 'mail.recipient']))
  })

  it('RL-01 is in the table of who can use up what for whom, or is the caller’s own', () => {
    const table = readFileSync(guide, 'utf8')
    const limits = names.filter((name) => !isOfClient(name) && !(name in noLimits))
    expect(limits.filter((name) => !table.includes(`\`${name}\``))).toEqual([])
  })
})
