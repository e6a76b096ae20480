import type { Archive } from '../archive.ts'
import type { Template } from '../template.ts'
import { smallTemplate } from './small-app.ts'

export const olderVersion = '0.0.0'
export const newerVersion = '0.1.0'

const tables = { users: 'create table "users"', passkeys: 'create table "user_passkeys"' }
const up = (...statements: readonly string[]) => `export const up = \`${statements.join('; ')}\`\n`

/** As it was once: one migration for everything, whichever features there are. */
const olderTemplate: Template = new Map([
  ...[...smallTemplate].filter(([path]) => !path.includes('Migration1_accounts')),
  ['migrations/Migration1_everything.ts', up(tables.users, tables.passkeys)],
])

/** As it is now: a migration for each feature, under other names, and a snapshot that says more. */
const newerTemplate: Template = new Map([
  ...[...smallTemplate].filter(([path]) => !path.startsWith('variants/')),
  ['app/root.tsx', `${smallTemplate.get('app/root.tsx') ?? ''}// Newer.\n`],
  ['migrations/Migration1_accounts.ts', up(tables.users)],
  ['migrations/Migration2_passkeys.ts', `// sigra:file passkeys\n${up(tables.passkeys)}`],
  [
    'migrations/.snapshot.json',
    smallTemplate.get('migrations/.snapshot.json')?.replace('"public"', '"public", "native": {}') ?? '',
  ],
])

/** Each version with the templates it had. */
export const bothVersions: Archive = (version) => (version === olderVersion ? olderTemplate : newerTemplate)
