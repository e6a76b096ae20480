import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import {
  createTestRuntime,
  createTestUser,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { insertTotp } from '../testing/test-belongings.ts'
import { deliverMail, readQueue } from '../testing/test-mail.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTotpUser } from '../testing/test-second-factor.ts'
import { updateOrganizationPolicy } from './update-organization-policy.ts'

const none = { secondFactorInDays: null, allowedMethods: null, maxSessionMinutes: null }

describe.each(['uuid', 'bigint'] as const)('emails about a policy, with ids of %s', (idType) => {
  let test: TestRuntime
  let browser: TestCaller
  let member: TestUser
  let organization: TestOrganization
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    const owner = await createTotpUser(test)
    browser = owner.browser
    member = await createTestUser(test)
    organization = await createTestOrganization(test, { owner: owner.user.id, member: member.id })
    await test.rows(sql`delete from graphile_worker._private_jobs`)
  })

  const update = async (changes: object) => {
    const result = await updateOrganizationPolicy(test.runtime, browser, {
      organizationId: organization.id,
      ...none,
      ...changes,
    })
    expect(result).toMatchObject({ ok: true })
  }
  const told = async () => (await deliverMail(test)).sent.map(({ to }) => to)

  it('go to whoever it keeps out, with what they lack, and to nobody else', async () => {
    const equipped = await createTotpUser(test)
    await joinTestOrganization(test, organization, equipped.user.id, 'member')
    await test.rows(sql`delete from graphile_worker._private_jobs`)
    await update({ secondFactorInDays: 7, allowedMethods: ['otp', 'user'] })
    const { sent } = await deliverMail(test)
    expect(sent.map(({ to }) => to)).toEqual([member.email])
    expect(sent[0]).toMatchObject({
      kind: 'organizationPolicyChanged',
      props: {
        organization: 'Acme',
        organizationUrl: `https://app.test/organizations/${organization.slug}`,
        lacks: ['second-factor', 'method'],
        secondFactorFrom: expect.any(Date),
        methods: ['otp', 'user'],
      },
    })
  })

  it('go once: not for what was asked for before, nor for what asks nobody for more', async () => {
    await update({ secondFactorInDays: 7 })
    expect(await told()).toEqual([member.email])
    await update({ secondFactorInDays: 7 })
    await update({ secondFactorInDays: 7, maxSessionMinutes: 60 })
    await update({ secondFactorInDays: 7, allowedMethods: ['pwd'] })
    expect(await readQueue(test)).toEqual([])
    await update({ secondFactorInDays: 0 })
    expect(await told()).toEqual([member.email])
    await update({ allowedMethods: ['otp'] })
    expect(await told()).toEqual([member.email])
    await update({ allowedMethods: ['otp'], maxSessionMinutes: 60 })
    expect(await readQueue(test)).toEqual([])
    await update({})
    expect(await readQueue(test)).toEqual([])
  })

  it('are not sent to whoever has it by then, nor of a policy that is gone', async () => {
    await update({ secondFactorInDays: 0 })
    await insertTotp(test, member)
    expect(await deliverMail(test)).toMatchObject({ sent: [], dropped: ['no longer true'] })
    await test.rows(sql`delete from user_totp where user_id = ${member.id}`)
    await update({})
    await update({ secondFactorInDays: 0 })
    await update({})
    expect(await told()).toEqual([])
  })
})

it('policies are changed as often a day as one owner may, and members emailed about no more', async () => {
  const test = await createTestRuntime({
    policy: { ...generousLimits, ...cheapHashing },
    organizations: { policy: { policies: { capacity: 2, perSeconds: 86_400 } } },
  })
  const { user, browser } = await createTotpUser(test)
  const organization = await createTestOrganization(test, { owner: user.id })
  const update = (secondFactorInDays: number | null) =>
    updateOrganizationPolicy(test.runtime, browser, {
      organizationId: organization.id,
      ...none,
      secondFactorInDays,
    })
  for (const days of [0, null]) expect(await update(days)).toMatchObject({ ok: true })
  expect(await update(0)).toMatchObject({ reason: 'limited' })
  await test.close()
})
