import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')
const SINGLE_USE = ['used_at', 'password_locked_at']
const COUNTED = [
  'attempts',
  'failed_password_count',
  'failed_code_count',
  'unknown_failed_code_count',
  'failed_second_factor_count',
  'tokens',
]

interface Write {
  place: string
  /** What the column is set to, up to the end of the line. */
  value: string
  /** The statement from there on. */
  rest: string
}

async function sources(): Promise<string[]> {
  return (await readdir(source, { recursive: true })).filter(
    (path) => path.endsWith('.ts') && !/\.test\.ts$|^testing\//.test(path),
  )
}

async function writesOf(column: string): Promise<Write[]> {
  const paths = await sources()
  const perFile = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(source, path), 'utf8')
      return Array.from(text.matchAll(new RegExp(`(?:\\bset |^\\s+|, )${column} = (.*)`, 'gm')), (match) => ({
        place: path,
        value: match[1] ?? '',
        rest: text.slice(match.index).split('`', 1)[0] ?? '',
      }))
    }),
  )
  return perFile.flat()
}

// The gate for "by one conditional statement": a value that was read before is never written back.
describe('what works once or is counted', () => {
  it.each(SINGLE_USE)('sets %s only where it is still empty, or to nothing', async (column) => {
    const writes = await writesOf(column)
    expect(writes).not.toEqual([])
    const unguarded = writes.filter(
      ({ value, rest }) =>
        !/^(?:null|case)\b/.test(value) && !rest.includes(`${column} is null`) && !rest.includes('isUsable('),
    )
    expect(unguarded).toEqual([])
  })

  it('means by usable: not used yet', async () => {
    expect(await readFile(join(source, 'tokens/usable-token.ts'), 'utf8')).toContain('used_at is null')
  })

  it('spends a step of an authenticator app only once, unless the app is a new one', async () => {
    const writes = await writesOf('last_step')
    expect(writes).not.toEqual([])
    const guard = /last_step is null or last_step < |activated_at = /
    expect(writes.filter(({ place, rest }) => !guard.test(rest) && !/activate/.test(place))).toEqual([])
  })

  it("raises a passkey's counter only over a smaller one, or where both say that there is none", async () => {
    const writes = await writesOf('counter')
    expect(writes).not.toEqual([])
    const guard = /p\.counter < .*or \(p\.counter = 0 and .* = 0\)/
    expect(writes.filter(({ rest }) => !guard.test(rest))).toEqual([])
  })

  it.each(COUNTED)(
    'sets %s to zero or to something of itself, never to a value from outside',
    async (column) => {
      const writes = await writesOf(column)
      const ownTerms = new RegExp(`^(?:0\\b|.*\\b${column}\\b|.*\\bavailable\\()`)
      expect(writes.filter(({ value }) => !ownTerms.test(value))).toEqual([])
    },
  )
})
