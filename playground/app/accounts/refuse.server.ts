import { refusalInit, type Refusal } from '@sigra/remix'
import type { FormErrors, ParsedForm } from '@sigra/remix/conform'
import { data } from 'react-router'

export interface Refused extends Refusal {
  errors?: FormErrors
}

/** Shows a refused form again: 400 with what is wrong, 429 or 503 with when to try again. */
export function refuse(form: ParsedForm<unknown>, refused: Refused) {
  return data({ form: form.reply(refused.errors ?? refused) }, refusalInit(refused))
}
