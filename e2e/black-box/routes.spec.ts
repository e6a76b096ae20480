import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSignedIn, followLink, freshEmail, password } from '../support/account.ts'
import { snapshot } from '../support/database.ts'
import { Client, type Answer } from '../support/http.ts'
import { waitForMail } from '../support/mails.ts'
import {
  type Guard,
  inBatches,
  manifest,
  type ManifestRoute,
  manifestRoutes,
  readRoutes,
  spellings,
  type TokenKind,
} from '../support/route-manifest.ts'
import { expect, test } from '../support/test.ts'
import { createVisitors, everybody, type Visitor } from '../support/visitors.ts'

const app = join(import.meta.dirname, '../../playground')

/** What a loader or action of a guarded route begins with. */
const asks: Partial<Record<Guard, RegExp>> = {
  anonymous: /requireAnonymous\(args\)/,
  authenticated: /requireUser\(args\)/,
  sudo: /requireSudo\(args\b/,
  'second-factor': /requirePending\(args, 'second-factor'\)/,
  enrolment: /requirePending\(args, 'enrolment'\)/,
  'password-change': /requirePending\(args, 'password-change'\)/,
}

/** Where somebody is sent who waits for a step of their own. */
const steps: Partial<Record<Guard, string>> = {
  'second-factor': '/users/mfa',
  enrolment: '/users/mfa/enroll',
  'password-change': '/users/change-password',
}

const isOpen = (guard: Guard) => ['public', 'token', 'flow', 'script'].includes(guard)

/** Which visitors a script's endpoint serves; to all others it says where their page should go instead. */
const served: Readonly<Record<string, readonly Guard[]>> = {
  'accounts/routes/mfa-passkey-options': ['second-factor'],
  'accounts/routes/mfa-passkey': ['second-factor'],
  'accounts/routes/mfa-enroll-passkey-options': ['sudo', 'enrolment'],
  'accounts/routes/mfa-enroll-passkey': ['sudo', 'enrolment'],
  'accounts/routes/sudo-passkey-options': ['authenticated'],
  'accounts/routes/sudo-passkey': ['authenticated'],
  'accounts/routes/passkeys-options': ['sudo', 'enrolment'],
  'accounts/routes/passkeys': ['sudo', 'enrolment'],
}

function exported({ source }: ManifestRoute, name: 'loader' | 'action'): string | null {
  const start = source.search(new RegExp(String.raw`export (?:async )?function ${name}\b`))
  return start < 0 ? null : source.slice(start, start + 300)
}

test('every route and every action is classified, and nothing is that is not there', () => {
  expect(
    readRoutes()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(Object.keys(manifest).toSorted())
  for (const route of manifestRoutes()) {
    const { id, action, loader, resource = false, pattern, token, source } = route
    expect([id, exported(route, 'loader') !== null]).toEqual([id, loader !== null])
    expect([id, exported(route, 'action') !== null]).toEqual([id, action !== undefined])
    expect([id, !/export default/.test(source)]).toEqual([id, resource])
    expect([id, pattern.includes(':token')]).toEqual([id, token !== undefined && loader === 'token'])
  }
})

test('RR-03 RR-05 every protected route has a loader, and loader and action each ask for themselves', () => {
  const ofResources = (route: ManifestRoute) => route.resource === true && route.loader === null
  for (const route of manifestRoutes().filter((each) => !ofResources(each))) {
    if (route.action !== undefined && !isOpen(route.action)) expect(route.loader, route.id).not.toBeNull()
    for (const name of ['loader', 'action'] as const) {
      const first = asks[route[name] ?? 'public']
      if (first) expect(exported(route, name), `${name} of ${route.id}`).toMatch(first)
    }
  }
})

test('RR-01 RR-02 SESS-13 SUDO-01 nobody gets where they are not let in, however it is asked for, and changes nothing', async () => {
  test.slow()
  const visitors = await createVisitors(...everybody)
  const before = await Promise.all(visitors.map(({ email }) => snapshot(email)))
  const routes = manifestRoutes()
  const tries = visitors.flatMap((visitor) =>
    routes.flatMap((route) =>
      spellings(route).flatMap((path) =>
        (visitor.name === 'nobody'
          ? ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']
          : ['GET', 'HEAD', 'POST']
        ).map((method) => ({ visitor, route, path, method })),
      ),
    ),
  )
  await inBatches(tries, async ({ visitor, route, path, method }) => {
    const isSafe = method === 'GET' || method === 'HEAD'
    const guard = isSafe ? route.loader : route.action
    if (guard != null && isOpen(guard)) return
    const what = `${visitor.name}: ${method} ${path}`
    const answer = await visitor.client.ask(path, { method, ...(isSafe ? {} : { form: {} }) })
    if (guard == null) expect(answer.status, what).toBeGreaterThanOrEqual(400)
    else if (visitor.passes.has(guard)) expect(passed(route, isSafe), what).toContain(answer.status)
    else expectRefused(visitor, guard, answer, what)
  })
  expect(await Promise.all(visitors.map(({ email }) => snapshot(email)))).toEqual(before)
})

/** A page, or the way to one; an empty form is none. */
function passed({ resource }: ManifestRoute, isSafe: boolean): readonly number[] {
  if (!isSafe) return [400]
  return resource ? [303, 202] : [200]
}

test('PK-13 SUDO-01 a script gets nothing that its page would not, and changes nothing', async () => {
  const visitors = await createVisitors(...everybody)
  const before = await Promise.all(visitors.map(({ email }) => snapshot(email)))
  const scripts = manifestRoutes().filter(({ id, action }) => action === 'script' && served[id] !== undefined)
  expect(scripts).toHaveLength(Object.keys(served).length)
  const tries = visitors.flatMap((visitor) =>
    scripts
      .filter(({ id }) => !served[id]?.some((guard) => visitor.passes.has(guard)))
      .flatMap(({ path }) => [path, `${path}.data`].map((each) => ({ visitor, path: each }))),
  )
  await inBatches(tries, async ({ visitor, path }) => {
    const headers = { 'Content-Type': 'application/json' }
    const answer = await visitor.client.ask(path, { method: 'POST', body: '{"response":{}}', headers })
    const what = `${visitor.name}: ${path}`
    expect(answer.status, what).toBe(403)
    expect(answer.body, what).toMatch(/"\/users\/(?:sudo|log-in)/)
    expect(answer.body, what).not.toContain('challenge')
  })
  expect(await Promise.all(visitors.map(({ email }) => snapshot(email)))).toEqual(before)
})

function expectRefused(visitor: Visitor, guard: Guard, answer: Answer, what: string): void {
  expect([303, 202], what).toContain(answer.status) // 202: a redirect for the router's own client
  expect(answer.body, what).not.toContain(visitor.email)
  const place = placeFor(visitor, guard)
  if (answer.status === 303) expect(answer.location?.split('?')[0], what).toBe(place)
  else if (answer.body !== '') expect(answer.body, what).toContain(`"${place}`)
}

function placeFor({ passes }: Visitor, guard: Guard): string {
  const [, step] = Object.entries(steps).find(([each]) => [...passes].some((pass) => pass === each)) ?? []
  if (step !== undefined) return step
  if (!passes.has('authenticated')) return '/users/log-in'
  return guard === 'sudo' ? '/users/sudo' : '/'
}

test('CSRF-11 RR-09 TOK-15 no GET or HEAD of any route changes anything, with every valid token, and each still works', async () => {
  test.slow()
  const { client, email } = await createSignedIn()
  const newcomer = { client: new Client(), email: freshEmail() }
  await newcomer.client.post('/users/register', { email: newcomer.email, password })
  await client.post('/users/reset-password', { email })
  await new Client().post('/users/log-in', { intent: 'magic-link', email })
  const links: Record<TokenKind, string> = {
    'reset-password': (await waitForMail(email, /reset|new password/i)).link,
    'log-in': (await waitForMail(email, /log in at/i)).link,
    'not-me': (await waitForMail(email, /confirmed/i)).link,
    confirm: (await waitForMail(newcomer.email, /confirm/i)).link,
  }
  const people = [email, newcomer.email]
  await expect.poll(async () => (await Promise.all(people.map(snapshot))).join('')).not.toContain('"payload"')
  const before = await Promise.all(people.map(snapshot))
  for (const visitor of [client, newcomer.client, new Client()]) {
    const visits = manifestRoutes().flatMap((route) => spellings(withToken(route, links)))
    for (const path of visits)
      for (const method of ['GET', 'HEAD']) await visitAsScanner(visitor, path, method)
  }
  expect(await Promise.all(people.map(snapshot))).toEqual(before)

  expect((await followLink(newcomer.client, links.confirm)).status).toBe(303)
  expect((await followLink(new Client(), links['log-in'])).location).toBe('/')
  const chosen = { password: 'nine boats in the fog', passwordConfirmation: 'nine boats in the fog' }
  expect((await followLink(new Client(), links['reset-password'], chosen)).status).toBe(303)
  expect((await followLink(new Client(), links['not-me'])).status).toBe(303)
})

function withToken({ id, pattern, path, token }: ManifestRoute, links: Record<TokenKind, string>) {
  const valid = token === undefined ? '' : (new URL(links[token]).pathname.split('/').at(-1) ?? '')
  return { id, path: pattern.includes(':token') ? pattern.replace(':token', valid) : path }
}

/** As a mail scanner or a prefetching browser: it follows where it is sent, and presses nothing. */
async function visitAsScanner(client: Client, path: string, method: string): Promise<void> {
  const headers = { Purpose: 'prefetch', 'Sec-Purpose': 'prefetch' }
  const { location } = await client.ask(path, { method, headers })
  if (location?.includes('/continue?f=') !== true) return
  const [page = '', query = ''] = location.split('?')
  await client.ask(location, { method, headers })
  await client.ask(`${page}.data?${query}`, { method, headers })
}

test('INJ-12 a signed-in page carries the listed fields and no other column of the user', async () => {
  const { client } = await createSignedIn()
  const pages = manifestRoutes().filter(({ loader }) => loader !== null && loader !== 'token')
  await inBatches(pages.flatMap(spellings), async (path) => {
    const { body } = await client.get(path)
    expect(body, path).not.toMatch(
      /\$argon2|hashedPassword|hashed_password|failedPassword|tokenHash|emailCanonical|sealedSecret|codeHash|publicKey/,
    )
  })
})

test('SESS-14 a session of somebody else can be neither seen nor ended', async () => {
  const [one, other] = await Promise.all([createSignedIn(), createSignedIn()])
  const body = (await other.client.get('/users/sessions')).body
  const sessionId = /name="sessionId" value="([^"]+)"/.exec(body)?.[1] ?? ''
  expect(sessionId).not.toBe('')
  expect((await one.client.get('/users/sessions')).body).not.toContain(sessionId)
  expect((await one.client.post('/users/sessions', { intent: 'revoke', sessionId })).status).toBe(404)
  expect((await other.client.get('/dashboard')).status).toBe(200)
})

test('RR-08 no owned route redirects by itself: lint refuses the import', () => {
  const config = readFileSync(join(app, '.oxlintrc.json'), 'utf8')
  expect(config).toMatch(/redirect/)
  const search = ['-rlE', String.raw`import \{[^}]*\bredirect\b[^}]*\} from 'react-router'`, join(app, 'app')]
  expect(spawnSync('grep', search, { encoding: 'utf8' }).stdout).toBe('')
})
