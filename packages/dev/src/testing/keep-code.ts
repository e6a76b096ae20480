import { sql, statement } from '@sigra/mikro-orm'
import type { Person, TestedSigra } from './tested-app.ts'

/**
 * Runs what logs somebody in by the code of their authenticator app, and leaves that code unused: the test may type it before or
 * after, in a browser of its own.
 */
export async function keepCode<Result>(
  { edge: { runtime } }: TestedSigra,
  { id }: Person,
  run: () => Promise<Result>,
): Promise<Result> {
  const totp = runtime.tables.userTotp.name
  const [used] = await statement<{ step: number | null }>(
    runtime,
    sql`with u as (select id, last_step as step from ${totp} where user_id = ${id})
      update ${totp} t set last_step = null from u where t.id = u.id returning u.step`,
  )
  const result = await run()
  if (used) await statement(runtime, sql`update ${totp} set last_step = ${used.step} where user_id = ${id}`)
  return result
}
