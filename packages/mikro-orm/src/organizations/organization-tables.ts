import type { EntityClass } from '@mikro-orm/core'
import type { AreaGround } from '../areas/area.ts'
import type { Table } from '../read-table.ts'

/** The host's classes made of the property bundles. */
export interface OrganizationEntities {
  Organization: EntityClass<unknown>
  OrganizationSlug: EntityClass<unknown>
  OrganizationMembership: EntityClass<unknown>
  OrganizationInvitation: EntityClass<unknown>
  OrganizationExclusion: EntityClass<unknown>
  OrganizationDomain: EntityClass<unknown>
}

export interface OrganizationTables {
  organization: Table
  slug: Table
  membership: Table
  invitation: Table
  exclusion: Table
  domain: Table
}

/** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the entity or column that is missing. */
export function openTables(
  ground: AreaGround,
  entities: OrganizationEntities | undefined,
): OrganizationTables {
  const table = (key: keyof OrganizationEntities) => ground.table(key, entities?.[key])
  return {
    organization: table('Organization'),
    slug: table('OrganizationSlug'),
    membership: table('OrganizationMembership'),
    invitation: table('OrganizationInvitation'),
    exclusion: table('OrganizationExclusion'),
    domain: table('OrganizationDomain'),
  }
}
