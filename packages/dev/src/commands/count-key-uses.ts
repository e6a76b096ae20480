import type { EntityMetadata, MikroORM } from '@mikro-orm/core'

/** What in the database still needs a key. */
export interface KeyUses {
  /** Seeds of authenticator apps sealed with it. */
  seeds: number
  /** Mailed links made with it that still work. */
  links: number
}

/** Counts by key id. Whatever the host calls its tables, the library's properties tell them. */
export async function countKeyUses(orm: MikroORM): Promise<Map<string, KeyUses>> {
  const uses = new Map<string, KeyUses>()
  const add = (rows: readonly { id: string; n: string }[], kind: keyof KeyUses) => {
    for (const { id, n } of rows) {
      uses.set(id, { ...(uses.get(id) ?? { seeds: 0, links: 0 }), [kind]: Number(n) })
    }
  }
  const [seeds, links] = [tableWith(orm, 'sealedSecret'), tableWith(orm, 'selector')]
  const connection = orm.em.getConnection()
  if (seeds !== null) {
    add(
      await connection.execute(
        `select split_part(sealed_secret, '.', 2) as id, count(*) as n from ${seeds} where activated_at is not null group by 1`,
      ),
      'seeds',
    )
  }
  if (links !== null) {
    add(
      await connection.execute(
        `select key_id as id, count(*) as n from ${links}
         where used_at is null and superseded_at is null and expires_at > clock_timestamp() group by 1`,
      ),
      'links',
    )
  }
  return uses
}

function tableWith(orm: MikroORM, property: string): string | null {
  const all: EntityMetadata[] = [...orm.getMetadata().getAll().values()]
  const meta = all.find(({ properties }) => Object.hasOwn(properties, property))
  if (meta === undefined) return null
  const names =
    meta.schema === undefined || meta.schema === '*' ? [meta.tableName] : [meta.schema, meta.tableName]
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')
}
