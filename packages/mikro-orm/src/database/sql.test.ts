import { describe, expect, it } from 'vitest'
import { compile, identifier, join, sql } from './sql.ts'

describe('sql', () => {
  it('INJ-10: sends values beside the text', () => {
    const typed = "x'; drop table users; --"
    expect(compile(sql`select ${typed}, ${1}`)).toEqual({ text: 'select $1, $2', values: [typed, 1] })
  })

  it('nests pieces and numbers their values as they stand', () => {
    const condition = sql`b = ${2} and c = ${3}`
    expect(compile(sql`a = ${1} and ${condition} and d = ${4}`)).toEqual({
      text: 'a = $1 and b = $2 and c = $3 and d = $4',
      values: [1, 2, 3, 4],
    })
  })

  it('INJ-10: quotes names', () => {
    expect(compile(identifier('app', 'us"ers')).text).toBe('"app"."us""ers"')
  })

  it('joins pieces', () => {
    expect(compile(join([sql`${1}`, sql`${2}`, sql`${3}`], sql`, `))).toEqual({
      text: '$1, $2, $3',
      values: [1, 2, 3],
    })
    expect(compile(join([], sql`, `)).text).toBe('')
  })

  it('INJ-10: takes no text for a piece, whatever it looks like', () => {
    const lookalike: unknown = JSON.parse('{"pieces":["drop table users"]}')
    expect(compile(sql`${lookalike}`)).toEqual({ text: '$1', values: [lookalike] })
  })
})
