import { helper, type EntityMetadata, Utils } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import { execute } from '../database/execute.ts'
import { identifier, sql } from '../database/sql.ts'
import { namesOf } from '../read-table.ts'
import { OtherOrganization, ownedRelations } from './organization-owned.ts'

/** Rows that are about to be referred to, by id. They must be rows of the organization, and stay so until the commit. */
export class ReferredRows {
  readonly #em: EntityManager
  readonly #organizationId: string
  readonly #ids = new Map<EntityMetadata, Set<string>>()

  constructor(em: EntityManager, organizationId: string) {
    this.#em = em
    this.#organizationId = organizationId
  }

  /** @param values Of a row about to be written. A relation that is not among them refers to nothing new. */
  addFrom(metadata: EntityMetadata, values: object): void {
    for (const { name, targetMeta } of ownedRelations(metadata)) {
      if (targetMeta) this.#add(targetMeta, Reflect.get(values, name))
    }
  }

  /** @param value An id or an entity; nothing for `null` and `undefined`. */
  #add(metadata: EntityMetadata, value: unknown): void {
    if (value === null || value === undefined) return
    const id = Utils.isEntity(value) ? helper(value).getPrimaryKey() : value
    const ids = this.#ids.get(metadata) ?? new Set()
    this.#ids.set(metadata, ids.add(String(id)))
  }

  /**
   * Locks them against being deleted, in the transaction of the EntityManager.
   *
   * @throws {OtherOrganization} `SIGRA_OTHER_ORGANIZATION` for one that is not there, or is another organization's.
   */
  async check(): Promise<void> {
    for (const [metadata, ids] of this.#ids) {
      const { properties, className } = metadata
      const column = (property: string) => identifier(properties[property]?.fieldNames[0] ?? property)
      const rows = await execute(
        this.#em,
        sql`select 1 from ${identifier(...namesOf(metadata))} r
          where r.${column(metadata.primaryKeys[0] ?? 'id')} = any(${[...ids]})
            and r.${column('organization')} = ${this.#organizationId}
          for key share`,
      )
      if (rows.length !== ids.size)
        throw new OtherOrganization(
          `${className} is referred to by an id that is none of this organization's`,
        )
    }
  }
}
