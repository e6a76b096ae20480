import { ChangeSetType, type EventSubscriber, type FlushEventArgs, helper } from '@mikro-orm/core'
import { EntityManager } from '@mikro-orm/postgresql'
import { Impossible } from '@sigra/core'
import { isOrganizationOwned, OtherOrganization } from './organization-owned.ts'
import { ReferredRows } from './referred-rows.ts'

type Work = FlushEventArgs['uow']
type Change = ReturnType<Work['getChangeSets']>[number]
type Items = ReturnType<Work['getCollectionUpdates']>[number]

/**
 * Looks at everything a scope's EntityManager is about to write: rows that belong to organizations must be rows of this one
 * before and after, and so must the rows that they refer to. What is only a reference tells of no organization: refused.
 */
export class FlushCheck implements EventSubscriber {
  readonly #organizationId: string

  constructor(organizationId: string) {
    this.#organizationId = organizationId
  }

  async onFlush({ em, uow }: FlushEventArgs): Promise<void> {
    if (!(em instanceof EntityManager)) throw new Impossible('MikroORM runs on PostgreSQL')
    const changes = uow.getChangeSets().filter(({ meta }) => isOrganizationOwned(meta.root))
    for (const change of changes) this.#checkRow(uow, change)
    for (const items of uow.getCollectionUpdates()) this.#checkItems(uow, items)
    const referred = new ReferredRows(em, this.#organizationId)
    for (const { meta, payload } of changes) referred.addFrom(meta, payload)
    await referred.check()
  }

  #checkRow(uow: Work, change: Change): void {
    const { entity, type, payload, meta } = change
    const before = type === ChangeSetType.CREATE ? [] : [Reflect.get(stored(uow, entity), 'organization')]
    const after = 'organization' in payload ? [payload['organization']] : []
    const stated = [...before, ...after]
    if (stated.length > 0 && stated.every((id) => this.#isOwn(id))) return
    throw notReadHere(meta.className)
  }

  /** Items of a many-to-many relation: each was read by this scope, or is new in it. */
  #checkItems(uow: Work, items: Items): void {
    const target = items.property.targetMeta
    if (target === undefined || !isOrganizationOwned(target)) return
    for (const item of items.getItems(false)) {
      const isNew = !helper(item).hasPrimaryKey() || uow.getOriginalEntityData(item) === undefined
      if (isNew || this.#isOwn(Reflect.get(stored(uow, item), 'organization'))) continue
      throw notReadHere(target.className)
    }
  }

  #isOwn(id: unknown): boolean {
    return id !== undefined && id !== null && String(id) === this.#organizationId
  }
}

function notReadHere(className: string): OtherOrganization {
  return new OtherOrganization(
    `${className} is not of this organization, or was never read: read it with the scope`,
  )
}

/** A row as it was read; nothing of one that never was. */
function stored(uow: Work, entity: Change['entity']): object {
  return uow.getOriginalEntityData(entity) ?? {}
}
