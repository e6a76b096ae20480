import type { EntityClass, EntityMetadata } from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import type { OnExport } from '../account-data/account-data.ts'
import { listRelations, type Relation } from '../account-data/list-relations.ts'
import { isOrganizationOwned, type OrganizationOwned } from './organization-owned.ts'

/** What becomes of rows when the organization they belong to is deleted. */
export type OnOrganizationDelete =
  | 'delete'
  /**
   * It deletes them itself, and what goes with them: a job that removes files, for example. It runs in the transaction of the
   * deletion, and its EntityManager sees the rows of this organization alone.
   */
  | ((em: EntityManager, organization: { id: string }) => Promise<void>)

/** An entity whose rows belong to organizations, as the library goes through it. */
export interface OrganizationTable {
  readonly entity: EntityClass
  readonly export: OnExport<never>
  readonly onDelete: OnOrganizationDelete
}

/**
 * Says what becomes of the rows of an entity that belong to an organization.
 *
 * @param plan `export` is for the export of an account: it has the rows of organizations that nobody else is in, as those are
 *   deleted along with the account.
 */
export function organizationTable<Row extends OrganizationOwned>(
  entity: { prototype: Row } & EntityClass,
  plan: { export: OnExport<Row>; onDelete: OnOrganizationDelete },
): OrganizationTable {
  return { ...plan, entity }
}

/**
 * Checks what an app says about its tables.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for an entity that MikroORM does not know, that belongs to no organization, or
 *   that stands there twice.
 */
export function readOrganizationData(
  orm: MikroORM,
  Organization: EntityClass<unknown>,
  data: readonly OrganizationTable[] = [],
): readonly OrganizationTable[] {
  if (!Array.isArray(data))
    throw new ConfigInvalid('organizations: data must be a list: data: [organizationTable(Project, { … })]')
  const tables: readonly OrganizationTable[] = data
  for (const { entity } of tables) {
    const meta: EntityMetadata | undefined = orm.getMetadata().find(entity)
    if (!meta)
      throw new ConfigInvalid(`organizations: data: ${entity.name} is not among the entities of MikroORM`)
    const leads = meta.properties['organization']?.targetMeta?.class === Organization
    if (!leads || !isOrganizationOwned(meta))
      throw new ConfigInvalid(
        `organizations: data: ${entity.name} belongs to no organization: give it organization: () => p.manyToOne(Organization) and filters: organizationFilter`,
      )
    if (tables.filter((each) => each.entity === entity).length > 1)
      throw new ConfigInvalid(`organizations: data: ${entity.name} stands there twice`)
  }
  return tables
}

/**
 * Relations to an organization of which the app says nothing. One by another name than `organization` is no ownership: it is
 * left to its foreign key, where that says what becomes of it.
 */
export function listUndeclaredOwned(
  orm: MikroORM,
  Organization: EntityClass<unknown>,
  data: readonly OrganizationTable[],
): readonly Relation[] {
  return listRelations(orm, Organization).filter(({ meta, property }) =>
    property.name === 'organization'
      ? !data.some(({ entity }) => entity === meta.class)
      : property.deleteRule !== 'cascade' && property.deleteRule !== 'set null',
  )
}
