import type { EntityClass } from '@mikro-orm/core'
import type { MikroORM } from '@mikro-orm/postgresql'
import type { CanonicalEmail, MailedToken, TokenPurpose } from '@sigra/core'
import type { OnExport } from '../account-data/account-data.ts'
import type { Relation } from '../account-data/list-relations.ts'
import type { Below } from '../account-paths.ts'
import type { SubjectView } from '../audit/subject-view.ts'
import type { Sql } from '../database/sql.ts'
import type { TransactionOf } from '../database/transaction-of.ts'
import type { Companion } from '../door/companion.ts'
import type { Credential } from '../door/credential.ts'
import type { AreaStep } from '../door/door-step.ts'
import type { ProofMethod } from '../door/proof-method.ts'
import type { Hooks } from '../hooks.ts'
import type { MailCommon, NoticeProps, PlainNoticeProps } from '../mail/notice-facts.ts'
import type { Bucket } from '../policy.ts'
import type { Bundle, Column, Table } from '../read-table.ts'
import type { Settings } from '../policy-setting.ts'
import type { UserId } from '../user-id.ts'
import type { AreaLinkMailProps, AreaPlainNoticeProps } from './area-mails.ts'
import type { NewSessionColumn, SessionPart } from './session-part.ts'
import type { SealedColumn, SealedPlace } from '../secrets/sealed-column.ts'

/** What an area brings, in every app alike. The folds over all areas read it; `areas.ts` lists them. */
export interface AreaDeclaration {
  readonly name: string
  /** Names of areas it cannot do without. */
  readonly needs: readonly string[]
  /** The library's columns of each of its entities, by the name that its `entities` option has for it. */
  readonly tables: Readonly<Record<string, Bundle>>
  /** Public: added, never renamed. */
  readonly auditActions: Readonly<Record<string, AreaAuditAction>>
  /** Telemetry: what ends when a channel's `asyncEnd` is heard. Public: added, never renamed. */
  readonly channels: Readonly<Record<string, string>>
  /** Its notices that somebody can dispute, by the names of their templates. */
  readonly notices: Readonly<Record<string, AreaNotice>>
  /** Its notices about what there is nothing to dispute of, by the names of their templates. @default none */
  readonly plainNotices?: Readonly<Record<string, AreaPlainNotice>>
  /** Its mails with a link of its own, by the names of their templates. @default none */
  readonly linkMails?: Readonly<Record<string, AreaLinkMail>>
  /** What it has below pages of accounts. */
  readonly below: Below
  /** What of its tables is sealed with a key of the app's. Public: none is moved or renamed. @default nothing */
  readonly sealed?: readonly SealedColumn[]
  /** How sudo is given by it, and what a sign-in has proven that is one, by its RFC 8176 name. @default none */
  readonly sudoMethods?: Readonly<Record<string, ProofMethod>>
}

/** What lines of the audit log say of an action of its own. */
export interface AreaAuditAction {
  /** What a line may say beside its columns and what every line may. */
  readonly metadata: readonly string[]
  /** What whom it is about sees of it. */
  readonly subject: SubjectView
}

/** A notice about something that a stranger could have done: it holds the link "This wasn't me". */
export interface AreaNotice {
  /** What its template is told beside what every notice says, from the line of the audit log. */
  describe(notice: NoticeProps, metadata: Said, cause: Said): NoticeProps
}

/** Tells somebody what has become of them, by whoever may do it: it holds no link "This wasn't me". */
export interface AreaPlainNotice {
  /** Its readers are others than whom the line is about: its cause says whether somebody is one. @default false */
  readonly isToOthers?: true
  describe(notice: PlainNoticeProps, metadata: Said, cause: Said): AreaPlainNoticeProps
}

/** Reaches somebody who may have no account, and holds a link of the area's. */
export interface AreaLinkMail {
  /** What the link is good for. Public: mails that were sent hold it. */
  readonly purpose: TokenPurpose
  /**
   * It is opened first, and then needs somebody logged in: what a browser keeps of it stays over a log-in and a log-out. Only
   * for a link that is good for its owner alone, whoever else holds it.
   */
  readonly staysOverLogIn: boolean
}

/** What a row says, as JSON. */
export type Said = Readonly<Record<string, unknown>>

/**
 * Why a notice is sent: SQL over the line `e` of the audit log and its subject `u` for what the notice says beside that line,
 * as a JSON object. Null: its cause has gone, and so has the mail. `lastsUntil`: how long its link is needed, where that is longer
 * than such links are good.
 */
export type NoticeCause = (
  at: Pick<TransactionOf<unknown>, 'tables' | 'now'> & { readonly areas: readonly OpenArea[] },
) => Sql

