import { encodeBase64Url, open, parseMailedToken, seal, systemRandom, type TokenPurpose } from '@sigra/core'
import { REPEAT_SECONDS } from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import { localPath, seeOther } from './redirects.ts'
import { isOpened } from './request/is-opened.ts'
import { normalisedUrl } from './request/normalised-url.ts'
import type { Visit } from './request/visit.ts'

/** A mailed token on its way from the link to the button, out of sight of history, logs and other sites. */
export interface MailFlow {
  /** Names the flow in the form: several tabs do not overwrite each other. */
  f: string
  token: string
}

/** What a cookie of the browser holds for one `f`. */
interface Entry {
  f: string
  purpose: string
  /** A mailed token, or, under `TYPED`, an address as it was typed. */
  content: string
  expiresAt: number
  /** The form was answered. A second press may still be on its way. */
  isDone?: boolean
}

const SEAL_PURPOSE = 'mail-flow'
const ID_BYTES = 9
const NO_LINK = 'invalid-link' // as long as an id
const TYPED = 'typed-address'
const TYPED_MINUTES = 30
const MAX_ADDRESS_LENGTH = 254 // RFC 5321 §4.5.3.1; what is longer is nobody's
const USED = 'mail-flow-used'
/** Both links of a change of address lead to one page, which tells them apart. */
const ALSO: Partial<Record<TokenPurpose, TokenPurpose>> = { 'change-email': 'approve-email' }
const ENTRIES = 'mail-flows'

/**
 * 303 to the page with the button; the token travels sealed. Whether it is any good is told there, not here. A link has
 * one flow, however often and in however many tabs it is opened, and all that are none of ours have one together: nobody
 * can fill a browser with cookies by links. A browser that does not open the link as a page is given nothing to keep.
 */
export function startMailFlow(
  visit: Visit,
  purpose: TokenPurpose,
  token: unknown,
  continuePath: string,
): Response {
  const { edge, state, args } = visit
  const { cookieMinutes } = edge.runtime.policy.mailFlow
  const parsed =
    parseMailedToken(edge.runtime.ring, purpose, token) ??
    parseMailedToken(edge.runtime.ring, ALSO[purpose] ?? purpose, token)
  const f = parsed === null ? NO_LINK : encodeBase64Url(parsed.selector.slice(0, ID_BYTES))
  if (isOpened(args.request.headers)) keep(visit, { f, purpose, content: parsed?.text ?? '' }, cookieMinutes)
  const response = seeOther(state, withFlow(localPath(edge.settings, continuePath), f))
  response.headers.set('Referrer-Policy', 'no-referrer')
  response.headers.set('Cache-Control', 'no-store')
  return response
}

/** @param f By default the one that the URL names. */
export function readMailFlow(visit: Visit, purpose: TokenPurpose, f?: string): MailFlow | null {
  const named = f ?? namedFlow(visit)
  const entry = readEntries(visit).find((each) => each.f === named && each.purpose === purpose)
  if (entry === undefined) return null
  visit.state.memory.set(USED, entry.f)
  return { f: entry.f, token: entry.content }
}

/** The form was answered: its entry lives on for the second press of a button, as long as that would be answered. */
export function endMailFlow(visit: Visit, f: string): void {
  const entries = readEntries(visit)
  const ended = entries.map((entry) => (entry.f === f && !entry.isDone ? done(entry) : entry))
  if (ended.some((entry, index) => entry !== entries[index])) writeEntries(visit, ended)
}

/**
 * Sends an address as it was typed along to the page that asks for it next. One at a time: whoever types another one
 * starts over, and what the former person left is gone.
 */
export function carryTypedAddress(visit: Visit, path: string, address: string): string {
  if (address.length > MAX_ADDRESS_LENGTH) return path
  const isOther = readEntries(visit).some((each) => each.purpose === TYPED && each.content !== address)
  if (isOther) writeEntries(visit, [])
  const known = readEntries(visit).find((each) => each.purpose === TYPED)
  const f = known?.f ?? createId()
  keep(visit, { f, purpose: TYPED, content: address }, TYPED_MINUTES)
  return withFlow(path, f)
}

export function readTypedAddress(visit: Visit): string | null {
  const f = namedFlow(visit)
  const entry = readEntries(visit).find((each) => each.f === f && each.purpose === TYPED)
  if (entry === undefined) return null
  visit.state.memory.set(USED, entry.f) // a form that knows its address by this may sign in, and be pressed twice
  return entry.content
}

