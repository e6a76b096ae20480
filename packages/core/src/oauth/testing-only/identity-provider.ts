import {
  createServer,
  request as sendOn,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { type JWK, Provider } from 'oidc-provider'

/** Somebody with an account at the provider. */
export interface ProviderPerson {
  sub: string
  email?: string
  email_verified?: unknown
  name?: string
  amr?: string[]
  acr?: string
}

/** Writes an answer of the token endpoint anew, or any other. `null` leaves it. */
export type Tamper = (path: string, body: string) => Promise<TamperedAnswer | null> | TamperedAnswer | null

export interface TamperedAnswer {
  status?: number
  headers?: Record<string, string>
  body: string | Uint8Array
}

/** A real provider (`oidc-provider`) on this machine, behind a server that can lie about what it says. */
export interface IdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who is logged in there when a browser comes. */
  person: ProviderPerson
  tamper: Tamper
  /** Paths that were asked for, in their order. */
  readonly asked: string[]
  /** How often somebody connected, whatever came of it. */
  readonly connections: number
  /** An id token with its own signature. */
  sign(claims: JWTPayload): Promise<string>
  /** What a browser does: follows the URL until it leads back to the app, and says where to. */
  visit(url: URL): Promise<URL>
  close(): Promise<void>
}

const KEY_ID = 'test-key'
const MAX_STEPS = 10

export async function startIdentityProvider(redirectUri: string): Promise<IdentityProvider> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const front = createServer()
  const issuer = await listen(front)
  const client = { clientId: 'acme', clientSecret: 'a-secret-between-acme-and-the-provider' }
  const state: { person: ProviderPerson; tamper: Tamper } = {
    person: { sub: 'alice', email: 'alice@example.com', email_verified: true, name: 'Alice' },
    tamper: () => null,
  }
  const asked: string[] = []
  let connections = 0
  front.on('connection', () => (connections += 1))
  const provider = await openProvider(issuer, client, redirectUri, privateKey, () => state.person)
  const back = createServer(provider.callback())
  const backOrigin = await listen(back)
  front.on('request', (req: IncomingMessage, res: ServerResponse) => {
    asked.push(new URL(req.url ?? '/', issuer).pathname)
    answerInFront(req, res, backOrigin, (path, body) => state.tamper(path, body))
  })
  return {
    issuer,
    ...client,
    asked,
    get connections() {
      return connections
    },
    get person() {
      return state.person
    },
    set person(person) {
      state.person = person
    },
    get tamper() {
      return state.tamper
    },
    set tamper(tamper) {
      state.tamper = tamper
    },
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: KEY_ID }).sign(privateKey),
    visit: (url) => follow(url, redirectUri),
    async close() {
      for (const server of [front, back]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

async function openProvider(
  issuer: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  redirectUri: string,
  key: CryptoKey,
  person: () => ProviderPerson,
): Promise<Provider> {
  const { kty = 'RSA', ...jwk } = await exportJWK(key)
  const signing: JWK = { ...jwk, kty, kid: KEY_ID, alg: 'RS256', use: 'sig' }
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, redirect_uris: [redirectUri] }],
    jwks: { keys: [signing] },
    cookies: { keys: ['only-for-tests'] },
    claims: { openid: ['sub', 'amr', 'acr'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: async () => ({ ...person(), sub }) }),
    interactions: { url: (_, { uid }) => `/person/${uid}` },
    features: { devInteractions: { enabled: false } },
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        accountId: ctx.oidc.session?.accountId ?? '',
        clientId: ctx.oidc.client?.clientId ?? '',
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  provider.use(async (ctx, next) => {
    if (!ctx.path.startsWith('/person/')) return next()
    ctx.respond = false
    const { sub: accountId, amr, acr } = person()
    await provider.interactionFinished(ctx.req, ctx.res, {
      login: { accountId, remember: false, ...(amr ? { amr } : {}), ...(acr ? { acr } : {}) },
    })
  })
  return provider
}

function answerInFront(req: IncomingMessage, res: ServerResponse, backOrigin: string, tamper: Tamper): void {
  const url = new URL(req.url ?? '/', backOrigin)
  const passed = sendOn(url, { method: req.method, headers: req.headers }, async (answer) => {
    const chunks: Buffer[] = []
    for await (const chunk of answer) chunks.push(Buffer.from(chunk))
    const body = Buffer.concat(chunks)
    const tampered = await tamper(url.pathname, body.toString('utf8'))
    if (tampered === null) {
      res.writeHead(answer.statusCode ?? 500, answer.headers).end(body)
      return
    }
    const { status = 200, headers = { 'content-type': 'application/json' } } = tampered
    res.writeHead(status, headers).end(tampered.body)
  })
  req.pipe(passed)
}

async function follow(url: URL, redirectUri: string): Promise<URL> {
  const cookies = new Map<string, string>()
  let next = url
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(next, { redirect: 'manual', headers: { cookie } })
    await answer.arrayBuffer()
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location === null) throw new Error(`The provider stopped at ${next.pathname}: ${answer.status}`)
    next = new URL(location, next)
    if (next.href.startsWith(redirectUri)) return next
  }
  throw new Error('The provider never led back')
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return `http://127.0.0.1:${address.port}`
}
