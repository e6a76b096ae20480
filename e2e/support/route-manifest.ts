import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whom a loader or an action lets in; the middle five are sign-ins that wait for just that step. */
export type Guard =
  | 'public'
  | 'anonymous'
  | 'authenticated'
  | 'sudo'
  | 'second-factor'
  | 'enrolment'
  | 'password-change'
  | 'reactivation'
  | 'consent'
  /** Of the organization in the path. To everybody else it does not exist. */
  | 'member'
  /** The link of a mail: it moves the token out of the address. */
  | 'token'
  /** The page behind that link, which knows the token by its flow. */
  | 'flow'

/** Purposes a link of a mail can have. */
export type TokenKind =
  'confirm' | 'log-in' | 'reset-password' | 'not-me' | 'change-email' | 'invitation' | 'transfer'

interface Classified {
  /** Of the loader; `null` where there is none, and a GET gets nothing. */
  loader: Guard | null
  /** Of the action, any of them where there are several; left out where there is none. */
  action?: Guard | readonly Guard[]
  /** It answers with data or a redirect, never with a page. */
  resource?: boolean
  /** A page of one thing; where that is none of the visitor's, it leads to the list of theirs. */
  leadsOn?: boolean
  /** What its address, or its flow, carries. */
  token?: TokenKind
}

export interface ManifestRoute extends Classified {
  id: string
  /** Parameters filled in with nonsense; the router matches it. */
  path: string
  pattern: string
  source: string
}

/**
 * What every route is to a stranger. One that is not here, one that is no longer, an action nobody classified: each
 * fails a test, so that a new one is thought about before it is reached.
 */
export const manifest: Readonly<Record<string, Classified>> = {
  'routes/home': { loader: 'public' },
  'routes/favicon': { loader: 'public', resource: true },
  'routes/dashboard': { loader: 'authenticated' },
  'routes/health-live': { loader: 'public', resource: true },
  'routes/health-ready': { loader: 'public', resource: true },
  'accounts/routes/register': { loader: 'anonymous', action: 'public' },
  'accounts/routes/log-in': { loader: 'anonymous', action: 'public' },
  '/users/log-in/:token': { loader: 'token', resource: true, token: 'log-in' },
  'accounts/routes/log-in-continue': { loader: 'flow', action: 'flow', token: 'log-in' },
  '/users/log-in/passkey/options': { loader: null, action: 'public', resource: true },
  '/users/log-in/passkey': { loader: null, action: 'public', resource: true },
  'passkeys/routes/add-passkey': { loader: 'authenticated' },
  'accounts/routes/log-out': { loader: 'public', action: 'public' },
  'accounts/routes/confirm': { loader: 'public', action: 'public' },
  '/users/confirm/:token': { loader: 'token', resource: true, token: 'confirm' },
  'accounts/routes/confirm-continue': { loader: 'flow', action: 'flow', token: 'confirm' },
  'accounts/routes/reset-password': { loader: 'public', action: 'public' },
  '/users/reset-password/:token': { loader: 'token', resource: true, token: 'reset-password' },
  'accounts/routes/reset-password-continue': { loader: 'flow', action: 'flow', token: 'reset-password' },
  '/users/not-me/:token': { loader: 'token', resource: true, token: 'not-me' },
  'accounts/routes/not-me-continue': { loader: 'flow', action: 'flow', token: 'not-me' },
  '/users/change-email/:token': { loader: 'token', resource: true, token: 'change-email' },
  'accounts/routes/change-email-continue': { loader: 'flow', action: 'flow', token: 'change-email' },
  'accounts/routes/mfa': { loader: 'second-factor', action: 'second-factor' },
  'accounts/routes/mfa-enroll': { loader: 'enrolment', action: 'enrolment' },
  '/users/mfa/passkey/options': { loader: null, action: 'second-factor', resource: true },
  '/users/mfa/passkey': { loader: null, action: 'second-factor', resource: true },
  '/users/mfa/enroll/passkey/options': {
    loader: null,
    action: ['sudo', 'enrolment'],
    resource: true,
  },
  '/users/mfa/enroll/passkey': { loader: null, action: ['sudo', 'enrolment'], resource: true },
  'accounts/routes/change-password': { loader: 'password-change', action: 'password-change' },
  'accounts/routes/reactivation': { loader: 'reactivation', action: 'reactivation' },
  'accounts/routes/consent': { loader: 'consent', action: 'consent' },
  'accounts/routes/profile': { loader: 'authenticated' },
  'accounts/routes/export': { loader: 'authenticated', action: 'sudo', resource: true },
  'accounts/routes/security': { loader: 'authenticated' },
  'accounts/routes/settings-email': { loader: 'sudo', action: 'sudo' },
  'accounts/routes/settings-data': { loader: 'sudo', action: 'sudo' },
  'accounts/routes/settings-password': { loader: 'sudo', action: 'sudo' },
  'accounts/routes/settings-mfa': { loader: 'sudo', action: 'sudo' },
  'accounts/routes/sessions': { loader: 'authenticated', action: 'sudo' },
  'accounts/routes/activity': { loader: 'authenticated', action: 'authenticated' },
  'accounts/routes/sudo': { loader: 'authenticated', action: 'authenticated' },
  '/users/sudo/passkey/options': { loader: null, action: 'authenticated', resource: true },
  '/users/sudo/passkey': { loader: null, action: 'authenticated', resource: true },
  '/users/settings/mfa/passkeys/options': { loader: null, action: ['sudo', 'enrolment'], resource: true },
  '/users/settings/mfa/passkeys': { loader: null, action: ['sudo', 'enrolment'], resource: true },
  'organizations/routes/organizations': { loader: 'authenticated', action: 'authenticated' },
  'organizations/routes/switch': { loader: 'authenticated', action: 'authenticated', resource: true },
  'organizations/routes/organization': { loader: 'member' },
  'organizations/routes/members': { loader: 'member', action: 'member' },
  'organizations/routes/settings': { loader: 'member', action: 'member' },
  'organizations/routes/invitations': { loader: 'member', action: 'member' },
  'organizations/routes/audit': { loader: 'member' },
  'organizations/routes/domains': { loader: 'member', action: 'member' },
  'organizations/routes/policy': { loader: 'member', action: 'member' },
  'organizations/routes/enter': { loader: 'member', action: 'member' },
  'organizations/routes/transfer': { loader: 'member', action: 'member' },
  '/organizations/transfers/:token': { loader: 'token', resource: true, token: 'transfer' },
  'organizations/routes/undo-transfer': { loader: 'flow', action: 'flow', token: 'transfer' },
  '/invitations/:token': { loader: 'token', resource: true, token: 'invitation' },
  'organizations/routes/invitation': { loader: 'flow', action: 'flow', token: 'invitation' },
  'routes/projects': { loader: 'member', action: 'member' },
  'routes/project': { loader: 'member', action: 'member' },
  'passkeys/routes/passkey': { loader: 'sudo', action: 'sudo', leadsOn: true },
}

