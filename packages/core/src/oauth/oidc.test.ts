import { generateKeyPair, exportJWK, SignJWT, decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { oidc, type OidcOptions } from './oidc.ts'
import type { Provider, ProviderAttempt } from './provider.ts'
import { createProviderAttempt } from './provider-attempt.ts'
import { type IdentityProvider, startIdentityProvider } from './testing-only/identity-provider.ts'

const redirectUri = 'https://app.test/users/oauth/acme/callback'
const ALICE = { sub: 'alice', email: 'alice@example.com', email_verified: true, name: 'Alice' }

let idp: IdentityProvider
beforeAll(async () => {
  idp = await startIdentityProvider(redirectUri)
})
afterAll(() => idp.close())
beforeEach(() => {
  idp.person = ALICE
  idp.tamper = () => null
  idp.asked.length = 0
})

function open(options: Partial<OidcOptions> = {}): Provider {
  const { issuer, clientId, clientSecret } = idp
  return oidc({
    id: 'acme',
    label: 'Acme',
    issuer,
    clientId,
    clientSecret,
    allowPrivateNetwork: true,
    ...options,
  })
}

/** Goes to the provider and back. */
async function comeBack(provider: Provider, attempt: ProviderAttempt): Promise<URL> {
  const started = await provider.authorize(attempt, { redirectUri })
  if (!started.ok) throw new Error(started.code)
  return idp.visit(started.url)
}

async function logIn(provider: Provider, change: (answer: URLSearchParams) => void = () => undefined) {
  const attempt = createProviderAttempt()
  const { searchParams } = await comeBack(provider, attempt)
  change(searchParams)
  return provider.exchange(searchParams, attempt, { redirectUri, now: new Date() })
}

/** The token endpoint's answer with another id token. */
function forge(make: (idToken: string) => Promise<string> | string): void {
  idp.tamper = async (path, body) => {
    if (path !== '/token') return null
    const answer: { id_token: string } = JSON.parse(body)
    return { body: JSON.stringify({ ...answer, id_token: await make(answer.id_token) }) }
  }
}

const signedAnew = (change: (claims: Record<string, unknown>) => object) =>
  forge((idToken) => idp.sign({ ...change(decodeJwt(idToken)) }))

const invalid = { ok: false, reason: 'invalid-answer' }

describe('oidc', () => {
  it('brings back whom a provider says it is', async () => {
    expect(await logIn(open())).toEqual({
      ok: true,
      isAuthoritative: false,
      mfaAsserted: false,
      profile: {
        issuer: idp.issuer,
        subject: 'alice',
        email: 'alice@example.com',
        emailVerified: false, // nobody told us to believe this provider
        name: 'Alice',
        amr: [],
        acr: null,
        authTime: null,
      },
    })
  })

  it('asks for its configuration once', async () => {
    const provider = open()
    expect(idp.asked).toEqual([])
    await Promise.all([logIn(provider), logIn(provider)])
    expect(idp.asked.filter((path) => path.endsWith('openid-configuration'))).toHaveLength(1)
  })

  it('OA-04: sends an S256 challenge and nothing that a form could have named', async () => {
    const started = await open({ scopes: ['email'] }).authorize(createProviderAttempt(), { redirectUri })
    const sent = started.ok ? Object.fromEntries(started.url.searchParams) : {}
    expect(sent).toEqual({
      client_id: 'acme',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid email',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  it('OA-04: refuses a provider that takes the plain challenge alone', async () => {
    idp.tamper = (path, body) =>
      path.endsWith('openid-configuration')
        ? { body: JSON.stringify({ ...JSON.parse(body), code_challenge_methods_supported: ['plain'] }) }
        : null
    expect(await open().authorize(createProviderAttempt(), { redirectUri })).toEqual({
      ...invalid,
      code: 'NO_S256',
    })
  })

  it('OA-04: the provider refuses a code whose challenge was stripped or is not answered', async () => {
    const provider = open()
    const attempt = createProviderAttempt()
    const back = await comeBack(provider, attempt)
    const other = { ...attempt, verifier: createProviderAttempt().verifier }
    expect(await provider.exchange(back.searchParams, other, { redirectUri, now: new Date() })).toEqual({
      ok: false,
      reason: 'refused',
      code: 'invalid_grant',
    })
  })

  it('OA-03: refuses a nonce that is absent, wrong or of an attempt before', async () => {
    const former = createProviderAttempt().nonce
    for (const nonce of [undefined, '', 'wrong', former]) {
      signedAnew((claims) => ({ ...claims, nonce })) // JSON leaves out what is undefined
      expect(await logIn(open())).toMatchObject(invalid)
    }
  })

  it("OA-05: refuses somebody else's code in one's own answer, and one's own in theirs", async () => {
    const provider = open()
    const [mine, theirs] = [createProviderAttempt(), createProviderAttempt()]
    const [myAnswer, theirAnswer] = [await comeBack(provider, mine), await comeBack(provider, theirs)]
    const mixed = new URLSearchParams(myAnswer.searchParams)
    mixed.set('code', theirAnswer.searchParams.get('code') ?? '')
    const request = { redirectUri, now: new Date() }
    expect(await provider.exchange(mixed, mine, request)).toMatchObject({ ok: false })
    expect(await provider.exchange(myAnswer.searchParams, theirs, request)).toMatchObject(invalid)
  })

  it('OA-06: refuses an `iss` that is wrong or missing, and every parameter twice', async () => {
    const provider = open()
    const changes: ((answer: URLSearchParams) => void)[] = [
      (answer) => answer.set('iss', 'https://evil.test'),
      (answer) => answer.delete('iss'),
      (answer) => answer.append('iss', idp.issuer),
      (answer) => answer.append('state', answer.get('state') ?? ''),
      (answer) => answer.append('code', answer.get('code') ?? ''),
      (answer) => answer.append('error', 'access_denied'),
      (answer) => answer.delete('state'),
      (answer) => answer.delete('code'),
    ]
    for (const change of changes) expect(await logIn(provider, change)).toMatchObject({ ok: false })
    expect(idp.asked.filter((path) => path === '/me')).toEqual([])
  })

  it('OA-07: refuses a token without a signature, with the secret for a key, and by another key', async () => {
    const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const { privateKey: elliptic } = await generateKeyPair('ES256')
    const jwk = await exportJWK(publicKey)
    const forged: ((idToken: string) => Promise<string> | string)[] = [
      (token) => `${text({ alg: 'none' })}.${token.split('.')[1]}.`,
      (token) =>
        new SignJWT(decodeJwt(token))
          .setProtectedHeader({ alg: 'HS256' })
          .sign(Buffer.from(idp.clientSecret)),
      (token) => new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'ES256' }).sign(elliptic),
      (token) =>
        new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'RS256', kid: 'test-key' }).sign(privateKey),
      (token) => `${token.slice(0, -6)}AAAAAA`,
      (token) => token.replace(/\.[^.]+\./, `.${text({ ...decodeJwt(token), sub: 'mallory' })}.`),
      (token) =>
        new SignJWT(decodeJwt(token))
          .setProtectedHeader({ alg: 'RS256', kid: 'test-key', jwk, jku: `${idp.issuer}/planted` })
          .sign(privateKey),
      (token) =>
        new SignJWT(decodeJwt(token))
          .setProtectedHeader({ alg: 'RS256', kid: 'test-key', crit: ['exp'], exp: true })
          .sign(privateKey, { crit: { exp: true } }),
      () => 'no token',
    ]
    for (const make of forged) {
      forge(make)
      expect(await logIn(open())).toMatchObject(invalid)
    }
    expect(idp.asked).not.toContain('/planted')
    expect(idp.asked).not.toContain('/me')
  })

  it('OA-08: refuses a token of another app, another provider, another time, and odd subjects', async () => {
    const seconds = Math.floor(Date.now() / 1000)
    const changes: object[] = [
      { aud: 'another-app' },
      { aud: ['acme', 'another-app'] },
      { azp: 'another-app' },
      { iss: 'https://evil.test' },
      { iss: `${idp.issuer}/` },
      { exp: seconds - 400 },
      { iat: seconds - 400 },
      { iat: seconds + 400 },
      { iat: String(seconds) },
      { sub: '' },
      { sub: 7 },
      { sub: 'x'.repeat(256) },
      { sub: 'ali\0ce' },
    ]
    for (const change of changes) {
      signedAnew((claims) => ({ ...claims, ...change }))
      expect([change, await logIn(open())]).toMatchObject([change, { ok: false }])
    }
    signedAnew((claims) => ({ ...claims, azp: 'acme' }))
    expect(await logIn(open())).toMatchObject({ ok: true })
  })

  it('OA-08: refuses a person of the userinfo endpoint who is not that of the token', async () => {
    idp.tamper = (path, body) =>
      path === '/me' ? { body: JSON.stringify({ ...JSON.parse(body), sub: 'mallory' }) } : null
    expect(await logIn(open())).toMatchObject(invalid)
  })

  it('OA-09: refuses a provider that names itself otherwise', async () => {
    idp.tamper = (path, body) =>
      path.endsWith('openid-configuration')
        ? { body: JSON.stringify({ ...JSON.parse(body), issuer: 'https://evil.test' }) }
        : null
    expect(await open().authorize(createProviderAttempt(), { redirectUri })).toMatchObject(invalid)
  })

  it('OA-09: does not reach this machine unless the app says so', async () => {
    const { port } = new URL(idp.issuer)
    const before = idp.connections
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost']) {
      const provider = open({ issuer: `https://${host}:${port}`, allowPrivateNetwork: false })
      expect(await provider.authorize(createProviderAttempt(), { redirectUri })).toEqual({
        ok: false,
        reason: 'unreachable',
        code: 'OUT_OF_BOUNDS',
      })
    }
    expect(idp.connections).toBe(before)
  })

  it('OA-10: an address is verified by the rule of the app, and by the boolean alone', async () => {
    const verified = async (claim: unknown, options: Partial<OidcOptions>) => {
      idp.person = { ...ALICE, email_verified: claim }
      const answer = await logIn(open(options))
      return answer.ok && [answer.profile.emailVerified, answer.isAuthoritative]
    }
    const trusting: Partial<OidcOptions> = {
      emailTrust: 'verified-claim',
      authoritativeFor: ['Example.com'],
    }
    expect(await verified(true, {})).toEqual([false, false])
    expect(await verified(true, { authoritativeFor: ['example.com'] })).toEqual([false, false])
    expect(await verified(true, { emailTrust: 'verified-claim' })).toEqual([true, false])
    expect(await verified(true, trusting)).toEqual([true, true])
    for (const claim of [false, 'true', 1, undefined, null])
      expect(await verified(claim, trusting)).toEqual([false, false])
  })

  it('OA-18: what a provider says of an error is only a code, and short', async () => {
    const said = async (error: string) => {
      const attempt = createProviderAttempt()
      const answer = new URLSearchParams({
        error,
        error_description: '<script>alert(1)</script>',
        state: attempt.state,
        iss: idp.issuer,
      })
      return open().exchange(answer, attempt, { redirectUri, now: new Date() })
    }
    expect(await said('access_denied')).toEqual({ ok: false, reason: 'cancelled', code: 'access_denied' })
    expect(await said('server_error')).toEqual({ ok: false, reason: 'refused', code: 'server_error' })
    const hostile = await said(`\u202E\n${'x'.repeat(10_000)}`)
    expect(hostile).toMatchObject({ ok: false, reason: 'refused' })
    expect(hostile.ok || hostile.code).toMatch(/^\\u202e\\u000ax{1,64}…$/)
  })

  it('OA-18: what a provider says beside is left out', async () => {
    signedAnew((claims) => ({ ...claims, role: 'admin', email: { toString: 'x' }, name: ['<b>'] }))
    const answer = await logIn(open())
    expect(answer).toMatchObject({ ok: true, profile: { email: null, name: null } })
    expect(JSON.stringify(answer)).not.toContain('admin')
  })

  it('OA-19: follows no redirect, and reads no more than 1 MB, packed or not', async () => {
    const { gzipSync } = await import('node:zlib')
    const big = Buffer.alloc(2 * 1024 * 1024, ' ')
    const json = { 'content-type': 'application/json' }
    const answers = [
      { status: 302, headers: { location: `${idp.issuer}/elsewhere` }, body: '' },
      { status: 307, headers: { location: `${idp.issuer}/elsewhere` }, body: '' },
      { headers: json, body: big },
      { headers: { ...json, 'content-encoding': 'gzip' }, body: gzipSync(big) },
    ]
    for (const answer of answers) {
      idp.tamper = (path) => (path === '/token' ? answer : null)
      expect(await logIn(open())).toEqual({ ok: false, reason: 'unreachable', code: 'OUT_OF_BOUNDS' })
    }
    expect(idp.asked).not.toContain('/elsewhere')
  })

  it('says that two factors were proven where the app maps what the token says, and nowhere else', async () => {
    signedAnew((claims) => ({ ...claims, amr: ['pwd', 'mfa'], acr: 'gold' }))
    const asserted = async (assurance: OidcOptions['assurance']) => {
      const answer = await logIn(open(assurance ? { assurance } : {}))
      return answer.ok && answer.mfaAsserted
    }
    expect(await asserted(undefined)).toBe(false)
    expect(await asserted({ amr: ['hwk'], acr: ['silver'] })).toBe(false)
    expect(await asserted({ amr: ['mfa'] })).toBe(true)
    expect(await asserted({ acr: ['gold'] })).toBe(true)
    idp.tamper = (path, body) =>
      path === '/me' ? { body: JSON.stringify({ ...JSON.parse(body), amr: ['mfa'], acr: 'gold' }) } : null
    expect(await asserted({ amr: ['mfa'], acr: ['gold'] })).toBe(false) // nobody signed that
  })

  it.each([
    [{ id: 'link' }, /"link" cannot be the id/],
    [{ id: 'Acme' }, /cannot be the id/],
    [{ id: `a${'b'.repeat(32)}` }, /cannot be the id/],
    [{ clientId: '' }, /clientId is missing/],
    [{ clientSecret: '' }, /clientSecret is missing/],
    [{ issuer: 'login.example.com' }, /issuer must be a URL/],
    [{ issuer: 'https://login.example.com?x=1' }, /issuer must be a URL/],
    [{ issuer: `https://login.example.com/${'x'.repeat(230)}` }, /issuer must have at most 255 characters/],
    [{ issuer: 'http://login.example.com' }, /must begin with https/],
    [{ issuer: 'http://127.0.0.1', allowPrivateNetwork: false }, /must begin with https/],
    [{ issuer: 'javascript:alert(1)' }, /must begin with https/],
  ])('refuses %o', (options, message) => {
    expect(() => open(options)).toThrow(message)
  })
})
