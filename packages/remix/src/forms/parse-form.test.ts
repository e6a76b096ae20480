import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseForm } from './parse-form.ts'

const LogIn = z.object({
  email: z.string('Enter your email.'),
  password: z.string('Enter your password.'),
  rememberMe: z.boolean().default(false),
})

const TYPE = 'application/x-www-form-urlencoded'
const post = (body: BodyInit, type: string | null = TYPE) =>
  parseForm(
    {
      request: new Request('https://app.test/', {
        method: 'POST',
        body,
        ...(type === null ? {} : { headers: { 'Content-Type': type } }),
      }),
    },
    LogIn,
  )
const submit = (fields: [string, string][]) => post(new URLSearchParams(fields).toString())

describe('parseForm', () => {
  it('reads a form, and an unticked box as false', async () => {
    const form = await submit([
      ['email', 'a@b.test'],
      ['password', 'p+ä €'],
      ['rememberMe', 'on'],
    ])
    expect(form).toMatchObject({
      ok: true,
      value: { email: 'a@b.test', password: 'p+ä €', rememberMe: true },
    })
    expect(
      await submit([
        ['email', 'a'],
        ['password', 'b'],
      ]),
    ).toMatchObject({ value: { rememberMe: false } })
  })

  it('reads multipart alike', async () => {
    const body = new FormData()
    body.set('email', 'a@b.test')
    body.set('password', 'b')
    expect(await post(body, null)).toMatchObject({ ok: true, value: { email: 'a@b.test' } })
  })

  it('says what is missing, beside the field', async () => {
    const form = await submit([
      ['email', 'a@b.test'],
      ['password', ''],
    ])
    expect(form.ok).toBe(false)
    expect(form.reply()).toEqual({
      status: 'error',
      initialValue: { email: 'a@b.test', password: undefined },
      error: { password: ['Enter your password.'] },
    })
  })

  it('PWD-11: never sends a password back, nor anything else that is secret', async () => {
    const fields = ['password', 'currentPassword', 'passwordConfirmation', 'code', 'backupCode', 'token']
    const form = await submit([
      ['email', 'a@b.test'],
      ...fields.map((name): [string, string] => [name, 'CANARY']),
    ])
    expect(JSON.stringify(form.reply('No.'))).not.toContain('CANARY')
    expect(form.reply('No.')).toMatchObject({ initialValue: { email: 'a@b.test' }, error: { '': ['No.'] } })
  })

  it('shows messages by field', async () => {
    const form = await submit([
      ['email', 'a'],
      ['password', 'b'],
    ])
    expect(form.reply({ email: ['Taken?'], password: undefined }).error).toEqual({ email: ['Taken?'] })
    const tooShort = { reason: 'too-short', minLength: 12 }
    expect(form.reply({ reason: [tooShort] }).error).toEqual({ reason: [tooShort] })
    expect(form.reply(tooShort).error).toEqual({ '': [tooShort] })
  })

  it('INJ-07: leaves out what the schema does not name', async () => {
    const form = await submit([
      ['email', 'a'],
      ['password', 'b'],
      ['role', 'admin'],
      ['confirmedAt', '2020'],
      ['__proto__.isAdmin', '1'],
      ['constructor', 'x'],
      ['__intent__', '{"type":"reset"}'],
      ['__state__', '{'],
    ])
    expect(form).toMatchObject({ ok: true, value: { email: 'a', password: 'b', rememberMe: false } })
    expect(form.ok && Object.keys(form.value)).toEqual(['email', 'password', 'rememberMe'])
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
  })

  it('refuses a field that comes twice', async () => {
    const form = await submit([
      ['email', 'a'],
      ['email', 'b'],
      ['email', 'c'],
      ['password', 'x'],
    ])
    expect(form.ok).toBe(false)
    expect(form.reply().error).toEqual({ email: [{ reason: 'sent-twice' }] })
  })

  it('refuses a file', async () => {
    const body = new FormData()
    body.set('email', new Blob(['x']), 'mail.txt')
    body.set('password', 'b')
    const form = await post(body, null)
    expect(form.reply().error).toEqual({ email: [{ reason: 'no-files' }] })
  })

  it.each(['email[]=a&password=b', 'email[0]=a&password=b', 'email.x=a&password=b'])(
    'takes no list or object for a text: %s',
    async (body) => {
      expect((await post(body)).reply().error).toEqual({ email: ['Enter your email.'] })
    },
  )

  it('PWD-01: reads at most 64 kB, whatever the length is said to be', async () => {
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 1
        if (sent > 10_000) controller.close()
        else controller.enqueue(new TextEncoder().encode('password='.padEnd(1024, 'x')))
      },
    })
    const init = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'Content-Type': TYPE, 'Content-Length': '10' },
    }
    const request = new Request('https://app.test/', init)
    const form = await parseForm({ request }, LogIn)
    expect(form.ok).toBe(false)
    expect(form.reply().error).toEqual({ '': [{ reason: 'form-too-large' }] })
    expect(sent).toBeLessThan(80)
  })

  it.each([
    ['NUL', 'password=a%00b'],
    ['half a surrogate pair', 'password=%ED%A0%80'],
    ['a percent sign alone', 'password=100%'],
    ['bytes that are no UTF-8', 'password=%FF%FE'],
  ])('PWD-03: refuses %s instead of changing it', async (_kind, body) => {
    const form = await post(`email=a&${body}`)
    expect(form.ok).toBe(false)
    expect(Object.keys(form.reply().error)).toHaveLength(1)
  })

  it('PWD-03: refuses bytes that are no UTF-8 in multipart too', async () => {
    const head = '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n'
    const body = Buffer.concat([
      Buffer.from(head),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from('\r\n--x--\r\n'),
    ])
    const form = await post(body, 'multipart/form-data; boundary=x')
    expect(form.reply().error).toEqual({ '': [{ reason: 'form-unreadable' }] })
  })

  it('PWD-03: keeps every other text as it was typed, Unicode forms included', async () => {
    const surrogates = { from: 0xd800, to: 0xdfff }
    const character = fc
      .oneof(
        fc.integer({ min: 1, max: surrogates.from - 1 }),
        fc.integer({ min: surrogates.to + 1, max: 0x10ffff }),
      )
      .map((point) => String.fromCodePoint(point))
    const typed = fc.array(character, { minLength: 1, maxLength: 32 }).map((all) => `p${all.join('')}`)
    await fc.assert(
      fc.asyncProperty(typed, async (password) => {
        const form = await submit([
          ['email', 'a'],
          ['password', password],
        ])
        expect(form.ok && form.value.password).toBe(password)
      }),
      { numRuns: 50 },
    )
  })

  it('PWD-03: answers any bytes under any content type', async () => {
    const types = fc.constantFrom(
      TYPE,
      'multipart/form-data; boundary=x',
      'multipart/form-data',
      'text/plain',
      'application/json',
      '',
    )
    const part = fc.constantFrom(
      '--x',
      '\r\n',
      'Content-Disposition: form-data; name="email"',
      '=',
      '&',
      '%',
      '{"email":1}',
    )
    await fc.assert(
      fc.asyncProperty(
        types,
        fc.oneof(
          fc.uint8Array(),
          fc.array(part).map((all) => new TextEncoder().encode(all.join(''))),
        ),
        async (type, bytes) => {
          const form = await post(new Uint8Array(bytes), type)
          expect(form.reply().status).toBe('error')
        },
      ),
      { numRuns: 50 },
    )
  })
})
