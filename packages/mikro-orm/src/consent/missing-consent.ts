import { sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { Document } from './documents.ts'

/** What consent is asked by. */
type Asking = Pick<Runtime, 'documents' | 'tables'>

/** Whether the newest version of any document is not accepted. No text that costs where there is no document. */
export function lacksConsent(asking: Asking, userId: Sql): Sql {
  return lacksAny(asking, asking.documents, userId) ?? sql`false`
}

/** The same of those that live sessions meet; `null` where there are none. */
export function lacksRequiredConsent(asking: Asking, userId: Sql): Sql | null {
  const required = asking.documents.filter((document) => document.required)
  return lacksAny(asking, required, userId)
}

function lacksAny({ tables }: Asking, documents: readonly Document[], userId: Sql): Sql | null {
  if (documents.length === 0) return null
  return sql`exists (
    select from unnest(${documents.map(({ name }) => name)}::text[], ${documents.map(({ version }) => version)}::text[])
      as d (document, version)
    where not exists (select from ${tables.userConsent.name} c
      where c.user_id = ${userId} and c.document = d.document and c.version = d.version))`
}
