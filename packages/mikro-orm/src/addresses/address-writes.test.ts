import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')

interface Write {
  place: string
  /** What the column gets. */
  value: string
}

const UPDATE = /\bset (?:(?!\b(?:from|where)\b)[^`])*?(?<![\w.])email_canonical = ([^\s,]+)/g
const INSERT =
  /insert into \$\{[^}]*\buser\.name\}[^()]*\([^)]*\bemail_canonical\b[\s\S]*?\bselect \$\{newId\([^)]*\)\}, [^,]+, ([^\s,]+)/g

/** What an app runs: neither tests nor what makes rows for them. */
async function sources(): Promise<(readonly [place: string, text: string])[]> {
  const paths = (await readdir(source, { recursive: true })).filter(
    (path) => path.endsWith('.ts') && !/\.test\.ts$|^testing\//.test(path),
  )
  return Promise.all(paths.map(async (path) => [path, await readFile(join(source, path), 'utf8')] as const))
}

async function writes(): Promise<Write[]> {
  return (await sources()).flatMap(([place, text]) =>
    [...text.matchAll(UPDATE), ...text.matchAll(INSERT)].map(([, value = '']) => ({ place, value })),
  )
}

// The gate for "one function gives an address": what is written is what `admitAddress` answered.
describe('the address of a user', () => {
  it('is written by a registration, with an invitation or without, by a change and by its undo, each as it was admitted', async () => {
    const found = await writes()
    expect(found.toSorted((a, b) => a.place.localeCompare(b.place))).toEqual([
      { place: 'email-change/restore-address.ts', value: '${admitted.address}' },
      { place: 'email-change/switch-address.ts', value: '${admitted.address}' },
      { place: 'register/insert-proven-user.ts', value: '${admitted}' },
      { place: 'register/store-registration.ts', value: '${admitted}::varchar' },
    ])
  })

  it('is written by no entity', async () => {
    const assigned = /\.emailCanonical = |\bemailCanonical: (?!CanonicalEmail$|string$|current\b|p\b)/m
    const found = (await sources()).filter(([, text]) => assigned.test(text))
    expect(found.map(([place]) => place)).toEqual([])
  })

  it('is admitted in one place', async () => {
    const found = (await sources()).filter(([, text]) => text.includes('as AdmittedAddress'))
    expect(found.map(([place]) => place)).toEqual(['addresses/admit-address.ts'])
  })
})
