import { describe, expect, it } from 'vitest'
import { accountPages, defaultPaths, parsePaths as parse, routesOf } from './account-paths.ts'
import { passkeys } from './passkeys/area.ts'

const areas = [{ declaration: passkeys }]
const parsePaths = (named?: Parameters<typeof parse>[0]) => parse(named, areas)

describe('the paths of accounts', () => {
  it('are the defaults where an app names none, and its own where it does', () => {
    expect(parsePaths()).toEqual(defaultPaths)
    expect(parsePaths({ logIn: '/login' })).toEqual({ ...defaultPaths, logIn: '/login' })
  })

  it('take along what stands below them', () => {
    const paths = parsePaths({ logIn: '/login', settings: '/account' })
    expect(routesOf({ paths, areas }, 'logIn', 'settings')).toEqual([
      '/login',
      '/login/continue',
      '/login/:token',
      '/login/passkey',
      '/login/passkey/options',
      '/login/add-passkey',
      '/account',
      '/account/export',
    ])
    expect(routesOf({ paths, areas: [] }, 'logIn')).toEqual(['/login', '/login/continue', '/login/:token'])
  })

  it.each(['login', '/Login', '/login/', '//login', '/login?x=1', '/:page', '', '/', '/log in', 7])(
    'are paths, which %j is not',
    (path) => {
      expect(() => parsePaths(JSON.parse(JSON.stringify({ logIn: path })))).toThrow(
        'paths.logIn must be a path like /users/log-in',
      )
    },
  )

  it('name pages that there are', () => {
    expect(() => parsePaths(JSON.parse('{ "login": "/login" }'))).toThrow('paths: there is no page "login"')
  })

  it.each([
    [{ logIn: '/in', register: '/in' }, 'paths.register and paths.logIn collide: both answer /in'],
    [{ confirm: '/in', register: '/in/continue' }, 'collide: both answer /in/continue'],
    [{ logIn: '/me', confirm: '/me' }, 'paths.logIn and paths.confirm collide: both answer /me'],
    [{ sudo: '/x', mfa: '/x/passkey' }, 'collide: both answer /x/passkey'],
  ])('do not collide: %j', (named, message) => {
    expect(() => parsePaths(named)).toThrow(message)
  })

  it('are all different by default', () => {
    const routes = routesOf({ paths: defaultPaths, areas }, ...accountPages)
    expect(new Set(routes).size).toBe(routes.length)
  })
})
