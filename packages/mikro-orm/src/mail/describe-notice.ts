import type { MailedToken } from '@sigra/core'
import type { AreaPlainNotice, Said } from '../areas/area.ts'
import { credentialsOf } from '../door/credentials.ts'
import { type ChangeSource, describeChange } from '../email-change/describe-change.ts'
import type { Runtime } from '../runtime.ts'
import { readBrowserNames } from './browser-names.ts'
import type { MailReader } from './find-mail-readers.ts'
import { createMailEnvelope } from './mail-envelope.ts'
import { createPageLink, createTokenLink } from './mail-link.ts'
import type { DraftedMail } from './mail-outcome.ts'
import type { DisputableNotice, NoticeMail, PlainNotice } from './mail-payload.ts'
import type { RemovedByNotMe } from './mail-props.ts'
import type { NoticeProps } from './notice-facts.ts'

/** What an audit row knows about an event. */
export interface NoticeSource extends EventFacts, ChangeSource {
  metadata: unknown
  /** Of a notice of an area's: what it says beside. */
  cause: unknown
  /** Of a dispute: what was disputed. */
  disputed: EventFacts | null
}

/** When and from where something was done. */
interface EventFacts {
  occurredAt: number
  ip: string | null
  userAgent: string | null
}

const DAY_MILLISECONDS = 86_400_000

/** Puts together what a notice without a link says. Nothing but audit row, policy and reader goes in. */
export function describePlainNotice(
  runtime: Runtime,
  mail: PlainNotice,
  event: NoticeSource,
  reader: MailReader,
): DraftedMail {
  const { occurredAt, browser, address } = describeEvent(event)
  const envelope = envelopeOf(runtime, mail, event)
  if (mail.kind === 'emailIsNow' || mail.kind === 'emailLeft') {
    const props = { appName: runtime.appName, ...reader, occurredAt, browser, address }
    return { kind: mail.kind, ...envelope, props }
  }
  const told = { appName: runtime.appName, ...reader, occurredAt }
  const ofArea = plainNoticeOf(runtime, mail)?.describe(told, readSaid(event.metadata), readSaid(event.cause))
  if (ofArea !== undefined) return { kind: mail.kind, ...envelope, props: ofArea }
  const blocked = { ...told, resetUrl: createPageLink(runtime, 'resetPassword') }
  if (mail.kind !== 'notMeDone') return { kind: mail.kind, ...envelope, props: blocked }
  const said = readSaid(event.metadata)['removed']
  const words = typeof said === 'string' ? said.split(' ') : []
  const removed = readRemoved(runtime, words)
  const undone = {
    removed,
    isAddressRestored: words.includes('address'),
    isDeletionCancelled: words.includes('deletion'),
  }
  return { kind: mail.kind, ...envelope, props: { ...blocked, browser, address, ...undone } }
}

/** The same for a notice with a link "This wasn't me". */
export function describeDisputableNotice(
  runtime: Runtime,
  mail: DisputableNotice,
  event: NoticeSource,
  reader: MailReader,
  token: MailedToken,
): DraftedMail {
  const { deletion, notMe, secondFactorCodes } = runtime.policy
  const metadata = readSaid(event.metadata)
  const envelope = envelopeOf(runtime, mail, event)
  const notMeUrl = createTokenLink(runtime, 'not-me', token)
  const notice: NoticeProps = {
    appName: runtime.appName,
    ...reader,
    ...describeEvent(event.disputed ?? event),
    notMeUrl,
    notMeDays: notMe.linkDays,
  }
  switch (mail.kind) {
    case 'secondFactorAdded': {
      const props = { ...notice, removableHours: notMe.totpRemovalHours }
      return { kind: mail.kind, ...envelope, props }
    }
    case 'secondFactorBlocked': {
      const isRefused = readNumber(metadata['attempts']) >= secondFactorCodes.refuseAt
      return { kind: mail.kind, ...envelope, props: { ...notice, isRefused } }
    }
    case 'backupCodeUsed': {
      const codesLeft = readNumber(metadata['codesLeft'])
      return { kind: mail.kind, ...envelope, props: { ...notice, codesLeft } }
    }
    case 'emailChangeRequested':
      return { kind: mail.kind, ...envelope, props: { ...notice, ...describeChange(runtime, event) } }
    case 'emailChanged': {
      const { maskedEmail } = describeChange(runtime, event)
      const { undoDays } = runtime.policy.emailChange
      return { kind: mail.kind, ...envelope, props: { ...notice, maskedEmail, undoDays } }
    }
    case 'deletionScheduled':
    case 'deletionReminder': {
      const said = readInstant(metadata['deleteAfter'])
      const deleteAfter = new Date(said ?? event.occurredAt + deletion.graceDays * DAY_MILLISECONDS)
      const graceDays = Math.round(((said ?? event.occurredAt) - event.occurredAt) / DAY_MILLISECONDS)
      const isNear = mail.kind === 'deletionReminder'
      const notMeDays = isNear ? Math.ceil(deletion.reminderDays) : Math.max(graceDays, notMe.linkDays)
      const logInUrl = createPageLink(runtime, 'logIn')
      return { kind: mail.kind, ...envelope, props: { ...notice, notMeDays, deleteAfter, logInUrl } }
    }
    default: {
      const area = runtime.areas.find(({ declaration }) => Object.hasOwn(declaration.notices, mail.kind))
      const described = area?.declaration.notices[mail.kind]?.describe(
        notice,
        metadata,
        readSaid(event.cause),
      )
      return { kind: mail.kind, ...envelope, props: described ?? notice }
    }
  }
}

function describeEvent({ occurredAt, userAgent, ip }: EventFacts) {
  return { occurredAt: new Date(occurredAt), browser: readBrowserNames(userAgent), address: ip }
}

function envelopeOf({ origin }: Runtime, { mailId }: NoticeMail, { occurredAt }: NoticeSource) {
  return createMailEnvelope(mailId, new Date(occurredAt), origin)
}

function plainNoticeOf({ areas }: Runtime, { kind }: PlainNotice): AreaPlainNotice | undefined {
  return areas.flatMap(({ declaration }) => declaration.plainNotices?.[kind] ?? [])[0]
}

function readSaid(json: unknown): Said {
  return typeof json === 'object' && json !== null ? { ...json } : {}
}

function readNumber(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

/** Milliseconds, of what a line says as ISO 8601. */
function readInstant(value: unknown): number | null {
  const instant = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isNaN(instant) ? null : instant
}

function readRemoved(runtime: Runtime, words: readonly string[]): RemovedByNotMe[] {
  const names = ['password', ...credentialsOf(runtime).map(({ name }) => name)]
  return names.filter((name): name is RemovedByNotMe => words.includes(name))
}
