import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as accounts from '../../../../generators/template/app/accounts/schemas.ts'
import * as passkeys from '../../../../generators/template/app/passkeys/schemas.ts'
import { parseForm } from './parse-form.ts'

/** What a page may show again. Who gives a form a new field says here which kind it is. */
const shown = [
  'confirmation',
  'device',
  'distrustOld',
  'documents',
  'email',
  'eventId',
  'f',
  'intent',
  'nickname',
  'redirectTo',
  'rememberMe',
  'response',
  'sessionId',
  'trustBrowser',
]

const fieldsOf = (schema: z.core.$ZodType): string[] => {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape)
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap(fieldsOf)
  throw new Error('The forms have a kind of schema that this test cannot read')
}
const fields = [...new Set(Object.values({ ...accounts, ...passkeys }).flatMap(fieldsOf))]

describe('the forms of an app', () => {
  it('PWD-11: never send a password or a code back, whatever the field is called', async () => {
    const request = new Request('https://app.test/', {
      method: 'POST',
      body: new URLSearchParams(fields.map((name) => [name, 'CANARY'])),
    })
    const form = await parseForm({ request }, z.object({ other: z.string() }))
    expect(Object.keys(form.reply().initialValue).toSorted()).toEqual(shown)
    expect(fields.filter((name) => !shown.includes(name)).toSorted()).toEqual([
      'backupCode',
      'code',
      'currentPassword',
      'mailedCode',
      'password',
      'passwordConfirmation',
    ])
  })
})
