import { type EntityClass, MikroORM, p } from '@mikro-orm/postgresql'
import { defineEntity } from '@mikro-orm/core'
import { createRootSecret, parseKeyRing } from '@sigra/core'
import {
  type AreaDeclaration,
  inTransaction,
  mailKindsOf,
  openValue,
  parseMailPayload,
  recordAuditEvent,
  type Runtime,
  sealSecretsAnew,
  sealValue,
  sql,
} from '@sigra/mikro-orm'
import { uuidKey } from '@sigra/mikro-orm/schema'
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest'
import { createTestRuntime, createTestUser, type TestRuntime } from '../../mikro-orm/src/testing/index.ts'
import { completeSignIn } from '../../mikro-orm/src/door/complete-sign-in.ts'
import { proveEmail } from '../../mikro-orm/src/door/proof.ts'
import { toUserId } from '../../mikro-orm/src/user-id.ts'
import { createTestContext, nextRequest } from '../../mikro-orm/src/testing/test-context.ts'
import { readQueue } from '../../mikro-orm/src/testing/test-mail.ts'
import { receiveNotice } from '../../mikro-orm/src/testing/test-notice.ts'
import { ownedByUser } from '../../mikro-orm/src/read-table.ts'
import { getUserByNotMeToken } from '../../mikro-orm/src/not-me/get-user-by-not-me-token.ts'
import { secureUser } from '../../mikro-orm/src/not-me/secure-user.ts'
import { getUserSecondFactorState } from '../../mikro-orm/src/second-factor/get-user-second-factor-state.ts'
import { sweepExpired } from '../../mikro-orm/src/sweeps/sweep-expired.ts'
import { signInTestUser } from '../../mikro-orm/src/testing/test-session.ts'
import type { Area, AreaKind } from './area.ts'
import { routedPath } from './request/own-route.ts'
import { createSigra, type Sigra } from './sigra.ts'
import type { SigraUser } from './sigra-user.ts'
import { passkeysArea } from './passkeys/passkeys-area.ts'

// An area with one of everything: a table, a notice, an audit action, a channel, a sweep, a credential, a route and an API.
// No file of the library knows it. What its names cannot be here is a part of the unions in areas.ts of mikro-orm: that list,
// and no other, is where a real area adds itself. Calls that take such a name are therefore made past the types.

const properties = {
  title: p.string().length(64),
  wornOut: p.boolean().fieldName('worn_out'),
  engraving: p.text().nullable(),
}

const engraving = { table: 'Trophy', property: 'engraving', purpose: 'trophy' }

const declaration = {
  name: 'trophies',
  needs: ['passkeys'],
  tables: { Trophy: { ...properties, ...ownedByUser } },
  auditActions: { 'trophy.won': ['medal'] },
  channels: { 'trophy.win': 'A trophy was won' },
  notices: { trophyWon: { describe: (notice) => notice } },
  below: { settings: ['/trophies'] },
  sealed: [engraving],
  sudoMethods: { trophy: 'email' },
} satisfies AreaDeclaration

interface Trophies<U> {
  ofWhom(args: { request: Request }): Promise<U | null>
}

interface TrophiesKind extends AreaKind {
  api: Trophies<this['user']>
}

function trophiesArea({ Trophy }: { Trophy: EntityClass<unknown> }): Area<TrophiesKind> {
  return {
    declaration,
    open({ table }) {
      const trophy = table('Trophy', Trophy)
      return {
        credentials: [
          {
            name: 'trophy',
            table: trophy,
            counts: sql`not f.worn_out`,
            fingerprint: sql`string_agg(f.id::text, ',' order by f.id)`,
            isSecondFactor: true,
            disputed: () => sql`e.action = 'trophy.won' and f.id::text = e.target_id`,
          },
        ],
        sweeps: [{ name: 'trophies', table: trophy, isOver: () => sql`x.worn_out` }],
      }
    },
    createApi: () => ({ ofWhom: async () => null }),
  }
}

interface Person extends SigraUser {
  displayName: string | null
}

const [older, newer] = [createRootSecret(), createRootSecret().replace('k1:', 'k2:')]

let base: TestRuntime
let orm: MikroORM
let sigra: Sigra<Person>
let runtime: Runtime
let test: TestRuntime
let handle: ReturnType<typeof trophiesArea>

beforeAll(async () => {
  base = await createTestRuntime()
  const TrophySchema = defineEntity({
    name: 'Trophy',
    tableName: 'user_trophies',
    properties: { id: uuidKey(), user: p.uuid().fieldName('user_id'), ...properties },
  })
  class Trophy extends TrophySchema.class {}
  TrophySchema.setClass(Trophy)
  await base.rows(sql`create table user_trophies (id uuid primary key, user_id uuid not null references users,
    title varchar(64) not null, worn_out boolean not null default false, engraving text)`)
  await base.rows(sql`alter table user_sessions drop constraint user_sessions_sudo_method_check`) // which its migration widens
  const entities: EntityClass<object>[] = [...Object.values(base.entities), Trophy]
  orm = await MikroORM.init({ entities, clientUrl: base.url, ensureDatabase: false })
  handle = trophiesArea({ Trophy })
  sigra = createSigra<Person>({
    orm,
    entities: base.entities,
    areas: [handle, passkeysArea({ entities: base.entities })],
    origin: 'https://app.test',
    secrets: `${newer},${older}`,
    appName: 'Acme',
    production: false,
    sessionUser: ['displayName'],
    edge: { trustedProxies: 0 },
  })
  runtime = sigra.edge.runtime
  test = { ...base, runtime }
})
afterAll(async () => {
  await sigra.close()
  await base.close()
})

