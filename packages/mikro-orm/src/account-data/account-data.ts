import type { EntityClass } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'

/** Whose account a row may belong to: what a relation to the user of the app leads to. */
interface AccountOwner {
  emailCanonical: string
}

/** The properties of an entity that are a relation to the user. */
type OwnerOf<Row> = {
  [Key in keyof Row]-?: NonNullable<Row[Key]> extends AccountOwner | { unwrap(): AccountOwner } ? Key : never
}[keyof Row] &
  string

/** What becomes of rows when the account they belong to is deleted. */
export type OnDelete<Row> =
  | 'delete'
  /** They stay, and say this instead: `{ set: { createdBy: null } }`. */
  | { set: { [Key in keyof Row]?: Row[Key] | null } }
  /** They stay as they are, and belong to a nameless account; a law may ask for that. Say why. */
  | { kept: string }

/** What of rows goes into the export of the account they belong to. */
export type OnExport<Row> =
  | ((row: Row) => object)
  /** Nothing. Says where people find it, or why it is not theirs. */
  | { omitted: string }

/** An entity whose rows belong to accounts, as the library goes through it. */
export interface AccountTable {
  readonly entity: EntityClass
  /** The property of the entity that leads to the user. */
  readonly owner: string
  readonly export: OnExport<never>
  readonly onDelete: OnDelete<object>
}

/** The app's own columns of the user, as the library goes through them. */
export interface AccountUser {
  /** Those that the export has. */
  readonly export: readonly string[]
  /** Those that it has not, each with the reason. */
  readonly omitted?: Readonly<Record<string, string | undefined>>
  /** What stands there after a deletion that keeps the row, where it is not null, the default or no text at all. */
  readonly onDelete?: { readonly set: Readonly<Record<string, unknown>> }
}

/** What an app keeps about people beside the tables of accounts. */
export interface AccountData {
  /** Of the app's part of the export: raise it when that changes its shape. */
  readonly version: number
  readonly tables: readonly AccountTable[]
  /** The app's own columns of the user. Made by `accountUser`. */
  readonly user?: AccountUser
  /** What else goes with an account, in the transaction of its deletion: a job that removes files, for example. */
  readonly inTransaction?: (em: EntityManager, user: { id: string }) => Promise<void>
}

/** An app that keeps nothing else. */
export const noAccountData: AccountData = { version: 1, tables: [] }

/**
 * Says what becomes of the rows of an entity that belong to an account.
 *
 * @param plan `owner` is the relation to the user, and nothing else compiles.
 */
export function accountTable<Row extends object>(
  entity: { prototype: Row } & EntityClass,
  plan: { owner: OwnerOf<Row>; export: OnExport<Row>; onDelete: OnDelete<Row> },
): AccountTable {
  return { ...plan, entity }
}

/**
 * Says what becomes of the app's own columns of the user.
 *
 * @param plan A column is in the export, or `omitted` says why not. What is hidden or lazy goes into none.
 */
export function accountUser<Row extends AccountOwner>(
  _entity: { prototype: Row } & EntityClass,
  plan: {
    export: readonly (keyof Row & string)[]
    omitted?: { readonly [Key in keyof Row]?: string }
    onDelete?: { set: { readonly [Key in keyof Row]?: Row[Key] } }
  },
): AccountUser {
  return plan
}

/** Says what an app keeps about people: the deletion of accounts and their export go by it. */
export function defineAccountData(data: AccountData): AccountData {
  return data
}
