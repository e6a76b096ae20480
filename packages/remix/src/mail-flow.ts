import { encodeBase64Url, open, seal, systemRandom, type TokenPurpose } from '@sigra/core'
import type { Edge } from './edge.ts'
import { localPath, seeOther } from './redirects.ts'
import type { RequestState } from './request/request-state.ts'

/** A mailed token on its way from the link to the button, out of sight of history, logs and other sites. */
export interface MailFlow {
  /** Names the flow in the form: several tabs do not overwrite each other. */
  f: string
  token: string
}

interface Entry extends MailFlow {
  purpose: string
  expiresAt: number
}

const SEAL_PURPOSE = 'mail-flow'
const SEAL_CONTEXT = 'cookie'
const ID_BYTES = 9
const MAX_TOKEN_LENGTH = 256 // a real one has about 90; anything longer is kept as none, and then answered as invalid

/** 303 to the page with the button; the token travels sealed. Whether it is any good is told there, not here. */
export function startMailFlow(
  edge: Edge,
  state: RequestState,
  purpose: TokenPurpose,
  token: unknown,
  continuePath: string,
): Response {
  const { cookieMinutes, maxEntries } = edge.runtime.policy.mailFlow
  const kept = typeof token === 'string' && token.length <= MAX_TOKEN_LENGTH ? token : ''
  const entries = readEntries(edge, state)
  // Opened a second time, in another tab, the link is the same flow: the form of the first tab stays good.
  const known = entries.find((each) => each.token === kept && each.purpose === purpose)
  const entry: Entry = {
    f: known?.f ?? createId(),
    purpose,
    token: kept,
    expiresAt: Date.now() + cookieMinutes * 60_000,
  }
  const others = entries.filter((each) => each !== known)
  writeEntries(edge, state, [...others, entry].slice(-maxEntries))
  const path = localPath(edge.settings, continuePath)
  const response = seeOther(state, `${path}?${new URLSearchParams({ f: entry.f })}`)
  response.headers.set('Referrer-Policy', 'no-referrer')
  response.headers.set('Cache-Control', 'no-store')
  return response
}

export function readMailFlow(
  edge: Edge,
  state: RequestState,
  purpose: TokenPurpose,
  f: string | null | undefined,
): MailFlow | null {
  const entry = readEntries(edge, state).find((each) => each.f === f && each.purpose === purpose)
  return entry === undefined ? null : { f: entry.f, token: entry.token }
}

export function endMailFlow(edge: Edge, state: RequestState, f: string): void {
  const entries = readEntries(edge, state)
  const rest = entries.filter((entry) => entry.f !== f)
  if (rest.length !== entries.length) writeEntries(edge, state, rest)
}

function readEntries(edge: Edge, state: RequestState): Entry[] {
  const known = state.memory.get('mail-flows')
  const entries = Array.isArray(known) ? known : openEntries(edge, state.cookies.values.flow)
  return entries.filter(isEntry).filter((entry) => entry.expiresAt > Date.now())
}

function writeEntries(edge: Edge, state: RequestState, entries: Entry[]): void {
  state.memory.set('mail-flows', entries)
  if (entries.length === 0) return state.jar.clear('flow')
  const seconds = Math.ceil((Math.max(...entries.map((entry) => entry.expiresAt)) - Date.now()) / 1000)
  state.jar.set('flow', seal(edge.runtime.ring, SEAL_PURPOSE, JSON.stringify(entries), SEAL_CONTEXT), seconds)
}

function openEntries(edge: Edge, sealed: string | null): unknown[] {
  const bytes = sealed === null ? null : open(edge.runtime.ring, SEAL_PURPOSE, sealed, SEAL_CONTEXT)
  const value: unknown = bytes === null ? [] : JSON.parse(new TextDecoder().decode(bytes))
  return Array.isArray(value) ? value : []
}

function isEntry(value: unknown): value is Entry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'f' in value &&
    typeof value.f === 'string' &&
    'token' in value &&
    typeof value.token === 'string' &&
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
