import { parseWithZod } from '@conform-to/zod/v4'
import type { $ZodType, output } from 'zod/v4/core'
import type { RequestArgs } from '../request/request-args.ts'
import { type FormEntries, parseFormEntries } from './form-entries.ts'
import { readBody } from './read-body.ts'

/** Why something was refused, with the numbers that a sentence about it needs; or a sentence of the app's own. */
export type FormError = { readonly reason: string } | string

/** What is wrong, by field; `''` is the form itself. */
export type FormErrors = Partial<Record<string, readonly FormError[]>>

/** What a refused form is shown with: Conform's `lastResult`. Secrets are never among the values. */
export interface FormReply {
  status: 'error'
  initialValue: Record<string, string>
  error: Record<string, readonly FormError[]>
}

/** A parsed form. `reply` shows it again, with what is wrong with all of it, or by field. */
export type ParsedForm<Value> =
  | { ok: true; value: Value; reply(errors?: FormError | FormErrors): FormReply }
  | { ok: false; reply(errors?: FormError | FormErrors): FormReply }

// Every kind of code, a postcode too: typing that once more costs less than a one-time code in a page.
const SECRET_NAME = /password|passphrase|secret|token|code$|^(?:otp|pin)$/i

/**
 * Reads a form by its schema. Nothing a browser can send makes it throw: a body that is too large, a file, a name that
 * comes twice or text that is no text are refused like any other mistake; unknown names are left out.
 *
 * @throws {Response} 408 for what does not arrive within ten seconds, where no wrapper stands around the framework.
 */
export async function parseForm<Schema extends $ZodType>(
  args: Pick<RequestArgs, 'request'>,
  schema: Schema,
): Promise<ParsedForm<output<Schema>>> {
  const { request } = args
  const body = await readBody(request)
  const entries: FormEntries =
    body === null
      ? { values: new Map(), problems: new Map([['', { reason: 'form-too-large' }]]) }
      : await parseFormEntries(body, request.headers.get('content-type'))

  const submission = await parseWithZod(new URLSearchParams([...entries.values]), { schema, async: true })
  const initialValue = shownValues(entries)
  const own = Object.fromEntries([...entries.problems].map(([name, problem]) => [name, [problem]]))
  const reply = (errors?: FormError | FormErrors): FormReply => ({
    status: 'error',
    initialValue,
    error: {
      ...(submission.status === 'error' && !entries.problems.has('') ? present(submission.error ?? {}) : {}),
      ...own,
      ...present(isOfForm(errors) ? { '': [errors] } : (errors ?? {})),
    },
  })
  if (submission.status !== 'success' || entries.problems.size > 0) return { ok: false, reply }
  return { ok: true, value: submission.value, reply }
}

function shownValues(entries: FormEntries): Record<string, string> {
  return Object.fromEntries([...entries.values].filter(([name]) => !SECRET_NAME.test(name)))
}

/** A field may be called `reason`, too: what is wrong with it is a list. */
function isOfForm(errors: FormError | FormErrors | undefined): errors is FormError {
  return typeof errors === 'string' || typeof errors?.reason === 'string'
}

function present(
  errors: Readonly<Record<string, readonly FormError[] | null | undefined>>,
): Record<string, readonly FormError[]> {
  const found: Record<string, readonly FormError[]> = {}
  for (const [name, messages] of Object.entries(errors))
    if (messages && messages.length > 0) found[name] = messages
  return found
}
