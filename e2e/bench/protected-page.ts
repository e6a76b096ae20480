import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { Pool } from 'pg'
import { startPlayground } from '../support/playground.ts'
import { type AppCopy, copyApp } from '../support/app-copy.ts'
import { compare, type Outcome } from './compare.ts'
import { replaceAll } from './replace-all.ts'
import { insertPeople } from './session-database.ts'
import { hashBenchPassword, signIn } from './sign-in.ts'

const changes = [
  [
    'const user = await requireUser(args)',
    "const user = { email: 'person1@example.com', confirmedAt: new Date() }",
  ],
  ['import { requireUser, sigra }', 'import { sigra }'],
  ['+types/dashboard', '+types/open'],
] as const

/** The dashboard beside the same page for everybody, in a production build with the worker running. */
export async function benchProtectedPage(): Promise<Outcome[]> {
  const app = await copyApp('playground')
  try {
    return [await comparePages(app)]
  } finally {
    await app.remove()
  }
}

async function comparePages(app: AppCopy): Promise<Outcome> {
  const page = await readFile(join(app.root, 'app/routes/dashboard.tsx'), 'utf8')
  await app.write('app/routes/open.tsx', replaceAll(page, changes))
  await app.edit('app/routes.ts', (text) =>
    replaceAll(text, [
      ["index('routes/home.tsx')", "index('routes/home.tsx'), route('open', 'routes/open.tsx')"],
    ]),
  )
  const playground = await startPlayground({ root: app.root })
  const pool = new Pool({ connectionString: playground.databaseUrl })
  try {
    await insertPeople(pool, 1, await hashBenchPassword())
    process.env['E2E_ORIGIN'] = playground.origin
    const { client } = await signIn(1)
    const load = (path: string, headers: Record<string, string>) => async () => {
      const { requests, non2xx } = await autocannon({
        url: `${playground.origin}${path}`,
        headers,
        connections: 8,
        duration: 3,
      })
      if (non2xx > 0)
        throw new RangeError(`${path} answered ${non2xx} times with something else than the page`)
      return requests.average
    }
    return await compare({
      name: 'protected page, whole request',
      unit: '/s',
      bar: { atLeast: 0.85 },
      floor: { name: 'the same page unguarded', measure: load('/open', {}) },
      subject: { name: 'behind requireUser', measure: load('/dashboard', { cookie: client.cookieHeader }) },
      rounds: 9,
    })
  } finally {
    await pool.end()
    await playground.stop()
  }
}
