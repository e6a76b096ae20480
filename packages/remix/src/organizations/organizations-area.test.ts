import { describe, expect, expectTypeOf, it } from 'vitest'
import { createAllEntities } from '../../../mikro-orm/src/testing/test-runtime.ts'
import { offlineOptions } from '../testing-only/offline-sigra.ts'
import { createSigra } from '../sigra.ts'
import { testAreas } from '../testing-only/test-areas.ts'
import { organizationsArea } from './organizations-area.ts'

const entities = createAllEntities('uuid')
const permissions = ['project:read', 'project:write'] as const
const organizations = organizationsArea({
  entities,
  permissions: ['project:read', 'project:write'],
  roles: { owner: ['*'], admin: ['members:*', 'project:*'], member: ['members:read', 'project:read'] },
  owner: 'owner',
  default: 'member',
})

describe('organizationsArea', () => {
  it('gives its functions by permissions and roles as they were written down', async () => {
    const others = testAreas(entities).filter(({ declaration }) => declaration !== organizations.declaration)
    const areas = [...others, organizations]
    const sigra = createSigra(offlineOptions({ areas }, entities))
    const { can, forOrganization, requireMember, roles } = sigra.area(organizations)
    expectTypeOf(roles).toEqualTypeOf<readonly ('owner' | 'admin' | 'member')[]>()
    expect(roles).toEqual(['owner', 'admin', 'member'])
    type Permission = Parameters<typeof can>[1]
    expectTypeOf<'project:read' | 'members:read'>().toExtend<Permission>()
    // Misspelt, and one that is no single thing.
    expectTypeOf<'project:reed'>().not.toExtend<Permission>()
    expectTypeOf<'project:*'>().not.toExtend<Permission>()
    expectTypeOf(requireMember).parameter(1).toEqualTypeOf<Permission>()
    expectTypeOf<{ organization: { id: string } }>().not.toExtend<Parameters<typeof forOrganization>[0]>()
    await sigra.close()
  })

  it('has the pages of its links among ours, with their strict rules, wherever the app put them', async () => {
    const others = testAreas(entities).filter(({ declaration }) => declaration !== organizations.declaration)
    const settingsOf = async (paths: object) => {
      const moved = organizationsArea({
        entities,
        permissions,
        roles: { owner: ['*'], member: ['project:read'] },
        owner: 'owner',
        default: 'member',
        ...paths,
      })
      const sigra = createSigra(offlineOptions({ areas: [...others, moved] }, entities))
      await sigra.close()
      return sigra.edge.settings
    }
    const { ownRoutes, greetingRoutes } = await settingsOf({})
    for (const path of ['/organizations', '/invitations/continue', '/organizations/transfers/a-token'])
      expect([path, ownRoutes.has(path)]).toEqual([path, true])
    for (const path of ['/invitations', '/organizations/acme', '/organizations/acme/projects'])
      expect([path, ownRoutes.has(path)]).toEqual([path, false])
    expect(['/invitations/continue', '/organizations'].map((path) => greetingRoutes.has(path))).toEqual([
      true,
      false,
    ])
    const moved = await settingsOf({
      paths: ['/teams/:slug'],
      invitationsPath: '/join',
      transfersPath: '/over',
    })
    for (const path of ['/teams', '/join/continue', '/over/continue'])
      expect([path, moved.ownRoutes.has(path)]).toEqual([path, true])
    expect(moved.ownRoutes.has('/invitations/continue')).toBe(false)
  })

  it('does not compile with a grant, an owner or a default that does not exist', () => {
    const named = { entities, permissions, owner: 'owner', default: 'member' } as const
    const given = { entities, permissions, roles: { owner: ['*'], member: ['project:read'] } } as const
    // @ts-expect-error misspelt
    organizationsArea({ ...named, roles: { owner: ['*'], member: ['project:reed'] } })
    // @ts-expect-error no subject of that name
    organizationsArea({ ...named, roles: { owner: ['*'], member: ['task:*'] } })
    // @ts-expect-error no role of that name
    organizationsArea({ ...given, owner: 'boss', default: 'member' })
    // @ts-expect-error no role of that name
    organizationsArea({ ...given, owner: 'owner', default: 'guest' })
    // @ts-expect-error not an option
    organizationsArea({ ...given, owner: 'owner', default: 'member', personl: true })
    const { declaration } = organizationsArea({ ...given, owner: 'owner', default: 'member' })
    expect(declaration.name).toBe('organizations')
  })
})
