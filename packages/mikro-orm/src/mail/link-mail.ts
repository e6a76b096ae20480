import {
  type CanonicalEmail,
  deriveMailedToken,
  Impossible,
  type MailedToken,
  parseSelector,
} from '@sigra/core'
import type { AreaLinkMailKind } from '../areas/area-mails.ts'
import type { LinkMailSource, Said } from '../areas/area.ts'
import { databaseNow, statement, type Transaction } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { TOO_MANY_MAILS } from './admit-requested-mails.ts'
import { chargeShares } from './charge-recipients.ts'
import { createMailId, createTokenSource, enqueueMail, readStamp } from './enqueue-mail.ts'
import type { MailReader } from './find-mail-readers.ts'
import { foldAddress } from './fold-address.ts'
import { createMailEnvelope } from './mail-envelope.ts'
import { isAreaLinkMail } from './mail-kinds.ts'
import type { Admission, Draft } from './mail-outcome.ts'
import type { LinkMail, MailPayload, TokenSource } from './mail-payload.ts'

/** What a link leads to, as it is now. */
interface FoundLink {
  to: string
  facts: Said
}

interface Readable {
  source: LinkMailSource
  token: MailedToken
}

/** Why a mail is dropped whose link leads nowhere any more. */
const LINK_IS_OVER = 'link used, replaced, taken back or too old'

const UNKNOWN_KEY = { retry: 'unknown key id' } // in a rolling deploy another attempt will find the key

export function isLinkMail(mail: MailPayload, { areas }: Runtime): mail is LinkMail {
  return isAreaLinkMail(mail.kind, areas)
}

/** What a new link will be derived from, and what its row keeps of it. */
export function createAreaLink(
  runtime: Runtime,
  kind: AreaLinkMailKind,
): { source: TokenSource; token: MailedToken } {
  const source = createTokenSource(runtime)
  const token = deriveLink(runtime, kind, source)
  if (token === null) throw new Impossible('the current key is always in the ring')
  return { source, token }
}

/** Puts a mail with that link into the queue: it exists if and only if the transaction commits. */
export async function enqueueLinkMail(
  tx: Transaction,
  kind: AreaLinkMailKind,
  address: CanonicalEmail,
  source: TokenSource,
): Promise<void> {
  const requestedAt = await readStamp(tx)
  await enqueueMail(tx, { kind, mailId: createMailId(tx.runtime), address, requestedAt, ...source })
}

export async function draftLinkMail(runtime: Runtime, mail: LinkMail, reader: MailReader): Promise<Draft> {
  const readable = readLink(runtime, mail)
  if (readable === null) return UNKNOWN_KEY
  const found = await findLink(runtime, mail, readable)
  if (found === null) return { drop: LINK_IS_OVER }
  const { source, token } = readable
  const common = { appName: runtime.appName, ...reader }
  const { kind, mailId, requestedAt } = mail
  const envelope = createMailEnvelope(mailId, new Date(requestedAt), runtime.origin)
  return { draft: { kind, ...envelope, props: source.describe(common, found.facts, source.link(token)) } }
}

/** Lets it out as long as its link is good, and its mailbox has not had its share of such mails. */
export async function admitLinkMail(runtime: Runtime, mail: LinkMail): Promise<Admission> {
  const readable = readLink(runtime, mail)
  if (readable === null) return UNKNOWN_KEY
  const found = await findLink(runtime, mail, readable)
  if (found === null) return { drop: LINK_IS_OVER }
  const subject = foldAddress(mail.address)
  const share = { name: `mail.${mail.kind}`, subject, bucket: readable.source.perMailbox }
  return (await chargeShares(runtime, mail.mailId, [share])) ? { to: found.to } : { drop: TOO_MANY_MAILS }
}

async function findLink(
  runtime: Runtime,
  { address }: LinkMail,
  { source, token }: Readable,
): Promise<FoundLink | null> {
  const [found] = await statement<FoundLink>(
    runtime,
    source.find(token, address, { tables: runtime.tables, now: databaseNow(runtime) }),
  )
  return found ?? null
}

function readLink(runtime: Runtime, mail: LinkMail): Readable | null {
  const source = runtime.areas.find(({ linkMails = {} }) => Object.hasOwn(linkMails, mail.kind))?.linkMails?.[
    mail.kind
  ]
  if (source === undefined) throw new Impossible(`no area says where ${mail.kind} comes from`)
  const token = deriveLink(runtime, mail.kind, mail)
  return token && { source, token }
}

function deriveLink(
  { areas, ring }: Runtime,
  kind: AreaLinkMailKind,
  { keyId, selector }: TokenSource,
): MailedToken | null {
  const [declared] = areas.flatMap(({ declaration }) => declaration.linkMails?.[kind] ?? [])
  if (declared === undefined) throw new Impossible(`no area declares ${kind}`)
  const parsed = parseSelector(selector)
  return parsed && deriveMailedToken(ring, declared.purpose, keyId, parsed)
}