/** Where a mail with a link of the area's comes from, asked before it is written and once more right before it is sent. */
export interface LinkMailSource {
  /**
   * SQL for the row that its link stands for, of which only what is still good counts: `to`, the address as it was typed, and
   * `facts`, what its template is told beside the link, as a JSON object.
   */
  find(token: MailedToken, address: CanonicalEmail, at: Pick<TransactionOf<unknown>, 'tables' | 'now'>): Sql
  /** Where its link leads. */
  link(token: MailedToken): string
  describe(common: MailCommon, facts: Said, link: string): AreaLinkMailProps
  /** What one mailbox gets of it, whoever has it sent. */
  readonly perMailbox: Bucket
}

/** An area as an app configured it. It becomes an `OpenArea` when the app starts. */
export interface AreaHandle extends DeclaredArea {
  /** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID`, one sentence for the first mistake found. */
  open(ground: AreaGround): AreaParts
}

/** What an area is opened with: everything of the app that was checked before. */
export interface AreaGround {
  readonly orm: MikroORM
  readonly origin: URL
  readonly appName: string
  /** The table of one of its entities, with the library's columns, each of which must be there. */
  table(key: string, entity: EntityClass<unknown> | undefined): Table
  /** Its policy: the defaults with what the app wants different. */
  policy<T extends object>(settings: Settings<T>, changes: object | undefined): T
}

/** What an area does in an app that has it. */
export interface AreaParts {
  /** What it signs people in with. */
  readonly credentials: readonly Credential[]
  readonly sweeps: readonly AreaSweep[]
  /** Its routes that do not stand below a page of accounts. @default none */
  readonly routes?: readonly AreaRoute[]
  /** SQL for whether an address has an open invitation by it, for `policy.registration.mode: 'invited'`. @default none has */
  isInvited?(address: Sql, now: Sql): Sql
  /**
   * SQL over a user `u` for the instant before which their account is not deleted, or null: what somebody may take back until then
   * needs it.
   */
  keepsAccountUntil?(now: Sql): Sql
  /** What its notices are about beside their line of the audit log. Without one a notice is sent whatever came since. */
  readonly causes?: Readonly<Record<string, NoticeCause>>
  /** Of each of its `linkMails`. */
  readonly linkMails?: Readonly<Record<string, LinkMailSource>>
  /** What it does when something happens to an account. @default nothing */
  readonly hooks?: Hooks
  /**
   * What it keeps about somebody, for their export: the batch after a cursor. Each row has `row`, what is handed out and
   * holds no secret, and `cursor`. @default nothing
   */
  exported?(userId: UserId, cursor: string | null, limit: number): Sql
  /** The app's own rows that belong to what the area has. @default none */
  readonly hostTables?: HostTables
  /** What a sign-in waits for, beside what accounts ask. @default nothing */
  readonly steps?: readonly AreaStep[]
  /** What it keeps beside a session. @default nothing */
  readonly companions?: readonly Companion[]
  /** What the session statement says beside. @default nothing */
  readonly session?: SessionPart
  /** A column of sessions that it fills where one is made. @default none */
  readonly newSession?: NewSessionColumn
  /**
   * Whether a session by which somebody acts as its user is alive, beside what every session must be: neither expired nor
   * idle. Over a row of sessions named `row`. Where no area says so, there is no such session. @default never
   */
  isImpersonationAlive?(row: Sql, now: Sql): Sql
}

/** Entities of the app's whose rows belong to rows of an area. */
export interface HostTables {
  /** Of which `owner` leads to the row of the area. */
  readonly tables: readonly HostTable[]
  /** SQL for the ids of what belongs to somebody and to nobody else: their export has the rows of it. */
  idsOf(userId: UserId): Sql
  /** Relations to what the area has of which the app does not say what becomes of them. */
  listUndeclared(): readonly Relation[]
  /** What its filters of entities are told where everything is to be seen, by their names. */
  readonly seesAll: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface HostTable {
  readonly entity: EntityClass
  readonly owner: string
  readonly export: OnExport<never>
}

/** Whatever has an area's declaration. */
export interface DeclaredArea {
  readonly declaration: AreaDeclaration
}

/** An area that this process has. */
export interface OpenArea extends AreaParts, DeclaredArea {
  readonly columns: readonly Column[]
  /** Where what it sealed stands. */
  readonly sealed: readonly SealedPlace[]
  /** Every bucket of its policy: what a sweep of limits must not forget too early. */
  readonly buckets: readonly Bucket[]
}

/** A route that gets the strict rules of ours, wherever the app put it. */
export interface AreaRoute {
  /** As a router takes it: what stands for a parameter may hold anything, so everything below its place is meant. */
  readonly path: string
  /** It has a form for somebody who may never have been here. @default false */
  readonly isGreeting?: true
}

/** Rows that nothing would accept any more. */
export interface AreaSweep {
  /** What they are counted as. */
  readonly name: string
  readonly table: Table
  /** Over a row named `x`. */
  isOver(now: Sql): Sql
}
