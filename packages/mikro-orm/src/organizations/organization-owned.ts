import type { EntityClass, EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { SigraError } from '@sigra/core'
import { holdsId } from '../read-table.ts'
import { ORGANIZATION_FILTER } from './organization-filter.ts'

/** An entity that belongs to an organization: it has the relation, and the filter `organizationFilter`. */
export interface OrganizationOwned {
  organization: object
}

/** An entity without the relation `organization` or without `organizationFilter` was asked for by a scope. */
export class NotOrganizationOwned extends SigraError {
  override readonly name = 'NotOrganizationOwned'
  readonly code = 'SIGRA_NOT_ORGANIZATION_OWNED'
}

/** A row, or one it refers to, is not one of the scope's organization, or nothing says that it is. Nothing was written. */
export class OtherOrganization extends SigraError {
  override readonly name = 'OtherOrganization'
  readonly code = 'SIGRA_OTHER_ORGANIZATION'
}

/** Whether rows of an entity belong to organizations. */
export function isOrganizationOwned({ properties, filters }: EntityMetadata): boolean {
  return Object.hasOwn(properties, 'organization') && Object.hasOwn(filters, ORGANIZATION_FILTER)
}

/** @throws {NotOrganizationOwned} `SIGRA_NOT_ORGANIZATION_OWNED` for one that does not. */
export function requireOrganizationOwned(
  em: EntityManager,
  entity: EntityClass<OrganizationOwned>,
): EntityMetadata {
  const metadata = em.getMetadata().find(entity)
  if (metadata !== undefined && isOrganizationOwned(metadata)) return metadata
  throw new NotOrganizationOwned(
    `${entity.name} belongs to no organization: give it organization: () => p.manyToOne(Organization) and filters: organizationFilter`,
  )
}

/** The relations by which a row of its own refers to rows that belong to organizations. */
export function ownedRelations(metadata: EntityMetadata): readonly EntityProperty[] {
  return metadata.relations.filter(
    (relation) =>
      relation.targetMeta !== undefined && isOrganizationOwned(relation.targetMeta) && holdsId(relation),
  )
}
