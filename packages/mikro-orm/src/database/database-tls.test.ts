import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { describe, expect, it } from 'vitest'
import { databaseTls } from './database-tls.ts'

const SSL_REQUEST = '0000000804d2162f' // PostgreSQL protocol, message SSLRequest

describe('databaseTls', () => {
  it('reads what the URL says, and nothing where it says nothing', () => {
    for (const url of [undefined, '']) expect(databaseTls(url)).toEqual({})
    expect(databaseTls('postgresql://app@db/app')).toEqual({})
    expect(() => databaseTls('no url')).toThrow('DATABASE_URL must begin with postgresql://')
    expect(databaseTls('postgresql://app@db/app?sslmode=disable')).toEqual({ ssl: false })
    expect(databaseTls('postgresql://app@db/app?sslmode=verify-full')).toEqual({ ssl: {} })
    expect(databaseTls('postgresql://app@db/app?ssl=true')).toEqual({ ssl: true })
    expect(databaseTls('postgresql://app@db/app?ssl=no-verify')).toEqual({ ssl: 'no-verify' }) // the driver knows it
    expect(databaseTls('postgresql://app@db/app?sslmode=no-verify')).toEqual({
      ssl: { rejectUnauthorized: false },
    })
  })

  it('refuses a certificate that is not there, without the password', () => {
    const url = 'postgresql://app:secret@db/app?sslmode=verify-full&sslrootcert=/no/such.pem'
    expect(() => databaseTls(url)).toThrow(ConfigInvalid)
    expect(() => databaseTls(url)).toThrow(/^(?!.*secret).*\/no\/such\.pem/u)
  })

  it('lets MikroORM ask for TLS before it says anything else', async () => {
    for (const query of ['?sslmode=verify-full', '?ssl=no-verify', '?ssl=true'])
      expect({ query, words: await firstWords(query) }).toEqual({ query, words: SSL_REQUEST })
    expect(await firstWords('')).not.toBe(SSL_REQUEST)
  })
})

/** The first eight bytes that MikroORM sends to a database of this URL, in hex. */
async function firstWords(query: string): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const heard = Promise.withResolvers<string>()
  server.on('connection', (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (bytes) => {
      heard.resolve(bytes.subarray(0, 8).toString('hex'))
      socket.destroy()
    })
  })
  const clientUrl = `postgresql://app:secret@127.0.0.1:${(server.address() as AddressInfo).port}/app${query}`
  const orm = await MikroORM.init({
    clientUrl,
    driverOptions: databaseTls(clientUrl),
    entities: [],
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined,
  })
  await orm.em
    .getConnection()
    .execute('select 1')
    .catch(() => undefined)
  await orm.close(true)
  server.close()
  return heard.promise
}
