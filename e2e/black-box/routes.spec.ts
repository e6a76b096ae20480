import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSignedIn } from '../support/account.ts'
import { snapshot } from '../support/database.ts'
import { Client } from '../support/http.ts'
import { expect, test } from '../support/test.ts'

const app = join(import.meta.dirname, '../../playground')

interface Route {
  id: string
  path?: string
  index?: boolean
  file: string
  children?: Route[]
}

/** Who is asked for on a guarded route, by the first line of its loader. */
const guards: Record<string, RegExp> = {
  authenticated: /export async function loader\b[^}]*requireUser\(/,
  sudo: /export async function loader\b[^}]*requireSudo\(/,
  pending: /export async function loader\b[^}]*requirePending\(/,
}

/** What a route is to a stranger. A route that is not listed fails the test below, so that a new one is thought about. */
const kinds: Record<string, 'public' | 'anonymous' | 'authenticated' | 'sudo' | 'pending' | 'token'> = {
  'routes/home': 'public',
  'routes/dashboard': 'authenticated',
  'routes/health-live': 'public',
  'routes/health-ready': 'public',
  'accounts/routes/register': 'anonymous',
  'accounts/routes/log-in': 'anonymous',
  'accounts/routes/log-out': 'public',
  'accounts/routes/mfa': 'pending',
  'accounts/routes/mfa-enroll': 'pending',
  'accounts/routes/settings': 'sudo',
  'accounts/routes/settings-mfa': 'sudo',
  'accounts/routes/sessions': 'authenticated',
  'accounts/routes/sudo': 'authenticated',
  'accounts/routes/change-password': 'pending',
  'accounts/routes/confirm': 'public',
  'accounts/routes/confirm-token': 'token',
  'accounts/routes/confirm-continue': 'token',
  'accounts/routes/reset-password': 'public',
  'accounts/routes/reset-password-token': 'token',
  'accounts/routes/reset-password-continue': 'token',
  'accounts/routes/log-in-token': 'token',
  'accounts/routes/log-in-continue': 'token',
  'accounts/routes/not-me-token': 'token',
  'accounts/routes/not-me-continue': 'token',
}

function readRoutes(): (Route & { fullPath: string })[] {
  const json = execFileSync('npx', ['react-router', 'routes', '--json'], {
    cwd: app,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const flatten = (routes: Route[], parent: string): (Route & { fullPath: string })[] =>
    routes.flatMap((route) => {
      const fullPath = `${parent}/${route.path ?? ''}`.replaceAll(/\/+/g, '/')
      return [{ ...route, fullPath }, ...flatten(route.children ?? [], fullPath)]
    })
  return flatten(JSON.parse(json.slice(json.indexOf('['))), '').filter(({ id }) => id !== 'root')
}

test('every route is classified', () => {
  expect(
    readRoutes()
      .map(({ id }) => id)
      .filter((id) => kinds[id] === undefined),
  ).toEqual([])
})

test('RR-01 RR-02 RR-05 no data of a protected route reaches a stranger, however it is asked for', async () => {
  const guarded = readRoutes().filter(({ id }) => guards[kinds[id] ?? ''] !== undefined)
  expect(guarded.length).toBeGreaterThan(0)
  for (const { id, fullPath } of guarded) {
    for (const path of [
      fullPath,
      `${fullPath}.data`,
      `${fullPath}.data?_routes=${encodeURIComponent(id)}`,
      `${fullPath}?index`,
    ]) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE']) {
        const answer = await new Client().ask(path, {
          method,
          ...(method === 'GET' || method === 'HEAD' ? {} : { form: {} }),
        })
        expect(answer.status, `${method} ${path}`).not.toBe(200)
        expect(answer.body, `${method} ${path}`).not.toContain('@example.com')
      }
    }
  }
})

test('RR-03 every protected route has a loader, so that the server is always asked', () => {
  for (const { file, id } of readRoutes()) {
    const guard = guards[kinds[id] ?? '']
    if (guard) expect(readFileSync(join(app, 'app', file), 'utf8'), id).toMatch(guard)
  }
})

test('CSRF-11 RR-09 no GET or HEAD of any route changes anything', async () => {
  const { client, email } = await createSignedIn()
  const before = await snapshot(email)
  for (const { id, fullPath } of readRoutes()) {
    const path = fullPath.replace(':token', 'nonsense')
    for (const method of ['GET', 'HEAD']) {
      await client.ask(path, { method, headers: { Purpose: 'prefetch', 'Sec-Purpose': 'prefetch' } })
      await client.ask(`${path === '/' ? '/_root' : path}.data?_routes=${encodeURIComponent(id)}`, { method })
    }
  }
  expect(await snapshot(email)).toBe(before)
})

test('INJ-12 a signed-in page carries the listed fields and no other column of the user', async () => {
  const { client } = await createSignedIn()
  for (const path of ['/', '/dashboard', '/dashboard.data', '/_root.data']) {
    const { body } = await client.get(path)
    expect(body, path).not.toMatch(
      /\$argon2|hashedPassword|hashed_password|failedPassword|tokenHash|emailCanonical/,
    )
  }
})

test('RR-08 no owned route redirects by itself: lint refuses the import', () => {
  const config = readFileSync(join(app, '.oxlintrc.json'), 'utf8')
  expect(config).toMatch(/redirect/)
  const search = ['-rlE', String.raw`import \{[^}]*\bredirect\b[^}]*\} from 'react-router'`, join(app, 'app')]
  expect(spawnSync('grep', search, { encoding: 'utf8' }).stdout).toBe('')
})
