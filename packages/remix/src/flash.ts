import { open, seal } from '@sigra/core'
import type { Edge } from './edge.ts'
import type { Visit } from './request/visit.ts'

/** A key of the app's own list of messages; with a value where the sentence names something. Or the sentence itself. */
export type FlashMessage = string | readonly [key: string, value: string]

/**
 * What may be left for the next page, of a list of sentences: its keys, with a value where the sentence is a function of
 * one.
 */
export type FlashOf<List extends object> = {
  [Key in keyof List & string]: List[Key] extends (value: string) => string
    ? readonly [key: Key, value: string]
    : Key
}[keyof List & string]

const PURPOSE = 'flash'
const PLACE = 'cookie' // what is sealed for one place opens in no other
const LIFE_SECONDS = 300 // long enough for a slow redirect, too short to surprise tomorrow
const MAX_LENGTH = 500

/** What the answer before left for this one; every loader that asks gets it, and the next request none. */
export function readFlash({ edge, state }: Visit): FlashMessage | null {
  const known = state.memory.get('flash')
  if (known === null || isMessage(known)) return known
  const sealed = state.cookies.values.flash
  const message = sealed === null ? null : openFlash(edge, sealed)
  state.memory.set('flash', message)
  // Unless this very request already left a message for the next one.
  if (sealed !== null && !state.memory.has('flash-set')) state.jar.clear('flash')
  return message
}

export function setFlash({ edge, state }: Visit, message: FlashMessage): void {
  const kept = isPlain(message) ? message.slice(0, MAX_LENGTH) : [message[0], message[1].slice(0, MAX_LENGTH)]
  const value = JSON.stringify([Date.now() + LIFE_SECONDS * 1000, kept])
  state.memory.set('flash-set', true)
  state.jar.set('flash', seal(edge.runtime.ring, PURPOSE, value, PLACE), LIFE_SECONDS)
}

/** Nobody reads it any more, unless this very request left it. */
export function forgetFlash({ state }: Visit): void {
  state.memory.set('flash', null)
  if (state.cookies.values.flash !== null && !state.memory.has('flash-set')) state.jar.clear('flash')
}

/** What an app reads is what it left: nobody else can seal one. */
export function isLeftBy<F extends FlashMessage>(message: FlashMessage | null): message is F {
  return message !== null
}

function openFlash(edge: Edge, sealed: string): FlashMessage | null {
  const bytes = open(edge.runtime.ring, PURPOSE, sealed, PLACE)
  if (bytes === null) return null
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
  if (!Array.isArray(value)) return null
  const [expiresAt, message]: unknown[] = value
  return typeof expiresAt === 'number' && expiresAt > Date.now() && isMessage(message) ? message : null
}

function isMessage(value: unknown): value is FlashMessage {
  if (typeof value === 'string') return true
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
}

function isPlain(message: FlashMessage): message is string {
  return typeof message === 'string'
}
