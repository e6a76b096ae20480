import { ConfigInvalid } from '@sigra/core'

/** Where the pages of accounts are. What belongs to one (a mailed link, a passkey's ceremony) stands below it. */
export interface AccountPaths {
  register: string
  logIn: string
  logOut: string
  confirm: string
  resetPassword: string
  notMe: string
  changeEmail: string
  mfa: string
  mfaEnroll: string
  changePassword: string
  reactivation: string
  consent: string
  sudo: string
  settings: string
  settingsSecurity: string
  settingsEmail: string
  settingsData: string
  settingsPassword: string
  settingsMfa: string
  sessions: string
  activity: string
}

export type AccountPage = keyof AccountPaths

export const defaultPaths: Readonly<AccountPaths> = {
  register: '/users/register',
  logIn: '/users/log-in',
  logOut: '/users/log-out',
  confirm: '/users/confirm',
  resetPassword: '/users/reset-password',
  notMe: '/users/not-me',
  changeEmail: '/users/change-email',
  mfa: '/users/mfa',
  mfaEnroll: '/users/mfa/enroll',
  changePassword: '/users/change-password',
  reactivation: '/users/reactivation',
  consent: '/users/consent',
  sudo: '/users/sudo',
  settings: '/users/settings',
  settingsSecurity: '/users/settings/security',
  settingsEmail: '/users/settings/email',
  settingsData: '/users/settings/data',
  settingsPassword: '/users/settings/password',
  settingsMfa: '/users/settings/mfa',
  sessions: '/users/sessions',
  activity: '/users/activity',
}

/** What stands below pages, beside the pages themselves. */
export type Below = Readonly<Partial<Record<AccountPage, readonly string[]>>>

const MAILED_LINK = ['/continue', '/:token']

const below: Below = {
  logIn: MAILED_LINK,
  confirm: MAILED_LINK,
  resetPassword: MAILED_LINK,
  notMe: MAILED_LINK,
  changeEmail: MAILED_LINK,
  settings: ['/export'],
}

/** What areas have below pages. */
type Areas = readonly { readonly declaration: { readonly below: Below } }[]

/** The routes of some pages, as a router takes them: `/users/confirm`, `/users/confirm/:token`. */
export function routesOf(
  { paths, areas }: { paths: AccountPaths; areas: Areas },
  ...pages: readonly AccountPage[]
): readonly string[] {
  const all = [below, ...areas.map(({ declaration }) => declaration.below)]
  return pages.flatMap((page) => [
    paths[page],
    ...all.flatMap((each) => each[page] ?? []).map((rest) => paths[page] + rest),
  ])
}

export const accountPages: readonly AccountPage[] = Object.keys(defaultPaths).filter(isAccountPage)

/**
 * Completes what the app names by the defaults.
 *
 * @param areas What they have below a page belongs to it.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for an unknown page, what is no path, and two pages at one path.
 */
export function parsePaths(named: Partial<AccountPaths> = {}, areas: Areas = []): Readonly<AccountPaths> {
  for (const [page, path] of Object.entries(named)) {
    if (!isAccountPage(page)) throw new ConfigInvalid(`paths: there is no page "${page}"`)
    if (typeof path !== 'string' || !/^(?:\/[a-z0-9][a-z0-9-]*)+$/.test(path)) {
      throw new ConfigInvalid(
        `paths.${page} must be a path like ${defaultPaths[page]}, in lower case and without a slash at its end`,
      )
    }
  }
  const paths = { ...defaultPaths, ...named }
  refuseCollisions(paths, areas)
  return paths
}

function refuseCollisions(paths: AccountPaths, areas: Areas): void {
  const owners = new Map<string, AccountPage>()
  for (const page of accountPages) {
    for (const route of routesOf({ paths, areas }, page)) {
      const owner = owners.get(route)
      if (owner !== undefined) {
        throw new ConfigInvalid(`paths.${owner} and paths.${page} collide: both answer ${route}`)
      }
      owners.set(route, page)
    }
  }
}

function isAccountPage(page: string): page is AccountPage {
  return Object.hasOwn(defaultPaths, page)
}
