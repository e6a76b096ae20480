import { chmod, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url))

const FILES: Record<string, string> = {
  'package.json': '{ "name": "small-app", "private": true, "type": "module" }\n',
  '.env': 'APP_ORIGIN=http://localhost:5173\nGREETING=from the env file\n',
  'mikro-orm.config.ts': `
    import { Migrator } from '@mikro-orm/migrations'
    import { defineConfig, defineEntity, p } from '@mikro-orm/postgresql'
    import { databaseTls } from '@sigra/remix/schema'
    const AuditEvent = defineEntity({
      name: 'AuditEvent', tableName: 'audit_events', properties: { id: p.integer().primary() },
    })
    const User = defineEntity({ name: 'User', tableName: 'users', properties: { id: p.integer().primary() } })
    export default defineConfig({
      clientUrl: process.env.DATABASE_URL ?? '',
      driverOptions: databaseTls(process.env.DATABASE_URL),
      entities: [User, AuditEvent],
      extensions: [Migrator],
      migrations: { path: 'migrations', snapshot: false },
    })`,
  'migrations/Migration20260101000000.ts': `
    import { Migration } from '@mikro-orm/migrations'
    export class Migration20260101000000 extends Migration {
      override up() {
        this.addSql('create table users (id serial primary key)')
        this.addSql('create table audit_events (id serial primary key)')
        this.addSql(\`create function audit_events_retain(older_than interval, batch integer) returns integer
          language sql as 'select 0'\`)
        this.addSql('revoke all on function audit_events_retain(interval, integer) from public')
      }
      override down() {
        this.addSql('drop table users')
        this.addSql('drop table audit_events')
        this.addSql('drop function audit_events_retain(interval, integer)')
      }
    }`,
  'server.ts': `
    import { renameSync, writeFileSync } from 'node:fs'
    import { createServer } from 'node:http'
    const { APP_ORIGIN, DATABASE_URL, GREETING, NODE_ENV, PORT } = process.env
    writeFileSync('server.pid.new', String(process.pid))
    renameSync('server.pid.new', 'server.pid') // whoever reads it finds a whole number
    if (process.env.REFUSE) {
      console.error('SIGRA_SECRETS is missing')
      process.exit(1)
    }
    createServer((request, response) => {
      if (request.url === '/crash') process.exit(7)
      response.end(JSON.stringify({ pid: process.pid, APP_ORIGIN, GREETING, NODE_ENV, hasDatabase: !!DATABASE_URL }))
    }).listen(Number(PORT))`,
  // TSX, as the mails are: Node alone cannot load it.
  'mail.tsx': `export const mail: string = 'first'\n`,
  'worker.ts': `
    import { renameSync, writeFileSync } from 'node:fs'
    import { mail } from './mail.tsx'
    writeFileSync('worker.json.new', JSON.stringify({ pid: process.pid, mail }))
    renameSync('worker.json.new', 'worker.json')
    setInterval(() => {}, 1000)
    await new Promise((resolve) => process.once('SIGTERM', resolve))
    process.exit(0)`,
}

/**
 * An app with nothing in it but what `sigra dev` and `sigra db:migrate` need to see.
 *
 * @param below Folders it is in, as people name them: `[app]`. @default none
 */
export async function makeSmallApp(below = ''): Promise<string> {
  const outer = await mkdtemp(join(tmpdir(), 'sigra-small-app-'))
  await chmod(outer, 0o755)
  const folder = join(outer, below)
  for (const [name, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  return folder
}
