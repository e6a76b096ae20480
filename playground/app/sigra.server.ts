import { MikroORM } from '@mikro-orm/postgresql'
import { createSigra, type SigraUser } from '@sigra/remix'
import config from '../mikro-orm.config.ts'
import { accountData } from './account-data.ts'
import { mailUser } from './accounts/emails/props.ts'
import { entities } from './accounts/entities/index.ts'
import { areas } from './areas.ts'
import { appName } from './brand.ts'
import { documents } from './documents.ts'
import type { Flash } from './flashes.ts'
import { paths } from './paths.ts'

/** What `requireUser` gives to a loader. Name further columns here and in `sessionUser`. */
export interface SessionUser extends SigraUser {}

/** Of the whole app, your own entities included. Ask it for a fork: `orm.em.fork()`. */
export const orm = new MikroORM(config)

export const sigra = createSigra<SessionUser, Flash>({
  orm,
  entities,
  areas,
  accountData,
  appName,
  // Links in mails, cookies and the origin check follow this, never a header of the request.
  origin: process.env.APP_ORIGIN ?? '',
  secrets: process.env.SIGRA_SECRETS ?? '',
  paths,
  sessionUser: [],
  // Mails are in English unless a column of the user says otherwise: `localeProperty: 'locale'`.
  mailUser,
  documents,
  policy: {
    password: { minLength: 12, breachCheck: 'production' },
    // Who may come in: { mode: 'open' | 'invited' | 'closed', domains: ['example.com'] }
    // registration: { mode: 'closed' },
  },
  edge: {
    trustedProxies: process.env.TRUSTED_PROXIES,
    cookieDomain: process.env.COOKIE_DOMAIN,
    // On every answer, errors included. What your pages load from elsewhere is named under `allow`.
    headers: {
      contentSecurityPolicy: 'enforce',
      allow: {}, // 'img-src': ['https://images.example.com']
    },
    // Routes of yours that other sites may post to, each with a reason. Sigra's cookies mean nothing there.
    exemptRoutes: [],
  },
  // For tests of a production build on one machine; the start says so loudly.
  dangerouslyAllowLoopbackHttp: process.env.SIGRA_ALLOW_LOOPBACK_HTTP === '1',
})

export const { getUser, requireUser, requireAnonymous, requireSudo, requirePending } = sigra
export { parseForm } from '@sigra/remix/conform'
