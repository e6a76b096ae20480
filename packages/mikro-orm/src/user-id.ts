import type { Brand } from '@sigra/core'

/** A user's id as text, also where the database counts in numbers. */
export type UserId = Brand<string, 'UserId'>

/** The brand for an id a host hands over as text. Whether it names anybody is for the statement to find out. */
export function toUserId(text: string): UserId {
  return text as UserId
}
