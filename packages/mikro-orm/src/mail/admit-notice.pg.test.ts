import { createRootSecret, parseKeyRing, parseMailedToken } from '@sigra/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { AuditAction } from '../audit/audit-actions.ts'
import { type AuditMetadata, recordAuditEvent } from '../audit/record-audit-event.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { createTestCaller, createTestRuntime, createTestUser, type TestRuntime } from '../testing/index.ts'
import { readQueue, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import type { TestUser } from '../testing/test-user.ts'
import { enqueueNotice } from './enqueue-mail.ts'
import { passkeyNotices } from '../passkeys/area.ts'
import { disputableNotices, type NoticeKind, plainNotices } from './mail-kinds.ts'
import type { MailPayload } from './mail-payload.ts'
import { attemptMail } from '../testing/attempt-mail.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'

describe.each(['uuid', 'bigint'] as const)('a notice, with %s keys', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))
  afterAll(() => test.close())

  const attempt = (mail: MailPayload) => attemptMail(test.runtime, mail)
  const readTokens = (user: TestUser) =>
    test.rows<Record<string, unknown>>(sql`
      select t.purpose, t.event_id, t.sent_to, t.browser_hash, t.requested_at = e.occurred_at as "fromEvent",
        t.expires_at - t.requested_at = interval '7 days' as "sevenDays"
      from users_tokens t left join audit_events e on e.id = t.event_id where t.user_id = ${user.id}`)

  // What a line may say depends on what happened.
  const actions: Partial<Record<NoticeKind, AuditAction>> = {
    passkeyAdded: 'passkey.added',
    passkeyRemoved: 'passkey.removed',
  }

  async function notify(user: TestUser, kind: NoticeKind, metadata: AuditMetadata = {}) {
    const source = createTestCaller({ clientAddress: '198.51.100.7', userAgent: FIREFOX })
    const eventId = await inTransaction(test.runtime, async (tx) => {
      const id = await recordAuditEvent(tx, source, {
        action: actions[kind] ?? 'auth.password_changed',
        outcome: 'success',
        subjectId: user.id,
        metadata,
      })
      await enqueueNotice(tx, kind, { address: user.canonical, eventId: id })
      return id
    })
    const mail = (await readQueue(test)).at(-1)
    if (!mail) throw new Error('no notice')
    return { mail, eventId }
  }

  async function propsOf(user: TestUser, kind: NoticeKind, metadata: AuditMetadata = {}) {
    const attempted = await attempt((await notify(user, kind, metadata)).mail)
    if (!('send' in attempted)) throw new Error('not sent')
    return attempted.send.props
  }

  it.each([...disputableNotices, ...passkeyNotices])(
    'renders %s from its event, with a link “This wasn’t me”',
    async (kind) => {
      const user = await createTestUser(test)
      const { mail, eventId } = await notify(user, kind)
      expect(await attempt(mail)).toMatchObject({
        send: {
          kind,
          to: user.email,
          props: {
            appName: 'Acme',
            browser: { name: 'Firefox', system: 'Linux' },
            address: '198.51.100.7',
            notMeUrl: expect.stringMatching(/^https:\/\/app\.test\/users\/not-me\/[\w-]+$/),
            notMeDays: kind === 'deletionReminder' ? 2 : 7, // until the deletion, whose date this line does not say
          },
        },
      })
      expect(await readTokens(user)).toEqual([
        {
          purpose: 'not-me',
          event_id: eventId,
          sent_to: user.canonical,
          browser_hash: null,
          fromEvent: true,
          sevenDays: true,
        },
      ])
    },
  )

  // Those two are about a change of address: see `email-change/change-email.pg.test.ts`.
  const aboutRefusals = plainNotices.filter((kind) => kind !== 'emailIsNow' && kind !== 'emailLeft')
  it.each(aboutRefusals)('makes no token for %s: there is nothing to dispute', async (kind) => {
    const user = await createTestUser(test)
    const props = await propsOf(user, kind)
    expect(props).toMatchObject({ appName: 'Acme', resetUrl: 'https://app.test/users/reset-password' })
    expect(props).not.toHaveProperty('notMeUrl')
    expect(await readTokens(user)).toEqual([])
  })

  it('says from the event what its kind needs, made safe where someone else may have typed it', async () => {
    const user = await createTestUser(test)
    expect(await propsOf(user, 'backupCodeUsed', { codesLeft: 4 })).toMatchObject({ codesLeft: 4 })
    expect(await propsOf(user, 'passkeyAdded', { nickname: 'Blue phone' })).toMatchObject({
      nickname: 'Blue phone',
    })
    const nickname = `line\r\nbreak \u202eevil ${'x'.repeat(200)}`
    const { nickname: shown } = { nickname: '', ...(await propsOf(user, 'passkeyRemoved', { nickname })) }
    expect(shown).toMatch(/^line\\u000d\\u000abreak \\u202eevil x+…$/)
    expect(shown).toHaveLength(64)
    expect(await propsOf(user, 'passkeyAdded')).toMatchObject({ nickname: null })
    expect(await propsOf(user, 'secondFactorBlocked', { attempts: 20 })).toMatchObject({ isRefused: false })
    expect(await propsOf(user, 'secondFactorBlocked', { attempts: 100 })).toMatchObject({ isRefused: true })
    expect(await propsOf(user, 'secondFactorAdded')).toMatchObject({ removableHours: 72 })
    expect(await propsOf(user, 'notMeDone', { removed: 'passkey password' })).toMatchObject({
      removed: ['password', 'passkey'],
    })
  })

  it('MAIL-02 holds nothing in its payload that a link could be made of without a key', async () => {
    const user = await createTestUser(test)
    const { mail } = await notify(user, 'newSignIn')
    const attempted = await attempt(mail)
    if (!('send' in attempted) || !('notMeUrl' in attempted.send.props)) throw new Error('not sent')
    const token = tokenOf(attempted.send.props.notMeUrl)
    expect(parseMailedToken(test.runtime.ring, 'not-me', token)).not.toBeNull()
    expect(JSON.stringify(mail)).not.toContain(token.slice(40))
    for (const purpose of ['reset-password', 'magic-link', 'confirm'] as const) {
      expect(parseMailedToken(test.runtime.ring, purpose, token)).toBeNull()
    }
  })

  it('MAIL-01 makes the same mail of a retried job, with one token', async () => {
    const user = await createTestUser(test)
    const { mail } = await notify(user, 'passwordChanged')
    const first = await attempt(mail)
    test.advance({ minutes: 3 })
    const all = await Promise.all(Array.from({ length: 16 }, () => attempt(mail)))
    expect(new Set([first, ...all].map((each) => JSON.stringify(each))).size).toBe(1)
    expect(first).toHaveProperty('send')
    expect(await readTokens(user)).toHaveLength(1)
  })

  it('CFG-06 retries a job whose key this process does not have yet', async () => {
    const user = await createTestUser(test)
    const { mail } = await notify(user, 'passwordChanged')
    const newer = { ...mail, keyId: 'k9' }
    expect(await attempt(newer)).toEqual({ retry: 'unknown key id' })
    expect(await readTokens(user)).toEqual([])
    const ring = parseKeyRing(createRootSecret().replace('k1:', 'k9:'))
    expect(await attemptMail({ ...test.runtime, ring }, newer)).toHaveProperty('send')
  })

  it('goes to nobody when the address is another’s by now, or the user is gone', async () => {
    const user = await createTestUser(test)
    const { mail } = await notify(user, 'passwordChanged')
    await test.rows(sql`update users set email_canonical = ${createTestEmail()} where id = ${user.id}`)
    expect(await attempt(mail)).toEqual({ drop: 'no such user' })
    const { mail: plain } = await notify(user, 'signInBlocked')
    await test.rows(sql`delete from users where id = ${user.id}`)
    expect(await attempt(plain)).toEqual({ drop: 'no such user' })
  })

  it('is not sent once its link was used or is too old', async () => {
    const user = await createTestUser(test)
    const used = await notify(user, 'passwordChanged')
    await attempt(used.mail)
    await test.rows(sql`update users_tokens set used_at = clock_timestamp() where event_id = ${used.eventId}`)
    expect(await attempt(used.mail)).toEqual({ drop: 'link used or too old' })
    const { mail } = await notify(user, 'passwordChanged')
    test.advance({ days: 8 })
    expect(await attempt(mail)).toEqual({ drop: 'link used or too old' })
  })
})
