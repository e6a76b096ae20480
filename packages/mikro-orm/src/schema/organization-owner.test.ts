import { describe, expect, it } from 'vitest'
import { dropOrganizationOwnerSql, organizationOwnerSql } from './organization-owner.ts'

describe('organizationOwnerSql', () => {
  it('quotes names and the role, and keeps their schema', () => {
    const options = { organizations: 'app.teams', memberships: 'app.team_members', owner: "chef d'équipe" }
    const [make, bind] = organizationOwnerSql(options)
    expect(make).toContain('update "app"."teams" set slug = slug')
    expect(make).toContain("and role = 'chef d''équipe'")
    expect(bind).toContain(`on "app"."team_members"`)
    expect(bind).toContain('execute function "app"."team_members_keep_owner"()')
  })

  it('is undone by what drops it', () => {
    expect(dropOrganizationOwnerSql('app.team_members')).toEqual([
      'drop function if exists "app"."team_members_keep_owner"() cascade',
    ])
  })
})
