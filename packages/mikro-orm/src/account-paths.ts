import { ConfigInvalid } from '@sigra/core'

/** Where the pages of accounts are. What belongs to one (a mailed link, a passkey's ceremony) stands below it. */
export interface AccountPaths {
  register: string
  logIn: string
  logOut: string
  confirm: string
  resetPassword: string
  notMe: string
  mfa: string
  mfaEnroll: string
  changePassword: string
  sudo: string
  settings: string
  settingsSecurity: string
  settingsPassword: string
  settingsMfa: string
  sessions: string
}

export type AccountPage = keyof AccountPaths

export const defaultPaths: Readonly<AccountPaths> = {
  register: '/users/register',
  logIn: '/users/log-in',
  logOut: '/users/log-out',
  confirm: '/users/confirm',
  resetPassword: '/users/reset-password',
  notMe: '/users/not-me',
  mfa: '/users/mfa',
  mfaEnroll: '/users/mfa/enroll',
  changePassword: '/users/change-password',
  sudo: '/users/sudo',
  settings: '/users/settings',
  settingsSecurity: '/users/settings/security',
  settingsPassword: '/users/settings/password',
  settingsMfa: '/users/settings/mfa',
  sessions: '/users/sessions',
}

const MAILED_LINK = ['/continue', '/:token']
const CEREMONY = ['/passkey', '/passkey/options']

/** What stands below a page, beside the page itself. */
const below: Readonly<Record<AccountPage, readonly string[]>> = {
  register: [],
  logIn: [...MAILED_LINK, ...CEREMONY, '/add-passkey'],
  logOut: [],
  confirm: MAILED_LINK,
  resetPassword: MAILED_LINK,
  notMe: MAILED_LINK,
  mfa: CEREMONY,
  mfaEnroll: CEREMONY,
  changePassword: [],
  sudo: CEREMONY,
  settings: [],
  settingsSecurity: [],
  settingsPassword: [],
  settingsMfa: ['/passkeys', '/passkeys/options', '/passkeys/:passkeyId'],
  sessions: [],
}

/** The routes of some pages, as a router takes them: `/users/confirm`, `/users/confirm/:token`. */
export function routesOf(paths: AccountPaths, ...pages: readonly AccountPage[]): readonly string[] {
  return pages.flatMap((page) => [paths[page], ...below[page].map((rest) => paths[page] + rest)])
}

export const accountPages: readonly AccountPage[] = Object.keys(below).filter(isAccountPage)

/**
 * Completes what the app names by the defaults.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for an unknown page, what is no path, and two pages at one path.
 */
export function parsePaths(named: Partial<AccountPaths> = {}): Readonly<AccountPaths> {
  for (const [page, path] of Object.entries(named)) {
    if (!isAccountPage(page)) throw new ConfigInvalid(`paths: there is no page "${page}"`)
    if (typeof path !== 'string' || !/^(?:\/[a-z0-9][a-z0-9-]*)+$/.test(path)) {
      throw new ConfigInvalid(
        `paths.${page} must be a path like ${defaultPaths[page]}, in lower case and without a slash at its end`,
      )
    }
  }
  const paths = { ...defaultPaths, ...named }
  refuseCollisions(paths)
  return paths
}

function refuseCollisions(paths: AccountPaths): void {
  const owners = new Map<string, AccountPage>()
  for (const page of accountPages) {
    for (const route of routesOf(paths, page)) {
      const owner = owners.get(route)
      if (owner !== undefined) {
        throw new ConfigInvalid(`paths.${owner} and paths.${page} collide: both answer ${route}`)
      }
      owners.set(route, page)
    }
  }
}

function isAccountPage(page: string): page is AccountPage {
  return Object.hasOwn(below, page)
}