/**
 * Ends what was left in the browser when somebody signs out, or signs in: links that were opened, and addresses. The
 * form that is being answered stays for its second press, and so do others that were, where it is the same person. The link
 * of a change of address stays, and whatever an area says stays: it is opened first and needs somebody signed in, and it is
 * good for its owner alone.
 */
export function forgetFlows(visit: Visit, isSamePerson: boolean): void {
  const used = visit.state.memory.get(USED)
  const entries = readEntries(visit)
  const staying = purposesThatStay(visit)
  const isForOwner = ({ purpose }: Entry) => staying.includes(purpose)
  const rest = entries
    .filter((entry) => isForOwner(entry) || entry.f === used || (isSamePerson && entry.isDone === true))
    .map((entry) => (isForOwner(entry) || entry.isDone ? entry : done(entry)))
  if (entries.length > 0) writeEntries(visit, rest)
}

function purposesThatStay({ edge }: Visit): string[] {
  const linkMails = edge.runtime.areas.flatMap(({ declaration }) =>
    Object.values(declaration.linkMails ?? {}),
  )
  return [
    'change-email',
    ...linkMails.filter(({ staysOverLogIn }) => staysOverLogIn).map(({ purpose }) => purpose),
  ]
}

/** A path with what names a flow of this browser. */
function withFlow(path: string, f: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams({ f })}`
}

/** What of this browser the page was opened with. */
function namedFlow({ args }: Visit): string | null {
  return normalisedUrl(args).searchParams.get('f')
}

function keep(visit: Visit, what: Pick<Entry, 'f' | 'purpose' | 'content'>, minutes: number): void {
  const others = readEntries(visit)
    .filter((each) => each.f !== what.f)
    .toSorted((a, b) => a.expiresAt - b.expiresAt)
  const entry: Entry = { ...what, expiresAt: Date.now() + minutes * 60_000 }
  writeEntries(visit, [...others, entry].slice(-visit.edge.runtime.policy.mailFlow.maxEntries))
}

function done(entry: Entry): Entry {
  return { ...entry, isDone: true, expiresAt: Math.min(entry.expiresAt, Date.now() + REPEAT_SECONDS * 1000) }
}

function readEntries({ edge, state }: Visit): readonly Entry[] {
  state.isMailFlowAsked = true
  const known = state.memory.get(ENTRIES)
  if (isEntries(known)) return known
  const entries = [...state.cookies.flows].flatMap(([f, sealed]) => openEntry(edge, f, sealed) ?? [])
  state.memory.set(ENTRIES, entries)
  return entries
}

/** Writes what is new and ends what is left out. Cookies of other flows stay untouched: other tabs may be at work. */
function writeEntries(visit: Visit, entries: readonly Entry[]): void {
  const { state } = visit
  const before = readEntries(visit)
  const kept = new Set(entries.map(({ f }) => f))
  for (const f of new Set([...state.cookies.flows.keys(), ...before.map((entry) => entry.f)])) {
    if (!kept.has(f)) state.jar.clear(`flow-${f}`)
  }
  for (const entry of entries) if (!before.includes(entry)) writeEntry(visit, entry)
  state.memory.set(ENTRIES, entries)
}

function writeEntry({ edge, state }: Visit, { f, ...sealed }: Entry): void {
  const seconds = Math.ceil((sealed.expiresAt - Date.now()) / 1000)
  state.jar.set(`flow-${f}`, seal(edge.runtime.ring, SEAL_PURPOSE, JSON.stringify(sealed), f), seconds)
}

/** @returns `null` for what is not ours, is another flow's, or is over. */
function openEntry(edge: Edge, f: string, sealed: string): Entry | null {
  const bytes = open(edge.runtime.ring, SEAL_PURPOSE, sealed, f)
  const content: unknown = bytes === null ? null : JSON.parse(new TextDecoder().decode(bytes))
  return isContent(content) && content.expiresAt > Date.now() ? { ...content, f } : null
}

function isEntries(value: unknown): value is readonly Entry[] {
  return Array.isArray(value)
}

function isContent(value: unknown): value is Omit<Entry, 'f'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'content' in value &&
    typeof value.content === 'string' &&
    'purpose' in value &&
    typeof value.purpose === 'string' &&
    'expiresAt' in value &&
    typeof value.expiresAt === 'number'
  )
}

function createId(): string {
  const bytes = new Uint8Array(ID_BYTES)
  systemRandom(bytes)
  return encodeBase64Url(bytes)
}
