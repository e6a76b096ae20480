import { createRootSecret } from '@sigra/core'
import { describe, expect, it } from 'vitest'
import { passkeysArea } from './passkeys/passkeys-area.ts'
import { createOfflineSigra, offlineOptions } from './testing-only/offline-sigra.ts'
import { createSigra } from './sigra.ts'

const sample = Buffer.from('change-me-change-me-change-me-32').toString('base64url')
const production = { production: true, edge: { trustedProxies: 0 } }

describe('createSigra', () => {
  it('starts with what the guide shows', () => {
    const { sigra } = createOfflineSigra()
    expect(sigra.edge.settings).toMatchObject({
      paths: { logIn: '/users/log-in' },
      trustedProxies: 0,
      production: false,
    })
    expect(createOfflineSigra(production).sigra.edge.settings.production).toBe(true)
  })

  it.each([
    ['an unknown key', { cokieDomain: 'example.com' }, '"cokieDomain" is not an option of Sigra'],
    ['no name', { appName: '' }, 'appName must be 1 to 64 characters'],
    ['what is no path', { paths: { logIn: 'login' } }, 'paths.logIn must be a path like /users/log-in'],
    [
      'proxies that are no number',
      { edge: { trustedProxies: 'yes' } },
      'trustedProxies (TRUSTED_PROXIES) must be a whole',
    ],
    [
      'negative proxies',
      { edge: { trustedProxies: -1 } },
      'trustedProxies (TRUSTED_PROXIES) must be a whole number',
    ],
    [
      'a foreign cookie domain',
      { edge: { cookieDomain: 'example.com' } },
      'cookieDomain (COOKIE_DOMAIN) must be a parent',
    ],
    [
      'an exemption without a reason',
      { edge: { exemptRoutes: [{ path: '/hooks', reason: ' ' }] } },
      '/hooks needs a reason',
    ],
    [
      'an exemption of everything',
      { edge: { exemptRoutes: [{ path: '/*', reason: 'x' }] } },
      'exemptRoutes: path must be',
    ],
    [
      'an origin with a path',
      { edge: { additionalOrigins: ['https://shop.test/x'] } },
      'additionalOrigins must hold origins',
    ],
    [
      'CFG-08 an exemption of our own pages',
      { edge: { exemptRoutes: [{ path: '/Users//log-in.data', reason: 'x' }] } },
      'is a page of Sigra, whose origin is always checked',
    ],
    [
      'CFG-08 an exemption of our own pages wherever they are',
      { paths: { logIn: '/login' }, edge: { exemptRoutes: [{ path: '/login/continue', reason: 'x' }] } },
      'is a page of Sigra',
    ],
    [
      'CFG-08 an exemption with a query',
      { edge: { exemptRoutes: [{ path: '/hooks?from=payments', reason: 'x' }] } },
      'exemptRoutes: path must be',
    ],
    [
      'CFG-08 an exemption by a key nobody reads',
      { edge: { exemptRoutes: [{ path: '/hooks', reason: 'x', method: 'POST' }] } },
      '"method" is not known',
    ],
    [
      'CFG-08 an origin that never comes',
      { edge: { additionalOrigins: ['https://*.example.com'] } },
      'names no one host; list each origin, without wildcards',
    ],
    [
      'CFG-08 the origin once more',
      { edge: { additionalOrigins: ['https://app.test'] } },
      'is the origin itself',
    ],
    [
      'CFG-08 an origin of another site',
      { origin: 'https://app.example.com', edge: { additionalOrigins: ['https://shop.example.org'] } },
      'https://shop.example.org is another site than app.example.com',
    ],
    [
      'CFG-08 an origin of another site below a shared suffix',
      { origin: 'https://app.co.uk', edge: { additionalOrigins: ['https://shop.co.uk'] } },
      'is another site',
    ],
    [
      'CFG-08 a list that is none',
      { edge: { additionalOrigins: 'https://shop.app.test' } },
      'must be a list',
    ],
    [
      'CFG-08 text for a switch',
      { edge: { dangerouslyAllowNoClientAddress: 'false' } },
      'must be true or false',
    ],
    ['CFG-08 text for another switch', { production: 'false' }, 'production must be true or false'],
    ['CFG-08 a logger that cannot log', { logger: () => undefined }, 'logger must have a function info'],
    ['CFG-08 an engine that cannot verify', { hasher: { hash() {} } }, 'hasher must have a function verify'],
    [
      'CFG-08 a clock of tests in production',
      { ...production, clockOffset: () => 0 },
      'clockOffset is for tests',
    ],
    [
      'CFG-08 a weak policy in production',
      { ...production, dangerouslyWeakPolicy: true },
      'dangerouslyWeakPolicy is for tests',
    ],
    ['CFG-08 a weak policy', { policy: { password: { minLength: 1 } } }, 'characters from 8 to 64'],
    [
      'CFG-08 a cookie domain that anybody shares',
      { origin: 'https://app.co.uk', edge: { cookieDomain: 'co.uk' } },
      'browsers keep no cookie for',
    ],
    ['an unknown key of the edge', { edge: { proxies: 1 } }, '"edge.proxies" is not an option of Sigra'],
    ['no group', { edge: 'off' }, 'edge must be an object'],
    [
      'a policy that moved',
      { policy: { passkeys: {} } },
      'policy.passkeys has moved to passkeysArea({ policy })',
    ],
    [
      'a limit that moved',
      { policy: { limits: { client: { passkeyCeremony: {} } } } },
      'policy.limits.client.passkeyCeremony has moved to',
    ],
    ['an unknown header', { edge: { headers: { csp: 'off' } } }, '"headers.csp" is not an option of Sigra'],
  ])('stops for %s', (_mistake, changes, sentence) => {
    expect(() => Reflect.apply(createSigra, null, [{ ...offlineOptions(), ...changes }])).toThrow(sentence)
  })

  it.each([
    ['trustedProxies', 'createSigra({ edge: { trustedProxies } })'],
    ['cookieDomain', 'createSigra({ edge: { cookieDomain } })'],
    ['headers', 'createSigra({ edge: { headers } })'],
    ['exemptRoutes', 'createSigra({ edge: { exemptRoutes } })'],
    ['additionalOrigins', 'createSigra({ edge: { additionalOrigins } })'],
    ['clearSiteDataOnLogOut', 'createSigra({ edge: { clearSiteDataOnLogOut } })'],
    ['dangerouslyAllowNoClientAddress', 'createSigra({ edge: { dangerouslyAllowNoClientAddress } })'],
    ['rpId', 'passkeysArea({ rpId }) in app/passkeys/passkeys.config.ts'],
    ['rpName', 'passkeysArea({ rpName }) in app/passkeys/passkeys.config.ts'],
  ])('stops for %s and says where it moved to', (option, place) => {
    const options = { ...offlineOptions(), [option]: undefined }
    expect(() => Reflect.apply(createSigra, null, [options])).toThrow(`${option} has moved to ${place}`)
  })

  it.each([
    ['missing', '', 'origin (APP_ORIGIN) is missing'],
    ['no URL', 'app.test', 'origin must be an origin like https://app.example.com'],
    ['with a path', 'https://app.test/app', 'without a path'],
    ['plain http', 'http://app.test', 'origin must be https'],
    ['http on localhost', 'http://localhost:3000', 'origin must be https in production'],
  ])('HOST-04 CFG-03: production refuses an origin that is %s', (_kind, origin, sentence) => {
    expect(() => createOfflineSigra({ ...production, origin })).toThrow(sentence)
  })

  it('CFG-03: production on http://localhost needs to be asked for, and says so loudly', () => {
    const { logged } = createOfflineSigra({
      ...production,
      origin: 'http://localhost:3000',
      dangerouslyAllowLoopbackHttp: true,
    })
    expect(logged).toContainEqual({
      event: 'sigra.dangerous_option',
      fields: { option: 'dangerouslyAllowLoopbackHttp' },
    })
    expect(() =>
      createOfflineSigra({ ...production, origin: 'http://app.test', dangerouslyAllowLoopbackHttp: true }),
    ).toThrow('origin must be https')
  })

  it.each([
    ['missing', '', 'secrets (SIGRA_SECRETS) is missing'],
    ['malformed', 'secret', 'SIGRA_SECRETS must look like'],
    ['short', 'k1:c2hvcnQ', 'must be 32–64 random bytes'],
    ['a sample', `k1:${sample}`, 'is a sample or was typed by hand'],
  ])('CFG-01: production refuses secrets that are %s', (_kind, secrets, sentence) => {
    expect(() => createOfflineSigra({ ...production, secrets })).toThrow(sentence)
  })

  it('CFG-01: production refuses a secret that is listed twice, and never quotes one', () => {
    const key = createRootSecret().slice(3)
    const start = () => createOfflineSigra({ ...production, secrets: `k1:${key},k2:${key}` })
    expect(start).toThrow('same secret under "k1" and "k2"')
    expect(start).not.toThrow(key)
  })

  it('CFG-03: production asks how many proxies there are', () => {
    expect(() => createOfflineSigra({ production: true, edge: { trustedProxies: undefined } })).toThrow(
      'trustedProxies (TRUSTED_PROXIES) is missing',
    )
    expect(
      createOfflineSigra({ ...production, edge: { trustedProxies: '2' } }).sigra.edge.settings.trustedProxies,
    ).toBe(2)
  })

  it('gives what an area brings, and refuses one that is not named', () => {
    const { sigra, entities } = createOfflineSigra()
    const passkeys = passkeysArea({ entities })
    expect(sigra.area(passkeys)).toMatchObject({ rpId: 'app.test', policy: { maxPerUser: 10 } })
    const stranger = { ...passkeys, declaration: { ...passkeys.declaration, name: 'trophies' } }
    expect(() => sigra.area(stranger)).toThrow('sigra.area: trophies is not among areas')
  })

  it('says loudly that clients without an address are let in', () => {
    const { logged } = createOfflineSigra({ edge: { dangerouslyAllowNoClientAddress: true } })
    expect(logged).toContainEqual({
      event: 'sigra.dangerous_option',
      fields: { option: 'dangerouslyAllowNoClientAddress' },
    })
  })

  it('CFG-08: names what is allowed and weaker than the default', () => {
    const { logged } = createOfflineSigra({
      policy: { requireConfirmation: false, password: { breachCheck: 'never' } },
      edge: { headers: { contentSecurityPolicy: 'report-only' } },
    })
    const named = logged.filter(({ event }) => event === 'sigra.deviation')
    expect(named.map(({ fields }) => fields['setting'])).toEqual([
      'policy.requireConfirmation',
      'policy.password.breachCheck',
      'headers.contentSecurityPolicy',
    ])
    for (const { fields } of named) expect(fields['message']).toMatch(/\w{3}/)
    expect(createOfflineSigra().logged).toEqual([])
  })

  it('takes a sibling origin and an exemption with a reason', () => {
    const { sigra } = createOfflineSigra({
      origin: 'https://app.example.com',
      edge: {
        additionalOrigins: ['https://shop.example.com', 'https://app.example.com:8443'],
        exemptRoutes: [{ path: '/Hooks/payments/', reason: 'signed by the payment provider' }],
      },
    })
    expect([...sigra.edge.settings.allowedOrigins]).toHaveLength(3)
    expect([...sigra.edge.settings.exemptPaths]).toEqual(['/hooks/payments'])
  })

  it('RL-08: production serves no account flow to a client without an address', async () => {
    const { sigra, logged } = createOfflineSigra(production)
    const args = { request: new Request('https://app.test/users/log-in', { method: 'POST' }) }
    const answer: unknown = await sigra.accounts
      .logInUser(args, { email: 'a@b.test', password: 'x' })
      .catch((thrown: unknown) => thrown)
    expect(answer).toMatchObject({ status: 503 })
    expect(logged.at(-1)).toMatchObject({ event: 'request.no_client_address' })
  })

  it('closes the runtime it replaces', async () => {
    const first = createOfflineSigra().sigra
    const close = first.runtime.hasher.close.bind(first.runtime.hasher)
    let closed = 0
    first.runtime.hasher.close = () => {
      closed += 1
      return close()
    }
    createOfflineSigra()
    expect(closed).toBe(1)
  })
})
