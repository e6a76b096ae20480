import { describe, expect, it } from 'vitest'
import { organizationPermissions, readRoles, type RoleOptions } from './roles.ts'

const options: RoleOptions = {
  permissions: ['project:read', 'project:write'],
  roles: {
    owner: ['*'],
    admin: ['members:*', 'project:*'],
    reader: ['project:read'],
    member: ['members:read', 'project:read'],
  },
  owner: 'owner',
  default: 'member',
}
const roles = readRoles(options)

describe('what a role may', () => {
  it('is what it was given, and nothing else', () => {
    expect([...roles.permissionsOf('reader')]).toEqual(['project:read'])
    expect([...roles.permissionsOf('admin')].sort()).toEqual([
      'members:invite',
      'members:read',
      'members:remove',
      'members:update',
      'project:read',
      'project:write',
    ])
    expect(roles.permissionsOf('owner').size).toBe(organizationPermissions.length + 2)
  })

  it('ORG-06: is nothing for a role that does not exist', () => {
    for (const role of ['', 'Owner', 'owner ', '__proto__', 'constructor', 'toString', null])
      expect(roles.permissionsOf(role).size).toBe(0)
  })
})

describe('roles in their rank', () => {
  it('begin with who may most', () => {
    expect(roles.ranked).toEqual(['owner', 'admin', 'member', 'reader'])
  })
})

describe('a role that came from outside', () => {
  it('ORG-06: is one by its very name, and nothing else is', () => {
    expect(roles.parse('admin')).toBe('admin')
    const others = [
      'Admin',
      'admin ',
      '',
      '__proto__',
      'constructor',
      ['admin'],
      { role: 'admin' },
      1,
      null,
      undefined,
    ]
    for (const typed of others) expect(roles.parse(typed)).toBeNull()
  })
})

describe('giving a role', () => {
  it('ORG-07: nobody gives what they lack, and owners are made by owners alone', () => {
    const given = (actor: string) => roles.names.filter((role) => roles.mayGive(actor, role))
    expect(given('owner')).toEqual(['owner', 'admin', 'reader', 'member'])
    expect(given('admin')).toEqual(['admin', 'reader', 'member'])
    expect(given('member')).toEqual(['reader', 'member'])
    expect(given('reader')).toEqual(['reader'])
    expect(given('nobody')).toEqual([])
  })

  it('ORG-07: a role that may everything is no owner', () => {
    const twins = readRoles({ ...options, roles: { ...options.roles, twin: ['*'] } })
    expect(twins.mayGive('twin', 'owner')).toBe(false)
    expect(twins.mayGive('twin', 'admin')).toBe(true)
  })
})

describe('roles that cannot be meant', () => {
  it.each([
    ['a permission without a verb', { permissions: ['project'] }, '"project" must read like "project:read"'],
    ['one of the library’s', { permissions: ['members:read'] }, '"members:read" is there already'],
    ['one that stands there twice', { permissions: ['a:b', 'a:b'] }, '"a:b" is there already'],
    [
      'a grant of nothing',
      { roles: { ...options.roles, x: ['project:reed'] } },
      'roles.x: "project:reed" is no permission',
    ],
    ['a name that is none', { roles: { ...options.roles, 'A b': [] } }, '"A b" must be a name like "admin"'],
    ['no owner', { owner: 'boss' }, 'owner: "boss" is not among roles'],
    ['an owner who may not everything', { owner: 'admin' }, "roles.admin must be ['*']"],
    ['no default', { default: 'guest' }, 'default: "guest" is not among roles'],
    ['owners unasked', { default: 'owner' }, 'default must not be the role of owners'],
  ])('stop the start: %s', (_, change, message) => {
    expect(() => readRoles({ ...options, ...change })).toThrow(message)
  })
})
