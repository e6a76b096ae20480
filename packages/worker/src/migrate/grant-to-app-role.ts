import { checkDatabaseUrl, type Runtime } from '@sigra/mikro-orm'
import { Client } from 'pg'

type Orm = Runtime['orm']

const QUEUE_SCHEMA = 'graphile_worker'
const AUDIT_ENTITY = 'AuditEvent'
const CHANGE = 'select, insert, update, delete'
const APPEND = 'select, insert'

/**
 * Gives the app's own role what it needs and no more: rows of the host's tables, jobs of the queue; never the schema,
 * and of the audit log only reading, appending, and the one function that removes what is old.
 *
 * @returns The role's name, or `null` where it owns the tables itself.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for a URL of the app that cannot be read, without it.
 */
export async function grantToAppRole(orm: Orm, ownerUrl: string, appUrl: string): Promise<string | null> {
  checkDatabaseUrl('DATABASE_URL', appUrl)
  const role = decodeURIComponent(URL.parse(appUrl)?.username ?? '')
  const client = new Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ user: string }>('select current_user as user')
    if (rows[0]?.user === role) return null
    await client.query('begin')
    for (const statement of grantStatements(orm, client.escapeIdentifier(role))) await client.query(statement)
    await client.query(openQueueRows(client, role))
    await client.query('commit')
    return role
  } finally {
    await client.end()
  }
}

function grantStatements(orm: Orm, role: string): string[] {
  const entities = [...orm.getMetadata().getAll().values()].filter(
    ({ tableName, abstract }) => tableName && !abstract,
  )
  const schemas = new Set(entities.map(({ schema }) => schema ?? 'public'))
  const tables = entities.map(({ className, schema, tableName }) => ({
    rights: className === AUDIT_ENTITY ? APPEND : CHANGE,
    table: `${quote(schema ?? 'public')}.${quote(tableName)}`,
  }))
  // Made by the migration beside the audit table, for nobody: it deletes with its owner's rights.
  const retention = entities
    .filter(({ className }) => className === AUDIT_ENTITY)
    .map(({ schema, tableName }) => `${quote(schema ?? 'public')}.${quote(`${tableName}_retain`)}`)
  const migrations = orm.config.get('migrations').tableName ?? 'mikro_orm_migrations'
  return [
    ...[...schemas].map((schema) => `grant usage on schema ${quote(schema)} to ${role}`),
    ...tables.map(({ table }) => `revoke all on ${table} from ${role}`),
    ...tables.map(({ rights, table }) => `grant ${rights} on ${table} to ${role}`),
    ...retention.map((name) => `grant execute on function ${name}(interval, integer) to ${role}`),
    ...[...schemas].map((schema) => `grant usage on all sequences in schema ${quote(schema)} to ${role}`),
    `grant select on ${quote(migrations)} to ${role}`, // the health check asks whether migrations are missing
    `grant usage on schema ${QUEUE_SCHEMA} to ${role}`,
    `grant ${CHANGE} on all tables in schema ${QUEUE_SCHEMA} to ${role}`,
    `grant usage on all sequences in schema ${QUEUE_SCHEMA} to ${role}`,
    `grant execute on all functions in schema ${QUEUE_SCHEMA} to ${role}`,
  ]
}

/** The queue's tables have row security without policies, which hides every row from everybody but the owner. */
function openQueueRows(client: Client, role: string): string {
  return `do $$
    declare queue_table record;
    begin
      for queue_table in
        select relname from pg_class where relnamespace = '${QUEUE_SCHEMA}'::regnamespace and relrowsecurity
      loop
        execute format('drop policy if exists sigra_app on ${QUEUE_SCHEMA}.%I', queue_table.relname);
        execute format('create policy sigra_app on ${QUEUE_SCHEMA}.%I to %I using (true) with check (true)',
          queue_table.relname, ${client.escapeLiteral(role)});
      end loop;
    end $$`
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
