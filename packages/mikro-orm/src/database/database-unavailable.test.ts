import { ConfigInvalid } from '@sigra/core'
import { describe, expect, it } from 'vitest'
import { DatabaseUnavailable, explainDatabaseError } from './database-unavailable.ts'

const coded = (code: string) => Object.assign(new Error('no detail'), { code })

describe('explainDatabaseError', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '57P01', '53300', '08006', '3D000', '28P01'])(
    'RL-08: says for %s that the database is away, and keeps the cause',
    (code) => {
      const cause = coded(code)
      const explained = explainDatabaseError(cause)
      expect(explained).toBeInstanceOf(DatabaseUnavailable)
      expect(explained).toMatchObject({ code: 'SIGRA_DATABASE_UNAVAILABLE', cause })
    },
  )

  it('sees it inside what wraps it', () => {
    const both = new AggregateError([coded('EHOSTUNREACH'), coded('ECONNREFUSED')])
    expect(explainDatabaseError(both)).toBeInstanceOf(DatabaseUnavailable)
    expect(explainDatabaseError(new Error('failed', { cause: coded('ECONNRESET') }))).toBeInstanceOf(
      DatabaseUnavailable,
    )
    expect(explainDatabaseError(new Error('Connection terminated unexpectedly'))).toBeInstanceOf(
      DatabaseUnavailable,
    )
  })

  it('passes every other error through', () => {
    for (const error of [coded('23505'), coded('42P01'), new ConfigInvalid('x'), 'text', null]) {
      expect(explainDatabaseError(error)).toBe(error)
    }
  })
})
