import type {
  CountOptions,
  Cursor,
  EntityClass,
  EntityData,
  FilterQuery,
  FindByCursorOptions,
  FindOneOptions,
  FindOneOrFailOptions,
  FindOptions,
  Loaded,
  RequiredEntityData,
  StreamOptions,
} from '@mikro-orm/core'
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid } from '@sigra/core'
import { FlushCheck } from './check-flush.ts'
import { ORGANIZATION_FILTER } from './organization-filter.ts'
import { type OrganizationOwned, OtherOrganization, requireOrganizationOwned } from './organization-owned.ts'
import { ReferredRows } from './referred-rows.ts'

/** Whose rows are meant. */
export interface OfOrganization {
  readonly organization: { readonly id: string }
}

/** Options of MikroORM's, but for those that would look past the organization. */
type Scoped<Options> = Omit<Options, 'filters' | 'schema' | 'caller' | 'using'>

/** What a row is made of, but for its organization, which the scope knows. */
export type OwnedData<E extends OrganizationOwned> = Omit<RequiredEntityData<E>, 'organization'>

/** What is changed of rows. They stay in their organization. */
export type OwnedChanges<E extends OrganizationOwned> = Omit<EntityData<E>, 'organization'>

/** Opens the rows of one organization, on an EntityManager of their own. */
export function forOrganization(orm: MikroORM, scope: OfOrganization): OrganizationRows {
  const { id } = scope.organization
  const em = orm.em.fork({ freshEventManager: true })
  em.setFilterParams(ORGANIZATION_FILTER, { organization: id })
  em.getEventManager().registerSubscriber(new FlushCheck(id))
  return new OrganizationRows(em, id)
}

/**
 * An EntityManager that sees the rows of all organizations: for jobs, migrations and your own staff's pages.
 *
 * @param reason Why, for whoever reads the code.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` without a reason.
 */
export function acrossOrganizations(orm: MikroORM, reason: string): EntityManager {
  if (reason.trim() === '') throw new ConfigInvalid('acrossOrganizations takes the reason, in words')
  const em = orm.em.fork()
  em.setFilterParams(ORGANIZATION_FILTER, { organization: null })
  return em
}

/**
 * The rows of one organization: MikroORM's functions of the same names, which see and change nothing of another one.
 * Made by `forOrganization`.
 *
 * @throws {NotOrganizationOwned} `SIGRA_NOT_ORGANIZATION_OWNED` for an entity that belongs to none.
 * @throws {OtherOrganization} `SIGRA_OTHER_ORGANIZATION` for a write that would touch, or refer to, another one's rows.
 */
export class OrganizationRows {
  /** The condition that every function adds, for a query of your own. */
  readonly where: { readonly organization: string }
  readonly #em: EntityManager
  readonly #id: string

  constructor(em: EntityManager, id: string) {
    this.where = { organization: id }
    this.#em = em
    this.#id = id
  }

  find<E extends OrganizationOwned, Hint extends string = never, Fields extends string = never>(
    entity: EntityClass<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: Scoped<FindOptions<E, Hint, Fields>>,
  ): Promise<Loaded<E, Hint, Fields>[]> {
    return this.#of(entity, options).find<E, Hint, Fields, never, never>(entity, where, options)
  }

  findOne<E extends OrganizationOwned, Hint extends string = never, Fields extends string = never>(
    entity: EntityClass<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: Scoped<FindOneOptions<E, Hint, Fields>>,
  ): Promise<Loaded<E, Hint, Fields> | null> {
    return this.#of(entity, options).findOne<E, Hint, Fields, never, never>(entity, where, options)
  }

  findOneOrFail<E extends OrganizationOwned, Hint extends string = never, Fields extends string = never>(
    entity: EntityClass<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: Scoped<FindOneOrFailOptions<E, Hint, Fields>>,
  ): Promise<Loaded<E, Hint, Fields>> {
    return this.#of(entity, options).findOneOrFail<E, Hint, Fields, never, never>(entity, where, options)
  }

