import { areaNames, identifier, type Runtime, sql, statement } from '@sigra/mikro-orm'

const QUEUE = identifier('graphile_worker')

/** Says that a pool is alive, and with which areas. Its jobs are safe from `freeLostJobs` for as long as this is repeated. */
export async function writeHeartbeat(runtime: Runtime, poolId: string): Promise<void> {
  const { name, column } = runtime.tables.worker
  await statement(
    runtime,
    sql`insert into ${name} (${column('poolId')}, ${column('seenAt')}, ${column('areas')})
      values (${poolId}, clock_timestamp(), ${areaNames(runtime.areas)}::text[])
      on conflict (${column('poolId')}) do update set ${column('seenAt')} = excluded.${column('seenAt')}`,
  )
}

/**
 * Gives the jobs of dead pools back to the queue: pools not seen for a while, and pools that died before they were
 * ever seen. By the database's clock, so that servers need not agree on the time. Of several sweepers one wins.
 *
 * @returns How many pools were found dead.
 */
export async function freeLostJobs(runtime: Runtime, unseenMilliseconds: number): Promise<number> {
  const { name, column } = runtime.tables.worker
  const since = sql`(select clock_timestamp() - ${unseenMilliseconds} * interval '1 millisecond')`
  const [freed] = await statement<{ pools: number }>(
    runtime,
    sql`with dead as (
        delete from ${name} where ${column('seenAt')} < ${since} returning ${column('poolId')} as pool_id
      ), nameless as (
        select distinct locked_by as pool_id from ${QUEUE}.jobs
        where task_identifier like 'sigra.%' and locked_at < ${since}
          and not exists (select from ${name} alive where alive.${column('poolId')} = locked_by)
      ), lost as (
        select array_agg(pool_id) as ids from (select pool_id from dead union select pool_id from nameless) as either
      )
      select cardinality(ids)::int as pools, ${QUEUE}.force_unlock_workers(ids) from lost where ids is not null`,
  )
  return freed?.pools ?? 0
}

/** Gives back what a pool still holds, and forgets it: it has ended, or its end was noticed here. */
export async function retirePool(runtime: Runtime, poolId: string): Promise<void> {
  const { name, column } = runtime.tables.worker
  await statement(
    runtime,
    sql`with gone as (delete from ${name} where ${column('poolId')} = ${poolId})
      select ${QUEUE}.force_unlock_workers(array[${poolId}])`,
  )
}
