import { ConfigInvalid } from '../errors.ts'
import { type BoundedFetch, createBoundedFetch, OutOfBounds } from './bounded-fetch.ts'
import { checkIdToken, type Claims, readProfile, type TrustRule } from './claims.ts'
import { loadOpenIdClient, type OpenIdClient } from './load-openid-client.ts'
import type { ExchangeRequest, Provider, ProviderAnswer, ProviderAttempt } from './provider.ts'
import { AnswerInvalid, explainFailure } from './provider-failure.ts'
import { remembered } from './remembered.ts'

/** What an app says of a provider that speaks OpenID Connect. */
export interface OidcOptions {
  /** Stands in paths: lower-case letters, digits and `-`, a letter first, at most 32. */
  id: string
  /** What people know it by. */
  label: string
  /** As the provider writes it: `https://…`. Whoever controls it controls who is who. */
  issuer: string
  clientId: string
  clientSecret: string
  /** What is asked for beside `openid`. @default ['email', 'profile'] */
  scopes?: readonly string[]
  /** What the provider is to ask people, whoever they are. @default the provider's own */
  prompt?: 'login' | 'consent' | 'select_account'
  /** `verified-claim`: what it calls verified (`email_verified: true`) is. @default 'none' */
  emailTrust?: 'none' | 'verified-claim'
  /** Domains whose mailboxes the provider itself hands out. @default none */
  authoritativeFor?: readonly string[]
  /** What in its answer says that two factors were proven: any of these. @default nothing does */
  assurance?: { amr?: readonly string[]; acr?: readonly string[] }
  /** Also a provider within the app's own network; over http on this machine. @default false */
  allowPrivateNetwork?: boolean
}

/** Ids that routes have another meaning for. */
const RESERVED = new Set(['link', 'email', 'relay', 'passkey'])
const ID = /^[a-z][a-z0-9-]{0,31}$/
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

const MAX_ISSUER_LENGTH = 255 // it is kept beside whoever logs in

const DAY = 86_400_000
const FAILURE_MILLISECONDS = 30_000
const EXCHANGE_MILLISECONDS = 10_000

/**
 * A provider by OpenID Connect discovery, which is asked at the first use and once a day. Every attempt carries state,
 * nonce and an S256 challenge, and the signature of what comes back is verified, always.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID`, one sentence for the first mistake found.
 */
export function oidc(options: OidcOptions): Provider {
  const { emailTrust = 'none', authoritativeFor = [] } = options
  if (emailTrust !== 'none' && emailTrust !== 'verified-claim')
    throw new ConfigInvalid(`${named(options)}: emailTrust must be "none" or "verified-claim"`)
  const domains = authoritativeFor.map((domain) => domain.toLowerCase())
  return createOidcProvider(options, (claims, domain) => ({
    isVerified: emailTrust === 'verified-claim' && claims['email_verified'] === true,
    isAuthoritative: domains.includes(domain),
  }))
}

/** The same for a provider whose rule about addresses is known: a preset. */
export function createOidcProvider(options: OidcOptions, trustOf: TrustRule): Provider {
  checkOptions(options)
  const fetch = createBoundedFetch({ allowPrivateNetwork: options.allowPrivateNetwork ?? false })
  const open = remembered(() => discover(options, fetch), {
    lifeMilliseconds: DAY,
    failureMilliseconds: FAILURE_MILLISECONDS,
  })
  return {
    id: options.id,
    label: options.label,
    async authorize(attempt, request) {
      try {
        const { client, configuration } = await open()
        const { redirectUri, loginHint } = request
        const url = client.buildAuthorizationUrl(configuration, {
          redirect_uri: redirectUri,
          scope: scopeOf(options),
          response_type: 'code',
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
          code_challenge_method: 'S256',
          ...(options.prompt === undefined ? {} : { prompt: options.prompt }),
          ...(loginHint === undefined ? {} : { login_hint: loginHint }),
        })
        return { ok: true, url }
      } catch (error) {
        return explainFailure(error)
      }
    },
    async exchange(answer, attempt, request) {
      try {
        const opened = await open()
        return await withinTime(exchange(opened, options, trustOf, { answer, attempt, request }))
      } catch (error) {
        return explainFailure(error)
      }
    },
  }
}