async function win(userId: string): Promise<string> {
  const [row] = await test.rows<{ id: string }>(sql`
    insert into user_trophies (id, user_id, title) values (gen_random_uuid(), ${userId}, 'Gold') returning id::text as id`)
  return row?.id ?? ''
}

const noticeOf = (user: { email: string }, targetId: string): Promise<string> =>
  Reflect.apply(receiveNotice, null, [test, user, 'trophyWon', { action: 'trophy.won', targetId }])

describe('an area that no file of the library knows', () => {
  it('stands behind the areas that the library lists, and needs them', () => {
    expect(runtime.areas.map(({ declaration: { name } }) => name)).toEqual(['passkeys', 'trophies'])
  })

  it('has its API, typed by the session’s user of the app', async () => {
    const trophies = sigra.area(handle)
    expectTypeOf(trophies.ofWhom).returns.resolves.toEqualTypeOf<Person | null>()
    expect(await trophies.ofWhom({ request: new Request('https://app.test/') })).toBeNull()
  })

  it('has its route among ours, with their strict rules', () => {
    expect(sigra.edge.settings.ownRoutes.has(routedPath('/Users/settings/trophies.data'))).toBe(true)
  })

  it('has its columns among those that readiness asks for', () => {
    const columns = runtime.areas.flatMap((area) => area.columns)
    expect(columns).toContainEqual({ table: '"user_trophies"', column: 'worn_out' })
  })

  it('has its mail among those an app must have a template for, and its jobs are understood', async () => {
    expect(mailKindsOf(runtime.areas)).toContain('trophyWon')
    expect(mailKindsOf(base.runtime.areas)).not.toContain('trophyWon')
    const user = await createTestUser(test)
    await noticeOf(user, await win(user.id))
    expect(await readQueue(test)).toEqual([])
    const job = { kind: 'trophyWon', keyId: 'k1', selector: 'AAAAAAAAAAAAAAAAAAAAAA' }
    expect(parseMailPayload(job, base.runtime)).toBeNull() // retried: a process that has the area will read it
  })

  it('has its credential among the factors of a person', async () => {
    const user = await createTestUser(test)
    const browser = await signInTestUser(test, user)
    expect(await getUserSecondFactorState(runtime, browser)).toMatchObject({ areaFactors: [] })
    await win(user.id)
    expect(await getUserSecondFactorState(runtime, browser)).toMatchObject({ areaFactors: ['trophy'] })
  })

  it('has its credential taken away by “This wasn’t me”, which says so before', async () => {
    const user = await createTestUser(test)
    const token = await noticeOf(user, await win(user.id))
    await win(user.id)
    expect(await getUserByNotMeToken(runtime, createTestContext(), token)).toMatchObject({
      removes: ['password', 'trophy'],
      action: 'trophy.won',
    })
    expect(await secureUser(runtime, createTestContext(), { token })).toEqual({ ok: true })
    expect(await test.rows(sql`select from user_trophies where user_id = ${user.id}`)).toHaveLength(1)
  })

  it('has its rows swept', async () => {
    const user = await createTestUser(test)
    await win(user.id)
    await test.rows(sql`update user_trophies set worn_out = true where user_id = ${user.id}`)
    expect(await sweepExpired(runtime)).toMatchObject({ trophies: 1, challenges: 0 })
  })

  it('has what it sealed moved to the current key, each value bound to its row', async () => {
    const user = await createTestUser(test)
    const [one, other] = [await win(user.id), await win(user.id)]
    const place = runtime.areas.flatMap(({ sealed }) => sealed)[0]
    if (!place) throw new Error('a sealed column')
    const secret = new TextEncoder().encode('for Ada')
    await test.rows(sql`update user_trophies set engraving = ${sealValue(parseKeyRing(older), place, one, secret)}
      where id = ${one}`)
    expect(await sealSecretsAnew(runtime)).toEqual({ sealed: 1, unreadable: 0 })

    const [row] = await test.rows<{ sealed: string }>(
      sql`select engraving as sealed from user_trophies where id = ${one}`,
    )
    const open = (id: string) => openValue(parseKeyRing(newer), place, id, row?.sealed ?? '')
    expect(open(one)).toEqual(secret)
    expect(open(other)).toBeNull()
  })

  it('says in the audit log what its actions may say, and no other action may', async () => {
    const lines = await inTransaction(runtime, async (tx) => {
      const metadata = { medal: 'gold', anything: 'else', method: 'race' }
      const entry = { outcome: 'success', metadata } as const
      return Promise.all([
        Reflect.apply(recordAuditEvent, null, [tx, createTestContext(), { ...entry, action: 'trophy.won' }]),
        recordAuditEvent(tx, createTestContext(), { ...entry, action: 'auth.confirm' }),
      ])
    })
    const rows = await test.rows(
      sql`select metadata from audit_events where id::text = any(${lines}) order by action`,
    )
    expect(rows).toEqual([{ metadata: { method: 'race' } }, { metadata: { medal: 'gold', method: 'race' } }])
  })

  it('gives sudo to a sign-in that proved what it asks for, by its name in log and session', async () => {
    const user = await createTestUser(test)
    const browser = createTestContext()
    await inTransaction(runtime, (tx) =>
      Reflect.apply(completeSignIn, null, [
        tx,
        browser,
        proveEmail(toUserId(user.id)),
        { method: 'trophy', remembered: false },
      ]),
    )
    expect((await nextRequest(runtime, browser)).session).toMatchObject({
      hasSudo: true,
      sudoMethod: 'trophy',
    })
    const [line] = await test.rows(sql`select metadata->>'method' as method from audit_events
      where action = 'auth.log_in' and subject_id = ${user.id}`)
    expect(line).toEqual({ method: 'trophy' })
  })
})
