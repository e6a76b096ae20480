import { describe, expect, it } from 'vitest'
import { defaultPaths } from '../account-paths.ts'
import { stepNames } from '../sessions/sign-in-steps.ts'
import type { AreaStep } from '../door/door-step.ts'
import { knownAreas } from '../areas.ts'
import { userSessionProperties } from '../schema/user-session.ts'
import type { OpenArea } from './area.ts'
import { refuseSteps } from './refuse-steps.ts'

const polishing: AreaStep = {
  name: 'polishing',
  outcome: 'polishing-required',
  page: 'settings',
  below: '/trophies',
  minutes: () => 7,
  missing: () => [],
}

function area(name: string, ...steps: readonly AreaStep[]): OpenArea {
  const nothing = { needs: [], tables: {}, auditActions: {}, channels: {}, notices: {} }
  const declaration = { name, ...nothing, below: { settings: [`/${name}`] } }
  return { declaration, credentials: [], sweeps: [], columns: [], sealed: [], buckets: [], steps }
}

const start = (...areas: readonly OpenArea[]) => refuseSteps({ areas, paths: defaultPaths })

describe('steps of areas', () => {
  it('have names, outcomes and pages of their own', () => {
    const engraving = { ...polishing, name: 'engraving', outcome: 'engraving-required', below: '/medals' }
    expect(() => start(area('trophies', polishing), area('medals', engraving))).not.toThrow()
    const { below: _, ...atPage } = polishing
    expect(() => start(area('trophies', atPage))).not.toThrow()
  })

  it.each<[string, Partial<AreaStep>, string]>([
    [
      'a step of accounts',
      { name: 'consent' },
      'medals has a step "consent", which the log-in of accounts has already',
    ],
    ['a step of another area', { outcome: 'x' }, 'medals has a step "polishing", which trophies has already'],
    [
      'an outcome of accounts',
      { name: 'x', outcome: 'consent-required' },
      'medals answers "consent-required" for a step, which',
    ],
    [
      'the outcome of being in',
      { name: 'x', outcome: 'signed-in' },
      'medals answers "signed-in" for a step, which',
    ],
    [
      'an outcome of another area',
      { name: 'x' },
      'medals answers "polishing-required" for a step, which trophies has already',
    ],
    [
      'a page that is no route',
      { name: 'x', outcome: 'x', below: '/quiz' },
      'medals: its step "x" is done at /users/settings/quiz, which is no route: add "/quiz" to below.settings of its declaration',
    ],
  ])('are refused with %s', (_, changes, message) => {
    expect(() => start(area('trophies', polishing), area('medals', { ...polishing, ...changes }))).toThrow(
      message,
    )
  })

  it('are refused twice in one area', () => {
    expect(() => start(area('trophies', polishing, polishing))).toThrow(
      'trophies has a step "polishing" twice',
    )
  })
})

// A row of a step or a method that the schema does not list is refused by the database: whoever adds one to the library meets
// this test, and then writes the migration (docs/decisions/177-names-that-the-schema-lists.md).
describe('the schema lists', () => {
  const listOf = (column: 'awaiting' | 'sudoMethod') => {
    const { check } = userSessionProperties[column]['~options']
    return [...String(check).matchAll(/'([\w-]+)'/gu)].map(([, name]) => name)
  }

  it('every step of the door', () => {
    expect(listOf('awaiting')).toEqual(expect.arrayContaining([...stepNames]))
  })

  it('every way to confirm it’s you that an area brings', () => {
    const methods = knownAreas.flatMap(({ sudoMethods = {} }) => Object.keys(sudoMethods))
    expect(methods).toContain('passkey')
    expect(listOf('sudoMethod')).toEqual(expect.arrayContaining(methods))
  })
})
