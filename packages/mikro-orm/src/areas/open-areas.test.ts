import { defineEntity, p } from '@mikro-orm/core'
import { MikroORM } from '@mikro-orm/postgresql'
import { createRootSecret } from '@sigra/core'
import { afterAll, describe, expect, it } from 'vitest'
import { configurePasskeys } from '../passkeys/configure-passkeys.ts'
import { createRuntime } from '../runtime.ts'
import { organizationMembershipProperties, uuidKey } from '../schema/index.ts'
import { createTestEntities } from '../testing/test-entities.ts'
import { createTestPasskeyEntities } from '../testing/passkeys/test-passkeys.ts'
import type { AreaDeclaration, AreaHandle } from './area.ts'

const accounts = createTestEntities('uuid')
const entities = { ...accounts, ...createTestPasskeyEntities('uuid', accounts.User) }
const { UserPasskey, WebauthnSpentChallenge } = entities
const clientUrl = 'postgresql://localhost/nowhere'
const withThem = new MikroORM({ entities: Object.values(entities), clientUrl })
const withoutThem = new MikroORM({ entities: Object.values(accounts), clientUrl })
afterAll(() => Promise.all([withThem.close(), withoutThem.close()]))

const passkeys = configurePasskeys({ entities: { UserPasskey, WebauthnSpentChallenge } })

function start(areas: readonly AreaHandle[], orm = withThem) {
  return createRuntime({
    orm,
    entities: accounts,
    areas,
    origin: 'https://app.example.com',
    secrets: createRootSecret(),
    appName: 'Acme',
  })
}

function named(name: string, changes: Partial<AreaDeclaration> = {}): AreaHandle {
  const nothing = { needs: [], tables: {}, auditActions: {}, channels: {}, notices: {}, below: {} }
  return {
    declaration: { name, ...nothing, ...changes },
    open: () => ({ credentials: [], sweeps: [] }),
  }
}

describe('areas', () => {
  it('are opened in one order, whatever the list’s is', async () => {
    const [one, other] = [start([named('toys'), passkeys]), start([passkeys, named('toys')])]
    const namesOf = ({ areas }: typeof one) => areas.map(({ declaration }) => declaration.name)
    expect(namesOf(one)).toEqual(['passkeys', 'toys'])
    expect(namesOf(other)).toEqual(['passkeys', 'toys'])
    await Promise.all([one.close(), other.close()])
  })

  it('bring what they do when something happens to an account', async () => {
    const hooks = { afterConfirmed: () => Promise.resolve() }
    const toys = { ...named('toys'), open: () => ({ credentials: [], sweeps: [], hooks }) }
    const runtime = start([passkeys, toys])
    expect(runtime.hooks).toContain(hooks)
    await runtime.close()
  })

  it('are none where none is named', async () => {
    const runtime = start([], withoutThem)
    expect(runtime.areas).toEqual([])
    await runtime.close()
  })

  it('stop the start where one stands there twice', () => {
    expect(() => start([passkeys, passkeys])).toThrow('areas names passkeys twice')
  })

  it('stop the start where one is there without what it needs', () => {
    expect(() => start([passkeys, named('jwt', { needs: ['api'] })])).toThrow(
      'areas: jwt needs api, which is not there',
    )
  })

  it('stop the start where MikroORM has the entities of one that is not named', () => {
    expect(() => start([])).toThrow('UserPasskey is an entity of passkeys, which areas does not name')
  })

  it('start where the host has an entity like one of an area that is not named', async () => {
    const MemberSchema = defineEntity({
      name: 'Member',
      properties: {
        id: uuidKey(),
        user: () => p.manyToOne(accounts.User),
        organization: () => p.manyToOne(accounts.User),
        ...organizationMembershipProperties,
      },
    })
    class Member extends MemberSchema.class {}
    MemberSchema.setClass(Member)
    const orm = new MikroORM({ entities: [...Object.values(accounts), Member], clientUrl })
    const runtime = start([], orm)
    expect(runtime.areas).toEqual([])
    await Promise.all([runtime.close(), orm.close()])
  })

  it('stop the start where MikroORM lacks the entities of one that is named', () => {
    expect(() => start([passkeys], withoutThem)).toThrow(
      'passkeys: entities.UserPasskey is missing, or not among the entities of the MikroORM configuration',
    )
  })

  it.each([
    ['no list', { passkeys }, 'areas must be a list'],
    ['something else in the list', [{ name: 'passkeys' }], 'areas holds something that is no area'],
  ])('stop the start for %s', (_, areas, message) => {
    expect(() => start(JSON.parse(JSON.stringify(areas)))).toThrow(message)
  })

  it.each([
    [{ rpid: 'app.example.com' }, 'passkeys: "rpid" is not an option'],
    [{ policy: { maxPerUsers: 1 } }, 'passkeys: policy.maxPerUsers is not a setting'],
    [
      { policy: { maxPerUser: 41 } },
      'passkeys: policy.maxPerUser must be a whole number of passkeys from 1 to 40',
    ],
    [
      { policy: { ceremonies: { capacity: 400, perSeconds: 1 } } },
      'passkeys: policy.ceremonies must not refill faster than 400 requests in 60 seconds',
    ],
  ])('stop the start for options that mean nothing: %j', (changes, message) => {
    const wrong: object = { entities: { UserPasskey, WebauthnSpentChallenge }, ...changes }
    expect(() => start([configurePasskeys(Object(wrong))])).toThrow(message)
  })
})
