import { refusalInit, type Refusal } from '@sigra/remix'
import type { FieldErrors, ParsedForm } from '@sigra/remix/conform'
import { data } from 'react-router'

export interface Refused extends Refusal {
  errors?: FieldErrors
}

/** Shows a refused form again: 400 with what is wrong, 429 or 503 with when to try again. */
export function refuse(form: ParsedForm<unknown>, refused: Refused) {
  return data({ form: form.reply(refused.errors ?? inWords(refused)) }, refusalInit(refused))
}

/** What is wrong, in a sentence. */
export function inWords({ reason, retryAfterSeconds = 1 }: Refused): string {
  if (reason === 'limited')
    return `Too many attempts. Please wait ${inTime(retryAfterSeconds)} and try again.`
  if (reason === 'busy') return 'There is a lot going on right now. Please try again in a moment.'
  if (reason === 'disabled') return 'This account is disabled.'
  return 'This did not work. Please try again.'
}

function inTime(seconds: number): string {
  if (seconds < 50) return seconds <= 1 ? 'a second' : `${Math.ceil(seconds)} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}
