import { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { parse } from 'pg-connection-string'
import { describe, expect, it } from 'vitest'
import { checkDatabaseUrl } from './database-url.ts'

const check = (text: string) => checkDatabaseUrl('DATABASE_URL', text)

describe('checkDatabaseUrl', () => {
  it.each([
    [
      'an unencoded #',
      'postgresql://app:s3cret#word@db:5432/app',
      'contains a # that is not encoded: write %23',
    ],
    ['a bare %', 'postgresql://app:s3cret%word@db/app', 'contains a % that is not encoded: write %25'],
    ['a % at the end', 'postgresql://app:s3cret%@db/app', 'write %25'],
    ['another scheme', 'mysql://app:s3cret@db/app', 'must begin with postgresql://'],
    ['no scheme', 'app:s3cret@db/app', 'must begin with postgresql://'],
    ['words', 'host=db password=s3cret', 'must begin with postgresql://'],
    [
      'an encoded database name',
      'postgresql://app:s3cret@db/my%20app',
      'must name its database without % or /',
    ],
    ['a database name of other letters', 'postgresql://app:s3cret@db/büro', 'must name its database'],
    ['a path', 'postgresql://app:s3cret@db/app/public', 'must name its database without % or /'],
    ['no database', 'postgresql://app:s3cret@db:5432', 'names no database'],
    ['no database behind a /', 'postgresql://app:s3cret@db/?sslmode=require', 'names no database'],
    ['a socket', 'postgresql:///app?host=/var/run/postgresql', 'names no host'],
    ['a host behind the ?', 'postgresql://app:s3cret@db/app?host=other', 'sets its host after the ?'],
    ['a password behind the ?', 'postgresql://db/app?password=s3cret', 'sets its password after the ?'],
    ['several hosts', 'postgresql://app:s3cret@db1,db2/app', 'names several hosts'],
    ['an unencoded @', 'postgresql://app:s3cret@word@db/app', 'write %40'],
    ['an unencoded /', 'postgresql://app:s3cret/word@db/app', 'cannot be read: encode special characters'],
    ['an unencoded ?', 'postgresql://app:s3cret?word@db/app', 'cannot be read: encode special characters'],
    ['a port that is none', 'postgresql://app:s3cret@db:port/app', 'cannot be read'],
    ['an IPv6 address', 'postgresql://app:s3cret@[::1]:5432/app', 'names an IPv6 address'],
    ['a blank', 'postgresql://app:s3cret word@db/app', 'write %20'],
    ['quotes', '"postgresql://app:s3cret@db/app"', 'must have no quotes or spaces'],
    ['a line break behind it', 'postgresql://app:s3cret@db/app\n', 'must have no quotes or spaces'],
    ['bytes that are no text', 'postgresql://app:s3cret%ff@db/app', 'that are not UTF-8'],
  ])('refuses %s by the name of the variable, never with its value', (_, text, sentence) => {
    expect(() => check(text)).toThrow(ConfigInvalid)
    expect(() => check(text)).toThrow(/^DATABASE_URL /)
    expect(() => check(text)).toThrow(sentence)
    expect(() => check(text)).toThrow(/^(?!.*s3cret)/su)
  })

  it.each([
    'postgresql://app@localhost/app',
    'postgres://app:p%40ss%23w%25rd%2F%3F%3A@db.example.com:6432/app_1-x?sslmode=disable',
    'postgresql://us%2Der:%C3%A4%20b@127.0.0.1:5433/app',
    'POSTGRESQL://app:word@10.0.0.1/App',
  ])('takes what every reader reads alike: %s', async (text) => {
    expect(() => check(text)).not.toThrow()
    const pg = parse(text)
    const orm = new MikroORM({ entities: [], clientUrl: text, discovery: { warnWhenNoEntities: false } })
    const { host, port, user, password = '' } = orm.em.getConnection().getConnectionOptions()
    expect({ host, port: String(port || 5432), user, password, database: orm.config.get('dbName') }).toEqual({
      host: pg.host,
      port: pg.port || '5432',
      user: pg.user,
      password: pg.password ?? '',
      database: pg.database,
    })
    await orm.close(true)
  })
})
