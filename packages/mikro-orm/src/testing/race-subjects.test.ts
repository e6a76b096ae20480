import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { knownAreas } from '../areas.ts'
import { userBackupCodeProperties } from '../schema/user-backup-code.ts'
import { userKnownBrowserProperties } from '../schema/user-known-browser.ts'
import { userSessionProperties } from '../schema/user-session.ts'
import { userTokenProperties } from '../schema/user-token.ts'
import { userTotpProperties } from '../schema/user-totp.ts'
import { userProperties } from '../schema/user.ts'
import { raceSubjects } from './race-subjects.ts'

const source = join(import.meta.dirname, '..')

const bundles = {
  user: userProperties,
  userToken: userTokenProperties,
  userSession: userSessionProperties,
  userKnownBrowser: userKnownBrowserProperties,
  userTotp: userTotpProperties,
  userBackupCode: userBackupCodeProperties,
  ...Object.fromEntries(knownAreas.flatMap(({ tables }) => Object.entries(tables).map(asSubject))),
}

/** `UserPasskey` of a declaration is `userPasskey` here. */
function asSubject([entity, bundle]: [string, object]): [string, object] {
  return [entity.charAt(0).toLowerCase() + entity.slice(1), bundle]
}

async function readSources(isWanted: (path: string) => boolean): Promise<string[]> {
  const paths = (await readdir(source, { recursive: true })).filter(isWanted)
  return Promise.all(paths.map((path) => readFile(join(source, path), 'utf8')))
}

describe('the registry of what works once or is counted', () => {
  it('names every counting column of the bundles', () => {
    const known: readonly string[] = raceSubjects
    const counting = Object.entries(bundles).flatMap(([table, bundle]) =>
      Object.keys(bundle)
        .filter((property) => /(?:Count|attempts|^usedAt|lastStep|counter)$/.test(property))
        .map((property) => `${table}.${property}`),
    )
    expect(counting.filter((column) => !known.includes(column))).toEqual([])
  })

  it('has a race test for every one', async () => {
    const tests = (
      await readSources((path) => path.endsWith('.pg.test.ts') && path !== 'testing/race.pg.test.ts')
    ).join('\n')
    const raced = new Set(Array.from(tests.matchAll(/\brace\(\s*'([\w.]+)'/g), ([, subject]) => subject))
    expect(raceSubjects.filter((subject) => !raced.has(subject))).toEqual([])
  })
})
