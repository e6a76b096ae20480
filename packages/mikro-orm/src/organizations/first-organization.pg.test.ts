import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicCode } from '../magic-link/log-in-user-by-magic-code.ts'
import { createTestOrganization, type TestOrganization } from '../testing/organizations/test-members.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, findMail } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { readSessionOrganization } from './session-organization.ts'
import { switchOrganization } from './switch-organization.ts'

describe.each(['uuid', 'bigint'] as const)('a new session, with ids of %s, begins', (idType) => {
  let test: TestRuntime
  let user: TestUser
  let oldest: TestOrganization
  let newest: TestOrganization
  let foreign: TestOrganization
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
    foreign = await createTestOrganization(test, { owner: (await createTestUser(test)).id })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    user = await createTestUser(test)
    oldest = await createTestOrganization(test, { owner: user.id })
    newest = await createTestOrganization(test, { owner: user.id })
  })

  const signIn = (landing?: string) =>
    signInTestUser(test, user, createTestCaller(landing === undefined ? {} : { landing }))
  const slugOf = ({ session }: Awaited<ReturnType<typeof signIn>>) =>
    session && readSessionOrganization(session)?.organization.slug

  it('in the oldest, the personal one before it, and the one that was chosen last before both', async () => {
    expect(slugOf(await signIn())).toBe(oldest.slug)
    const personal = await createTestOrganization(test, { owner: user.id })
    await test.rows(sql`update organizations set personal_owner_id = ${user.id} where id = ${personal.id}`)
    expect(slugOf(await signIn())).toBe(personal.slug)
    expect(await switchOrganization(test.runtime, await signIn(), { slug: newest.slug })).toMatchObject({
      ok: true,
    })
    expect(slugOf(await signIn())).toBe(newest.slug)
  })

  it('in the one whose page it goes on to, however the path is spelled', async () => {
    for (const path of [
      `/organizations/${newest.slug}`,
      `/organizations/${newest.slug}/members?after=1#top`,
      `/Organizations/${newest.slug.toUpperCase()}`,
      `/organizations/%74${newest.slug.slice(1)}`,
    ])
      expect([path, slugOf(await signIn(path))]).toEqual([path, newest.slug])
  })

  it('where it would without, for the path of a stranger’s, a reserved word and what cannot be read', async () => {
    for (const path of [
      `/organizations/${foreign.slug}`,
      '/organizations/settings',
      '/organizations/%',
      '/dashboard',
      '//evil.test/organizations/x',
      '',
    ])
      expect([path, slugOf(await signIn(path))]).toEqual([path, oldest.slug])
    await test.rows(
      sql`update organizations set delete_after = now() + interval '1 day' where id = ${newest.id}`,
    )
    expect(slugOf(await signIn(`/organizations/${newest.slug}`))).toBe(oldest.slug)
  })

  it('by an email in the one whose page had asked for it', async () => {
    const browser = createTestCaller()
    const redirectTo = `/organizations/${newest.slug}`
    await deliverUserLogInInstructions(test.runtime, browser, { email: user.email, redirectTo })
    const { props } = findMail(await deliverMail(test), 'magicLink')
    const { email } = user
    expect(await logInUserByMagicCode(test.runtime, browser, { email, code: props.code })).toMatchObject({
      ok: true,
    })
    expect(slugOf(await nextRequest(test.runtime, browser))).toBe(newest.slug)
  })
})
