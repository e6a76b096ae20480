import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Archive, Render } from '../archive.ts'
import { renderTemplate } from '../render.ts'
import { createState, type State } from '../state.ts'
import { loadTemplate, type Template } from '../template.ts'

/** A template app with one of everything, small enough to read in a failing test. */
export const smallTemplate: Template = new Map([
  [
    'rules.json',
    JSON.stringify({
      format: 1,
      host: [
        '.gitignore',
        '.prettierignore',
        '.prettierrc.json',
        'app/root.tsx',
        'app/routes.ts',
        'app/routes/home.tsx',
        'package.json',
        'vite.config.ts',
      ],
      shared: [],
      existing: { paths: { 'app/routes/': 'app/accounts/routes/' }, scoped: {} },
      package: [
        { if: 'mail=in-process', scripts: { build: 'react-router build', worker: null } },
        {
          if: '!accounts',
          onlyScripts: { dev: 'react-router dev', build: 'react-router build' },
          onlyPackages: ['react', 'react-router', '@react-router/dev', 'vite'],
        },
      ],
    }),
  ],
  ...[...loadTemplate()].filter(([path]) => /^features\/(?:accounts|passkeys)\.json$/u.test(path)),
  ['_gitignore', 'node_modules/\n.sigra/\n.env\n'],
  ['.env.example', '# Public origin.\nAPP_ORIGIN=http://localhost:5173\n\n# Key ring.\nSIGRA_SECRETS=\n'],
  ['.prettierignore', '**/migrations/.snapshot.json\n'],
  ['.prettierrc.json', '{ "semi": false, "singleQuote": true, "printWidth": 110 }\n'],
  ['AGENTS.md', '# Accounts in this app\n\nRead `app/accounts/accounts.server.ts`.\n'],
  [
    'package.json',
    `${JSON.stringify(
      {
        name: 'sigra-template-app',
        private: true,
        type: 'module',
        scripts: { dev: 'sigra dev', build: 'react-router build && vite build', worker: 'node worker.js' },
        dependencies: {
          '@mikro-orm/core': '7.2.1',
          '@sigra/remix': '0.0.0',
          '@simplewebauthn/browser': '^14.0.0',
          react: '^19.2.0',
          'react-router': '8.4.0',
        },
        devDependencies: { '@react-router/dev': '8.4.0', '@sigra/dev': '0.0.0', vite: '^8.3.0' },
      },
      null,
      2,
    )}\n`,
  ],
  [
    'app/root.tsx',
    `import { Outlet } from 'react-router'
// sigra:if accounts
import { sigraMiddleware } from '@sigra/remix/react-router'
import { sigra } from './sigra.server'
// sigra:end
import type { Route } from './+types/root'

// sigra:if accounts
export const middleware: Route.MiddlewareFunction[] = [sigraMiddleware(sigra)]

// sigra:end
export default function App() {
  return <Outlet />
}
`,
  ],
  [
    'app/routes.ts',
    `import { index, type RouteConfig } from '@react-router/dev/routes'
// sigra:if accounts
import { sigraRoutes } from './sigra.routes.ts'
// sigra:end

// sigra:if accounts
export default [index('routes/home.tsx'), ...sigraRoutes()] satisfies RouteConfig
// sigra:else
// sigra:+ export default [index('routes/home.tsx')] satisfies RouteConfig
// sigra:end
`,
  ],
  ['app/routes/home.tsx', 'export default function Home() {\n  return <h1>Home</h1>\n}\n'],
  [
    'app/sigra.routes.ts',
    `import { route, type RouteConfigEntry } from '@react-router/dev/routes'
import { passkeyRoutes } from './passkeys/routes.ts'

export function sigraRoutes(): RouteConfigEntry[] {
  return [
    // Accounts.
    route('/users/log-in', 'accounts/routes/log-in.tsx'),
    ...passkeyRoutes(),
    route('dashboard', 'routes/dashboard.tsx'),
  ]
}
`,
  ],
  ['app/routes/dashboard.tsx', 'export default function Dashboard() {\n  return <h1>Dashboard</h1>\n}\n'],
  ['app/sigra.server.ts', "export const sigra = { paths: { logIn: '/users/log-in' } }\n"],
  [
    'app/accounts/accounts.server.ts',
    `import { sigra } from '../sigra.server.ts'

export function registerUser(args: unknown) {
  return sigra.accounts.registerUser(args)
}

export function logInUser(args: unknown) {
  return sigra.accounts.logInUser(args)
}

export function logOutUser(args: unknown) {
  return sigra.accounts.logOutUser(args)
}
`,
  ],
  [
    'app/accounts/entities/index.ts',
    `import { passkeyEntities } from '../../passkeys/entities/index.ts'
import { User } from './user.ts'

export const entities = {
  User,
}

export const all = {
  ...entities,
  ...passkeyEntities,
}
`,
  ],
  [
    'app/accounts/entities/user.ts',
    `import { defineEntity } from '@mikro-orm/core'
// sigra:if id=uuid
import { userProperties, uuidKey } from '@sigra/remix/schema'
// sigra:else
// sigra:+ import { bigintKey, userProperties } from '@sigra/remix/schema'
// sigra:end

const UserSchema = defineEntity({ name: 'User', tableName: 'users', properties: { ...userProperties } })

export class User extends UserSchema.class {}
`,
  ],
  [
    'app/passkeys/entities/index.ts',
    `// sigra:file passkeys
import { UserPasskey } from './user-passkey.ts'

export const passkeyEntities = { UserPasskey }
`,
  ],
  [
    'app/passkeys/entities/user-passkey.ts',
    `// sigra:file passkeys
import { defineEntity, p } from '@mikro-orm/core'

const UserPasskeySchema = defineEntity({
  name: 'UserPasskey',
  tableName: 'user_passkeys',
  properties: { id: p.uuid().primary() },
})

export class UserPasskey extends UserPasskeySchema.class {}
`,
  ],
  ['app/passkeys/routes.ts', '// sigra:file passkeys\nexport const passkeyRoutes = () => []\n'],
  [
    'app/accounts/routes/passkeys.tsx',
    '// sigra:file passkeys\nexport default function Passkeys() {\n  return <h1>Passkeys</h1>\n}\n',
  ],
  ['vite.config.ts', 'export default {}\n'],
  ['worker.ts', "// sigra:file mail=queue\nimport { sigra } from './app/sigra.server.ts'\n\nvoid sigra\n"],
  ['migrations/Migration1_accounts.ts', 'export const up = `create table "users" ("user_id" uuid)`\n'],
  [
    'migrations/.snapshot.json',
    JSON.stringify(
      {
        name: 'public',
        tables: [
          { name: 'user_passkeys', foreignKeys: { owner: { referencedTableName: 'public.users' } } },
          { name: 'users', foreignKeys: {} },
        ],
      },
      null,
      2,
    ),
  ],
  [
    'variants/id=bigint/migrations/Migration1_accounts.ts',
    'export const up = `create table "users" (id bigint)`\n',
  ],
])

/** The small template at any version. */
export const smallArchive: Archive = () => smallTemplate

/** Renders it. */
export const renderSmall: Render = (state) => renderTemplate(smallTemplate, state)

export function smallState(changes: Partial<State> = {}): State {
  return createState({ version: '0.0.0', appName: 'Small', ...changes })
}

/** A folder that goes away with the test. Its own subfolder `app` does not exist yet. */
export async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-generators-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Every file below a folder with its text, in order. */
export async function readTexts(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const texts = files.sort().map(async (file): Promise<[string, string]> => {
    return [relative(root, file), await readFile(file, 'utf8')]
  })
  return new Map(await Promise.all(texts))
}

export async function writeTexts(root: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(texts)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}
