import { open, seal } from '@sigra/core'
import type { Edge } from './edge.ts'
import type { RequestState } from './request/request-state.ts'

const PURPOSE = 'flash'
const CONTEXT = 'cookie'
const LIFE_SECONDS = 300 // long enough for a slow redirect, too short to surprise tomorrow
const MAX_LENGTH = 500

/** What the answer before left for this one; every loader that asks gets it, and the next request none. */
export function readFlash(edge: Edge, state: RequestState): string | null {
  const known = state.memory.get('flash')
  if (known === null || typeof known === 'string') return known
  const sealed = state.cookies.values.flash
  const message = sealed === null ? null : openFlash(edge, sealed)
  state.memory.set('flash', message)
  // Unless this very request already left a message for the next one.
  if (sealed !== null && !state.memory.has('flash-set')) state.jar.clear('flash')
  return message
}

export function setFlash(edge: Edge, state: RequestState, message: string): void {
  const value = JSON.stringify([Date.now() + LIFE_SECONDS * 1000, message.slice(0, MAX_LENGTH)])
  state.memory.set('flash-set', true)
  state.jar.set('flash', seal(edge.runtime.ring, PURPOSE, value, CONTEXT), LIFE_SECONDS)
}

/** Nobody reads it any more, unless this very request left it. */
export function forgetFlash(state: RequestState): void {
  state.memory.set('flash', null)
  if (state.cookies.values.flash !== null && !state.memory.has('flash-set')) state.jar.clear('flash')
}

function openFlash(edge: Edge, sealed: string): string | null {
  const bytes = open(edge.runtime.ring, PURPOSE, sealed, CONTEXT)
  if (bytes === null) return null
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
  if (!Array.isArray(value)) return null
  const [expiresAt, message]: unknown[] = value
  return typeof expiresAt === 'number' && expiresAt > Date.now() && typeof message === 'string'
    ? message
    : null
}
