import { open, seal } from '@sigra/core'
import type { Edge } from './edge.ts'
import type { RequestState } from './request/request-state.ts'

const PURPOSE = 'flash'
const CONTEXT = 'cookie'
const LIFE_SECONDS = 300 // long enough for a slow redirect, too short to surprise tomorrow
const MAX_LENGTH = 500

/** What one answer leaves for the next page. */
export interface FlashContent {
  message: string | null
  /** What was typed as an address, for the form that asks for it next. */
  email: string | null
}

const NOTHING: FlashContent = { message: null, email: null }

/** What the answer before left for this one; every loader that asks gets it, and the next request none. */
export function readFlash(edge: Edge, state: RequestState): FlashContent {
  const known = state.memory.get('flash')
  if (isContent(known)) return known
  const sealed = state.cookies.values.flash
  const content = sealed === null ? NOTHING : openFlash(edge, sealed)
  state.memory.set('flash', content)
  // Unless this very request already left a message for the next one.
  if (sealed !== null && !state.memory.has('flash-set')) state.jar.clear('flash')
  return content
}

export function setFlash(edge: Edge, state: RequestState, { message, email }: FlashContent): void {
  const content = {
    message: message?.slice(0, MAX_LENGTH) ?? null,
    email: email?.slice(0, MAX_LENGTH) ?? null,
  }
  const value = JSON.stringify([Date.now() + LIFE_SECONDS * 1000, content])
  state.memory.set('flash-set', true)
  state.jar.set('flash', seal(edge.runtime.ring, PURPOSE, value, CONTEXT), LIFE_SECONDS)
}

/** What the action left goes before what its page's loader would. */
export function setFlashEmail(edge: Edge, state: RequestState, email: string): void {
  if (!state.memory.has('flash-set')) setFlash(edge, state, { message: null, email })
}

function openFlash(edge: Edge, sealed: string): FlashContent {
  const bytes = open(edge.runtime.ring, PURPOSE, sealed, CONTEXT)
  if (bytes === null) return NOTHING
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
  if (!Array.isArray(value)) return NOTHING
  const [expiresAt, content]: unknown[] = value
  return typeof expiresAt === 'number' && expiresAt > Date.now() && isContent(content) ? content : NOTHING
}

function isContent(value: unknown): value is FlashContent {
  if (typeof value !== 'object' || value === null || !('message' in value) || !('email' in value))
    return false
  return [value.message, value.email].every((text) => text === null || typeof text === 'string')
}