const app = join(import.meta.dirname, '../../playground')

interface RouterRoute {
  id: string
  path?: string
  file: string
  children?: RouterRoute[]
}

/** What the router of a production build knows, asked once for all specs: it takes seconds. */
export function listRoutes(): string {
  const json = execFileSync('npx', ['react-router', 'routes', '--json'], {
    cwd: app,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  return json.slice(json.indexOf('['))
}

/** Every route there is, the root left out. */
export function readRoutes(): readonly Omit<ManifestRoute, keyof Classified>[] {
  const routes: RouterRoute[] = JSON.parse(process.env['E2E_ROUTES'] ?? '[]')
  return flatten(routes, '').filter(({ id }) => id !== 'root')
}

/** The classified routes; those that are not are the business of the test of the manifest itself. */
export function manifestRoutes(): readonly ManifestRoute[] {
  return readRoutes().flatMap((route) => {
    const classified = manifest[route.id]
    return classified === undefined ? [] : [{ ...route, ...classified }]
  })
}

/**
 * The ways to ask for a route: as a document, with a slash, as an index, as data, and as data of this route alone,
 * which skips the loaders of its parents.
 */
export function spellings({ id, path }: Pick<ManifestRoute, 'id' | 'path'>): readonly string[] {
  const data = path === '/' ? '/_.data' : `${path}.data`
  const documents = path === '/' ? [path, '/?index'] : [path, `${path}?index`]
  return [...documents, data, `${data}?_routes=${encodeURIComponent(id)}`]
}

/** Whom a loader or action lets in; none where there is none. */
export function guardsOf(guards: Guard | readonly Guard[] | null | undefined): readonly Guard[] {
  return typeof guards === 'string' ? [guards] : (guards ?? [])
}

/** Runs a few at a time: as fast as the server answers, and no faster. */
export async function inBatches<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const size = 8
  for (let start = 0; start < items.length; start += size) {
    await Promise.all(items.slice(start, start + size).map((item, index) => work(item, start + index)))
  }
}

function flatten(routes: RouterRoute[], parent: string): Omit<ManifestRoute, keyof Classified>[] {
  return routes.flatMap(({ id, path: own = '', file, children = [] }) => {
    const pattern = `${parent}/${own}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1')
    const source = readFileSync(join(app, 'app', file), 'utf8')
    const path = pattern.replaceAll(/:\w+/g, 'nonsense')
    return [{ id, path, pattern, source }, ...flatten(children, pattern)]
  })
}