interface Opened {
  client: OpenIdClient
  configuration: InstanceType<OpenIdClient['Configuration']>
}

interface Returned {
  answer: URLSearchParams
  attempt: ProviderAttempt
  request: ExchangeRequest
}

async function discover(options: OidcOptions, fetch: BoundedFetch): Promise<Opened> {
  const client = await loadOpenIdClient()
  const issuer = new URL(options.issuer)
  const configuration = await client.discovery(
    issuer,
    options.clientId,
    options.clientSecret,
    client.ClientSecretBasic(options.clientSecret),
    {
      [client.customFetch]: fetch,
      ...(issuer.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {}),
    },
  )
  client.enableNonRepudiationChecks(configuration) // without it any signature passes
  const { code_challenge_methods_supported: methods } = configuration.serverMetadata()
  if (methods !== undefined && !methods.includes('S256')) throw new AnswerInvalid('NO_S256')
  return { client, configuration }
}

async function exchange(
  { client, configuration }: Opened,
  options: OidcOptions,
  trustOf: TrustRule,
  { answer, attempt, request }: Returned,
): Promise<ProviderAnswer> {
  const url = new URL(request.redirectUri)
  url.search = answer.toString()
  const tokens = await client.authorizationCodeGrant(configuration, url, {
    pkceCodeVerifier: attempt.verifier,
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    idTokenExpected: true,
  })
  const claims: Claims | undefined = tokens.claims()
  if (claims === undefined) throw new AnswerInvalid('NO_ID_TOKEN')
  checkIdToken(claims, { clientId: options.clientId, now: request.now })
  const wantsMore =
    claims['email'] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined
  const more: Claims = wantsMore
    ? await client.fetchUserInfo(configuration, tokens.access_token, String(claims['sub']))
    : {}
  const { profile, isAuthoritative } = readProfile(claims, more, trustOf)
  return { ok: true, profile, isAuthoritative, mfaAsserted: isAsserted(options.assurance ?? {}, profile) }
}

function isAsserted(
  { amr = [], acr = [] }: NonNullable<OidcOptions['assurance']>,
  profile: { amr: readonly string[]; acr: string | null },
): boolean {
  return (
    profile.amr.some((method) => amr.includes(method)) || (profile.acr !== null && acr.includes(profile.acr))
  )
}

/** Several calls, each bounded, are more than one. */
async function withinTime<T>(work: Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(EXCHANGE_MILLISECONDS)
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new OutOfBounds('A provider takes too long')), {
      once: true,
    })
  })
  return Promise.race([work, late])
}

function scopeOf({ scopes = ['email', 'profile'] }: OidcOptions): string {
  return ['openid', ...scopes.filter((scope) => scope !== 'openid')].join(' ')
}

function checkOptions(options: OidcOptions): void {
  const { id, label, issuer, clientId, clientSecret, allowPrivateNetwork = false } = options
  if (typeof id !== 'string' || !ID.test(id) || RESERVED.has(id))
    throw new ConfigInvalid(
      `oauth: "${String(id)}" cannot be the id of a provider: a letter, then letters, digits and "-", and none of ${[...RESERVED].join(', ')}`,
    )
  for (const [name, value] of Object.entries({ label, issuer, clientId, clientSecret })) {
    if (typeof value !== 'string' || value === '')
      throw new ConfigInvalid(`${named(options)}: ${name} is missing`)
  }
  const url = URL.canParse(issuer) ? new URL(issuer) : null
  const mayBeHttp = allowPrivateNetwork && url !== null && LOOPBACK.has(url.hostname)
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '')
    throw new ConfigInvalid(`${named(options)}: issuer must be a URL like https://login.example.com`)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && mayBeHttp))
    throw new ConfigInvalid(`${named(options)}: issuer must begin with https://`)
  if (issuer.length > MAX_ISSUER_LENGTH)
    throw new ConfigInvalid(`${named(options)}: issuer must have at most ${MAX_ISSUER_LENGTH} characters`)
}

function named({ id }: OidcOptions): string {
  return `oauth: ${id}`
}