  findAndCount<E extends OrganizationOwned, Hint extends string = never, Fields extends string = never>(
    entity: EntityClass<E>,
    where: FilterQuery<NoInfer<E>>,
    options?: Scoped<FindOptions<E, Hint, Fields>>,
  ): Promise<[Loaded<E, Hint, Fields>[], number]> {
    return this.#of(entity, options).findAndCount<E, Hint, Fields, never, never>(entity, where, options)
  }

  findByCursor<E extends OrganizationOwned, Hint extends string = never, Fields extends string = never>(
    entity: EntityClass<E>,
    options: Scoped<FindByCursorOptions<NoInfer<E>, Hint, Fields>>,
  ): Promise<Cursor<E, Hint, Fields>> {
    return this.#of(entity, options).findByCursor<E, Hint, Fields, never, true, never>(entity, options)
  }

  count<E extends OrganizationOwned>(
    entity: EntityClass<E>,
    where?: FilterQuery<NoInfer<E>>,
    options?: Scoped<CountOptions<E>>,
  ): Promise<number> {
    return this.#of(entity, options).count(entity, where, options)
  }

  stream<E extends OrganizationOwned, Hint extends string = never, Fields extends string = never>(
    entity: EntityClass<E>,
    options?: Scoped<StreamOptions<NoInfer<E>, Hint, Fields>>,
  ): AsyncIterableIterator<Loaded<E, Hint, Fields>> {
    return this.#of(entity, options).stream<E, Hint, Fields, never, never>(entity, options)
  }

  /** @returns how many rows went. */
  delete<E extends OrganizationOwned>(
    entity: EntityClass<E>,
    where: FilterQuery<NoInfer<E>>,
  ): Promise<number> {
    return this.#of(entity).nativeDelete(entity, where)
  }

  /** Writes a row of the organization. */
  insert<E extends OrganizationOwned>(entity: EntityClass<E>, values: OwnedData<E>): Promise<E>
  insert(entity: EntityClass<OrganizationOwned>, values: object): Promise<OrganizationOwned> {
    requireOrganizationOwned(this.#em, entity)
    this.#refuseOrganization(values)
    return this.#em.transactional((em) => {
      const row = em.create(entity, { ...values, organization: this.#id }, { partial: true })
      em.persist(row) // the flush at the end looks at it, and at what it refers to
      return Promise.resolve(row)
    })
  }

  /** @returns how many rows changed. */
  update<E extends OrganizationOwned>(
    entity: EntityClass<E>,
    where: FilterQuery<NoInfer<E>>,
    changes: OwnedChanges<E>,
  ): Promise<number>
  update(
    entity: EntityClass<OrganizationOwned>,
    where: FilterQuery<OrganizationOwned>,
    changes: object,
  ): Promise<number> {
    const metadata = requireOrganizationOwned(this.#em, entity)
    this.#refuseOrganization(changes)
    return this.#em.transactional(async (em) => {
      const referred = new ReferredRows(em, this.#id)
      referred.addFrom(metadata, changes)
      await referred.check()
      return em.nativeUpdate(entity, where, { ...changes })
    })
  }

  /** All or nothing. What was read inside and changed then is written when it ends. */
  transactional<T>(work: (rows: OrganizationRows) => Promise<T>): Promise<T> {
    return this.#em.transactional((em) => work(new OrganizationRows(em, this.#id)))
  }

  /** The EntityManager, for an entity and options that stay within the organization. */
  #of(entity: EntityClass<OrganizationOwned>, options: object = {}): EntityManager {
    requireOrganizationOwned(this.#em, entity)
    if ('filters' in options)
      throw new OtherOrganization('filters would look past the organization: use acrossOrganizations(reason)')
    return this.#em
  }

  #refuseOrganization(values: object): void {
    if (!('organization' in values)) return
    throw new OtherOrganization('organization is not written: rows are those of the scope, and stay there')
  }
}
