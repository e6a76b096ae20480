import { describe, expect, it } from 'vitest'
import { planSmall } from './testing-only/plan-small.ts'
import { createFolder, smallState, smallTemplate } from './testing-only/small-app.ts'
import type { FeatureParts } from './features/feature-parts.ts'
import { rulesOf } from './rules.ts'
import { checkNewNames, refuseTakenNames } from './taken-names.ts'

const own = { context: 'Medals', entity: 'Medal', table: 'medals' }
const [bare, medals] = [{ features: ['accounts'] } as const, smallState({ names: own })]

/** Templates whose passkeys want one of these names for themselves. */
function templateThatReserves(reserved: Partial<FeatureParts['reserved']>) {
  const { passkeys } = rulesOf(smallTemplate).features
  const none = { contexts: [], entities: [], tables: [] }
  const changed = JSON.stringify({ ...passkeys, reserved: { ...none, ...reserved } })
  return new Map([...smallTemplate, ['features/passkeys.json', changed]])
}

describe('names of a new app', () => {
  it.each([
    [{ context: 'Passkeys', entity: 'User', table: 'users' }, /taken by a folder/u],
    [{ context: 'Accounts', entity: 'User', table: 'audit_events' }, /taken by another table/u],
    [{ context: 'Accounts', entity: 'AuditEvent', table: 'users' }, /taken by generated code/u],
    [{ context: 'accounts', entity: 'User', table: 'users' }, /write it like Accounts/u],
  ])('%j are refused', (names, message) => {
    expect(() => checkNewNames(names)).toThrow(message)
  })

  it('are refused before anything is planned, whichever features it has', async () => {
    const names = { context: 'Passkeys', entity: 'User', table: 'users' }
    const planned = planSmall(await createFolder(), null, smallState({ ...bare, names }))
    await expect(planned).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/“Passkeys” is taken/u),
    })
  })
})

describe('names that an app has', () => {
  it.each([
    [{ contexts: ['Medals'] }, '“Medals”'],
    [{ entities: ['Medal'] }, '“Medal”'],
    [{ tables: ['medals'] }, '“medals”'],
  ])('stay where newer templates take them for a feature it does not have: %j', (reserved, name) => {
    const template = templateThatReserves(reserved)
    const without = smallState({ ...bare, names: own })
    expect(() => refuseTakenNames(without, without, template)).not.toThrow()
    expect(() => refuseTakenNames(without, medals, template)).toThrow(`${name} is taken`) // the feature cannot come
    expect(() => refuseTakenNames(smallState(bare), without, template)).toThrow(`${name} is taken`) // nor can the name
  })
})
