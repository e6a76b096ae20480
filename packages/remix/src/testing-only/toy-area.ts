import { type EntityClass, p } from '@mikro-orm/postgresql'
import { type AreaDeclaration, sql } from '@sigra/mikro-orm'
import type { SessionPart } from '../../../mikro-orm/src/areas/session-part.ts'
import type { Companion } from '../../../mikro-orm/src/door/companion.ts'
import type { AreaStep } from '../../../mikro-orm/src/door/door-step.ts'
import { ownedByUser } from '../../../mikro-orm/src/read-table.ts'
import type { Area, AreaKind } from '../area.ts'

// An area with one of everything: a table, a notice, an audit action with metadata of its own, a channel, a sweep, a credential,
// a sealed column, a way to sudo, a step of signing in, companions of a session, columns of it, sessions by which somebody acts as another, routes
// and an API.
// No file of the library knows it. What its names cannot be here is a part of the unions in areas.ts of mikro-orm: that list,
// and no other, is where a real area adds itself. Calls that take such a name are therefore made past the types.

export const toyColumns = {
  title: p.string().length(64),
  wornOut: p.boolean().fieldName('worn_out'),
  engraving: p.text().nullable(),
}

const engraving = { table: 'Trophy', property: 'engraving', purpose: 'trophy' }

const declaration = {
  name: 'trophies',
  needs: ['passkeys'],
  tables: { Trophy: { ...toyColumns, ...ownedByUser } },
  auditActions: { 'trophy.won': { metadata: ['medal'], subject: 'shown' } },
  channels: { 'trophy.win': 'A trophy was won' },
  notices: { trophyWon: { describe: (notice) => notice } },
  below: { settings: ['/trophies'] },
  sealed: [engraving],
  sudoMethods: { trophy: 'email' },
} satisfies AreaDeclaration

/** Whoever has a dusty trophy polishes it before they are let in. */
const polishing: AreaStep = {
  name: 'polishing',
  outcome: 'polishing-required',
  page: 'settings',
  below: '/trophies',
  minutes: () => 7,
  missing: () => [
    {
      applies: sql`exists (select from user_trophies f where f.user_id = u.id and f.title = 'Dusty' and not f.worn_out)`,
      name: sql`'dusty'`,
    },
  ],
}

/** A column of the session. */
const organization: Companion = {
  name: 'trophies.organization',
  taken: sql`to_jsonb(s.active_organization_id)`,
  async put(tx, sessionId, taken) {
    await tx.rows(
      sql`update user_sessions set active_organization_id = ${String(taken)} where id::text = ${sessionId}`,
    )
  },
}

/** Rows that belong to the session. */
const shelves: Companion = {
  name: 'trophies.shelves',
  taken: sql`(select jsonb_agg(h.name order by h.name) from trophy_shelves h where h.session_id = s.id)`,
  async put(tx, sessionId, taken) {
    await tx.rows(sql`insert into trophy_shelves (session_id, name)
      select ${sessionId}::uuid, name from jsonb_array_elements_text(${JSON.stringify(taken)}::jsonb) as name`)
  },
}

/** The trophy that a path names, else the oldest: of the session's user alone. */
const shown: SessionPart = {
  placeIn: (path) => path?.match(/^\/shelf\/(.+)$/)?.[1] ?? null,
  read: (title) => ({
    joins: sql`left join lateral (
      select f.title from user_trophies f where f.user_id = u.id and (${title}::text is null or lower(f.title) = ${title})
      order by f.won_at limit 1) toy on true`,
    columns: { title: sql`toy.title`, motto: sql`s.motto` },
  }),
}

interface Trophies<U> {
  ofWhom(args: { request: Request }): Promise<U | null>
}

interface TrophiesKind extends AreaKind {
  api: Trophies<this['user']>
}

export function trophiesArea({ Trophy }: { Trophy: EntityClass<unknown> }): Area<TrophiesKind> {
  return {
    declaration,
    open({ table }) {
      const trophy = table('Trophy', Trophy)
      return {
        credentials: [
          {
            name: 'trophy',
            table: trophy,
            counts: sql`not f.worn_out`,
            fingerprint: sql`string_agg(f.id::text, ',' order by f.id)`,
            addedAt: sql`f.won_at`,
            isWayIn: true,
            proves: [],
            isSecondFactor: true,
            disputed: () => sql`e.action = 'trophy.won' and f.id::text = e.target_id`,
          },
        ],
        hooks: {
          async onErased(tx, { userId }) {
            await tx.rows(sql`delete from ${trophy.name} where user_id = ${userId}`)
          },
        },
        routes: [{ path: '/trophies/:token', isGreeting: true }],
        sweeps: [{ name: 'trophies', table: trophy, isOver: () => sql`x.worn_out` }],
        steps: [polishing],
        companions: [organization, shelves],
        session: shown,
        newSession: {
          column: 'motto',
          value: (userId) => sql`(select 'of ' || u.email from users u where u.id = ${userId})`,
        },
        // Somebody acts as another person for as long as their own session, which is parked, has not expired.
        isImpersonationAlive: (row, now) => sql`exists (
          select from user_sessions p where p.id = ${row}.impersonator_session_id and p.expires_at > ${now})`,
      }
    },
    createApi: () => ({ ofWhom: async () => null }),
  }
}
