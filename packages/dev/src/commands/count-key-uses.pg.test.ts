import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestRuntime, createTestUser, type TestRuntime } from '../../../mikro-orm/src/testing/index.ts'
import { insertTotp } from '../../../mikro-orm/src/testing/test-belongings.ts'
import { countKeyUses } from './count-key-uses.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime()
})
afterAll(() => test.close())

it('counts the seeds that a key has sealed, so that no rotation drops a key which is still needed', async () => {
  expect(await countKeyUses(test.orm, [])).toEqual(new Map())
  await insertTotp(test, await createTestUser(test))
  await insertTotp(test, await createTestUser(test))
  await test.rows(sql`update user_totp set sealed_secret = 'v1.k7.sealed'`)
  expect(await countKeyUses(test.orm, [])).toEqual(
    new Map([['k7', { seeds: 2, links: 0, holds: 0, ofAreas: {} }]]),
  )
})

it('counts the addresses held under a key for as long as they are held', async () => {
  await test.rows(sql`delete from user_totp`)
  await test.rows(sql`insert into user_address_holds (digest, key_id, reason, held_until) values
    (sha256('one'), 'k6', 'changed', clock_timestamp() + interval '1 day'),
    (sha256('two'), 'k6', 'changed', clock_timestamp() - interval '1 day')`)
  expect(await countKeyUses(test.orm, [])).toEqual(
    new Map([['k6', { seeds: 0, links: 0, holds: 1, ofAreas: {} }]]),
  )
})
