import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql'
import { ConfigInvalid, createRootSecret } from '@sigra/core'
import { afterAll, describe, expect, it } from 'vitest'
import { configurePasskeys } from './passkeys/configure-passkeys.ts'
import { requirePasskeys } from './passkeys/require-passkeys.ts'
import { createRuntime, type RuntimeOptions } from './runtime.ts'
import { uuidKey, userProperties } from './schema/index.ts'
import { createTestEntities } from './testing/test-entities.ts'
import { createTestPasskeyEntities } from './testing/passkeys/test-passkeys.ts'

const accounts = createTestEntities('uuid')
const entities = { ...accounts, ...createTestPasskeyEntities('uuid', accounts.User) }
const orm = new MikroORM({ entities: Object.values(entities), clientUrl: 'postgresql://localhost/nowhere' })

const valid: RuntimeOptions = {
  orm,
  entities,
  areas: [configurePasskeys({ entities })],
  origin: 'https://app.example.com',
  secrets: createRootSecret(),
  appName: 'Acme',
  production: true,
}
const withPasskeys = (change: object) => ({ areas: [configurePasskeys({ entities, ...change })] })
const create = (change: object) => createRuntime({ ...valid, ...change })

describe('createRuntime', () => {
  afterAll(() => orm.close(true))

  it('takes a complete configuration', async () => {
    const runtime = create({ paths: { logIn: '/login' }, sessionUser: ['displayName'] })
    expect(runtime).toMatchObject({
      appName: 'Acme',
      paths: { logIn: '/login', sudo: '/users/sudo' },
      production: true,
    })
    expect(runtime.origin.href).toBe('https://app.example.com/')
    await runtime.close()
  })

  it('takes the passkeys of a domain above the origin, and of its host where nothing is said', async () => {
    const above = create(withPasskeys({ rpId: 'example.com', rpName: 'Acme accounts' }))
    expect(requirePasskeys(above).relyingParty).toEqual({
      rpId: 'example.com',
      rpName: 'Acme accounts',
      origin: 'https://app.example.com',
    })
    const own = create({})
    expect(requirePasskeys(own).relyingParty).toMatchObject({ rpId: 'app.example.com', rpName: 'Acme' })
    await Promise.all([above.close(), own.close()])
  })

  describe('HOST-04, CFG-01, CFG-03: refuses to start', () => {
    it.each([
      ['HOST-04: no origin', { origin: '' }, 'origin must be an origin like https://app.example.com'],
      ['HOST-04: no URL', { origin: 'app.example.com' }, 'origin must be an origin like'],
      ['HOST-04: a path', { origin: 'https://app.example.com/app' }, 'without a path'],
      ['HOST-04: a query', { origin: 'https://app.example.com?x=1' }, 'without a path'],
      ['HOST-04: a user', { origin: 'https://me@app.example.com' }, 'without a path'],
      [
        'HOST-04: upper case, which no browser sends',
        { origin: 'https://App.example.com' },
        'without a path',
      ],
      ['HOST-04, CFG-03: http', { origin: 'http://app.example.com' }, 'origin must be https'],
      [
        'CFG-03: http on this machine, in production',
        { origin: 'http://localhost:3000' },
        'https in production',
      ],
      [
        'CFG-03: a name that only looks local',
        { origin: 'http://localhost.example.com' },
        'origin must be https',
      ],
      ['another scheme', { origin: 'ftp://app.example.com' }, 'origin must be'],
      ['CFG-03: the RP id of somebody else', withPasskeys({ rpId: 'evil.test' }), 'rpId must be'],
      ['CFG-03: an RP id below the origin', withPasskeys({ rpId: 'x.app.example.com' }), 'rpId must be'],
      ['CFG-03: an RP id anybody can register under', withPasskeys({ rpId: 'com' }), 'rpId must be'],
      ['CFG-03: an RP id with a scheme', withPasskeys({ rpId: 'https://app.example.com' }), 'rpId must be'],
      ['no name for passkeys', withPasskeys({ rpName: ' ' }), 'rpName must be'],
      ['no name', { appName: ' ' }, 'appName must be'],
      ['INJ-04: a name with a line break', { appName: 'Acme\r\nBcc: x@example.com' }, 'appName must be'],
      ['a path with a slash at its end', { paths: { logIn: '/login/' } }, 'paths.logIn must be'],
      ['an option nobody knows', { orgin: 'https://app.example.com' }, '"orgin" is not an option of Sigra'],
      ['CFG-01: no secrets', { secrets: '' }, ''],
      ['CFG-01: a short secret', { secrets: 'k1:c2hvcnQ' }, ''],
      [
        'a policy nobody knows',
        { policy: { session: { idleHour: 1 } } },
        'policy.session.idleHour is not a setting',
      ],
      [
        'a policy out of range',
        { policy: { session: { idleHours: 0 } } },
        'policy.session.idleHours must be a number',
      ],
      [
        'a policy of another type',
        { policy: { sudo: { minutes: '10' } } },
        'policy.sudo.minutes must be a number',
      ],
      [
        'a choice that is none',
        { policy: { profile: 'lax' } },
        'policy.profile must be one of default, strict',
      ],
      [
        'INJ-12: a hidden column for pages',
        { sessionUser: ['hashedPassword'] },
        'sessionUser: "hashedPassword"',
      ],
      ['a library column for pages', { sessionUser: ['email'] }, "the library's own column"],
      ['the key for pages', { sessionUser: ['id'] }, "the library's own column"],
      [
        'a column that is not there',
        { sessionUser: ['nickname'] },
        'sessionUser: "nickname" is not a property',
      ],
      ['INJ-12: a hidden column for mails', { mailUser: ['hashedPassword'] }, 'mailUser: "hashedPassword"'],
      [
        'a language in a column of ours',
        { localeProperty: 'email' },
        'localeProperty: "email" must be a text property',
      ],
      [
        'a language in a column that is not there',
        { localeProperty: 'nickname' },
        'localeProperty: "nickname"',
      ],
      [
        'a default language that is none',
        { defaultLocale: 'English!' },
        'defaultLocale must be a language tag',
      ],
    ])('with %s', (_, change, message) => {
      expect(() => create(change)).toThrow(ConfigInvalid)
      expect(() => create(change)).toThrow(message)
    })
  })

  it('CFG-01: never puts a secret into a message', () => {
    const secret = createRootSecret().slice(3)
    const messages = [`k1:${secret},k1:${secret}`, secret, `k1:${secret}!`].map((secrets) => {
      try {
        return String(create({ secrets }))
      } catch (error) {
        return String(error)
      }
    })
    for (const message of messages) expect(message).toMatch(/^ConfigInvalid: /)
    expect(messages.join()).not.toContain(secret.slice(0, 12))
  })

  it('takes http on this machine in development, and in production only when told so, loudly', async () => {
    const origin = 'http://localhost:3000'
    await create({ origin, production: false }).close()
    const warned: unknown[] = []
    const logger = { info: () => {}, error: () => {}, warn: (...line: unknown[]) => warned.push(line) }
    await create({ origin, dangerouslyAllowLoopbackHttp: true, logger }).close()
    expect(warned).toEqual([['sigra.dangerous_option', { option: 'dangerouslyAllowLoopbackHttp' }]])
    expect(() => create({ origin: 'http://10.0.0.1', dangerouslyAllowLoopbackHttp: true })).toThrow(
      ConfigInvalid,
    )
  })

  it('names the entity that is missing, and the column', async () => {
    const Short = defineEntity({ name: 'Short', properties: { id: uuidKey(), email: userProperties.email } })
    const Renamed = defineEntity({
      name: 'Renamed',
      properties: { id: uuidKey(), ...userProperties, emailCanonical: p.string().fieldName('mail') },
    })
    const other = new MikroORM({ entities: [Short, Renamed], clientUrl: 'postgresql://localhost/nowhere' })
    const use = (User: RuntimeOptions['entities']['User']) => () =>
      create({ orm: other, entities: { ...entities, User } })
    expect(use(Short.class)).toThrow('entities.User (Short) has no property "emailCanonical"')
    expect(use(Renamed.class)).toThrow(
      'stores "emailCanonical" in column "mail"; it must be "email_canonical"',
    )
    expect(use(entities.User)).toThrow('entities.User is missing, or not among the entities')
    await other.close(true)
  })
})
