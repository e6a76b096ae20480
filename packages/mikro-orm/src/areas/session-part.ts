import type { Sql } from '../database/sql.ts'

/** What an area has the session statement say beside. It stays one statement per request, whatever areas ask of it. */
export interface SessionPart {
  /**
   * What the path of a request names, such as the slug of an organization, which the statement then asks about; `null` where it
   * names nothing. @default nothing
   *
   * @param path As a router matches it: decoded once, in lower case. `null` for one that cannot be read.
   */
  placeIn?(path: string | null): string | null
  /**
   * @param place What the path names, as a parameter. There is a text of the statement with one and a text without.
   * @param now One reading of the database's clock.
   */
  read(place: Sql | null, now: Sql): SessionReading
}

export interface SessionReading {
  /** Left joins to the session `s` and its user `u`: nobody's session ends by them, and none becomes two. */
  joins: Sql
  columns: Readonly<Record<string, Sql>>
}

/** What areas say of a session: by area, by column. */
export type SessionFacts = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** A column that an area fills where a session is made, by SQL over the id of its user and where they go on. */
export interface NewSessionColumn {
  column: string
  value(userId: Sql, landing: string | null): Sql
}
