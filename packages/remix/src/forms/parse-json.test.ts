import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseJson } from './parse-json.ts'

const Schema = z.object({ response: z.unknown(), redirectTo: z.string().optional() })
const unreadable = { ok: false, reason: 'unreadable' }

const parse = (body: BodyInit, contentType: string | null = 'application/json') => {
  const headers: Record<string, string> = contentType === null ? {} : { 'Content-Type': contentType }
  return parseJson({ request: new Request('https://app.test/', { method: 'POST', body, headers }) }, Schema)
}

describe('parseJson', () => {
  it('reads what the schema names, and leaves the rest out', async () => {
    const body = JSON.stringify({ response: { id: 'x' }, redirectTo: '/', role: 'admin' })
    expect(await parse(body)).toEqual({ ok: true, value: { response: { id: 'x' }, redirectTo: '/' } })
    expect(await parse(body, 'Application/JSON; charset=utf-8')).toMatchObject({ ok: true })
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', null])(
    'CSRF-06: takes no body of the type %s',
    async (type) => {
      const body = new TextEncoder().encode('{"response":1}')
      expect(await parse(body, type)).toEqual(unreadable)
    },
  )

  it.each([
    '',
    '{',
    '[]',
    'null',
    '7',
    '"text"',
    '{"redirectTo":7}',
    '{"__proto__":{"redirectTo":"/x"},"redirectTo":[]}',
  ])('refuses %j', async (body) => {
    expect(await parse(body)).toEqual(unreadable)
  })

  it('PK-17: refuses more than 64 kB, and nesting without end', async () => {
    expect(await parse(JSON.stringify({ response: 'x'.repeat(70_000) }))).toEqual(unreadable)
    const deep = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
    expect(await parse(`{"response":${deep}}`)).toMatchObject({ ok: expect.any(Boolean) })
    expect(await parse(Uint8Array.of(0x22, 0xff, 0x22))).toEqual(unreadable)
  })

  it('INJ-07: never lets a prototype through', async () => {
    const parsed = await parse(
      '{"response":1,"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}',
    )
    expect(parsed).toEqual({ ok: true, value: { response: 1 } })
    expect(Object.getPrototypeOf(parsed.ok && parsed.value)).toBe(Object.prototype)
  })

  it('PK-17: never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), async (body) => {
        expect(await parse(body)).toMatchObject({ ok: expect.any(Boolean) })
      }),
    )
  })
})
