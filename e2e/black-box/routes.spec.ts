import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSignedIn, followLink, freshEmail, password } from '../support/account.ts'
import { Client, type Answer } from '../support/http.ts'
import { waitForMail } from '../support/mails.ts'
import { addMember, createSlug } from '../support/organizations.ts'
import {
  type Guard,
  guardsOf,
  inBatches,
  manifest,
  type ManifestRoute,
  manifestRoutes,
  readRoutes,
  spellings,
  type TokenKind,
} from '../support/route-manifest.ts'
import { snapshot } from '../support/snapshot.ts'
import { createPerson, expect, test } from '../support/test.ts'
import { createVisitors, everybody, type Visitor } from '../support/visitors.ts'

const app = join(import.meta.dirname, '../../playground')

/** What a loader or action of a guarded route begins with. */
const asks: Partial<Record<Guard, RegExp>> = {
  anonymous: /requireAnonymous\(args\)/,
  authenticated: /requireUser\(args\)/,
  member: /require(?:User|Organization|Member)\(args\b/,
  sudo: /requireSudo\(args\b/,
  'second-factor': /requirePending\(args, 'second-factor'\)/,
  enrolment: /requirePending\(args, 'enrolment'\)/,
  'password-change': /requirePending\(args, 'password-change'\)/,
  reactivation: /requirePending\(args, 'reactivation'\)/,
  consent: /requirePending\(args, 'consent'\)/,
}

/** Where somebody is sent who waits for a step of their own. */
const steps: Partial<Record<Guard, string>> = {
  'second-factor': '/users/mfa',
  enrolment: '/users/mfa/enroll',
  'password-change': '/users/change-password',
  reactivation: '/users/reactivation',
  consent: '/users/consent',
}

const isOpen = (guard: Guard) => guard === 'public' || guard === 'token' || guard === 'flow'

/** For the script of a page: it answers JSON, and the flow behind it asks who is there. */
const isForScripts = ({ loader, action, resource }: ManifestRoute) =>
  resource === true && loader === null && action !== undefined

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
  for (const route of manifestRoutes().filter((each) => !isForScripts(each))) {
    if (!guardsOf(route.action).every(isOpen)) expect(route.loader, route.id).not.toBeNull()
    for (const name of ['loader', 'action'] as const) {
      const [guard = 'public'] = guardsOf(route[name])
      const first = asks[guard]
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
    const guards = guardsOf(isSafe ? route.loader : route.action)
    const [guard] = guards
    if (guard !== undefined && (guards.every(isOpen) || isForScripts(route))) return
    const what = `${visitor.name}: ${method} ${path}`
    const answer = await visitor.client.ask(path, { method, ...(isSafe ? {} : { form: {} }) })
    if (guard === undefined) expectNothing(route, path, answer, what)
    else if (isLetIn(visitor, guards)) expect(passed(route, isSafe), what).toContain(answer.status)
    else expectRefused(visitor, guard, answer, what)
  })
  expect(await Promise.all(visitors.map(({ email }) => snapshot(email)))).toEqual(before)
})

/** There is nothing to run. The router's own client may ask for its data all the same, and gets none. */
function expectNothing({ id }: ManifestRoute, path: string, { status, body }: Answer, what: string): void {
  if (!path.includes('.data')) return expect(status, what).toBeGreaterThanOrEqual(400)
  expect(body, what).not.toContain(`"${id}"`)
}

function isLetIn({ passes }: Visitor, guards: readonly Guard[]): boolean {
  return guards.some((guard) => passes.has(guard))
}

/** A page, or the way to one; an empty form is none. Nobody is a member of an organization that does not exist. */
function passed({ loader, resource, leadsOn }: ManifestRoute, isSafe: boolean): readonly number[] {
  if (loader === 'member') return [404]
  if (!isSafe) return [400]
  return resource || leadsOn ? [303, 202] : [200]
}

test('PK-13 SUDO-01 a script gets nothing that its page would not, and changes nothing', async () => {
  const visitors = await createVisitors(...everybody)
  const before = await Promise.all(visitors.map(({ email }) => snapshot(email)))
  const scripts = manifestRoutes().filter(isForScripts)
  expect(scripts.length).toBeGreaterThan(0)
  const tries = visitors.flatMap((visitor) =>
    scripts
      .filter(({ action }) => !isLetIn(visitor, guardsOf(action)))
      .flatMap((route) => spellings(route).map((path) => ({ visitor, path }))),
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

  // And whom the page would let in gets what a ceremony begins with: it is the guard that refuses the others.
  const starts = scripts.filter(({ pattern }) => pattern.endsWith('/options'))
  const welcome = visitors.flatMap((visitor) =>
    starts.filter(({ action }) => isLetIn(visitor, guardsOf(action))).map(({ path }) => ({ visitor, path })),
  )
  await inBatches(welcome, async ({ visitor, path }) => {
    const { body } = await visitor.client.post(`${path}.data`, {})
    expect(body, `${visitor.name}: ${path}`).toContain('challenge')
  })
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
  const nextEmail = freshEmail()
  await client.post('/users/settings/email', { intent: 'change', email: nextEmail })
  const invitedEmail = freshEmail()
  const slug = createSlug()
  await client.post('/organizations', { intent: 'create', name: 'Acme Design', slug })
  await client.post(`/organizations/${slug}/invitations`, {
    intent: 'invite',
    emails: invitedEmail,
    role: 'member',
  })
  const receiver = createPerson()
  await addMember(slug, receiver.email)
  const { body } = await client.get(`/organizations/${slug}/settings/transfer`)
  const memberId = /<option value="([^"]+)"/.exec(body)?.[1] ?? ''
  await client.post(`/organizations/${slug}/settings/transfer`, { memberId, confirmation: slug })
  const links: Record<TokenKind, string> = {
    transfer: (await waitForMail(email, /handed over/i)).link,
    invitation: (await waitForMail(invitedEmail, /invited/i)).link,
    'change-email': (await waitForMail(nextEmail, /new email address/i)).link,
    'reset-password': (await waitForMail(email, /reset|new password/i)).link,
    'log-in': (await waitForMail(email, /log in to/i)).link,
    'not-me': (await waitForMail(email, /confirmed/i)).link,
    confirm: (await waitForMail(newcomer.email, /confirm/i)).link,
  }
  const people = [email, newcomer.email]
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
  expect((await followLink(new Client(), links.transfer)).location).toBe('/users/log-in')
  expect((await followLink(new Client(), links['not-me'])).status).toBe(303)
  expect((await followLink(new Client(), links.invitation, { intent: 'decline' })).status).toBe(303)
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
