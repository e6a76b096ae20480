import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// `*.test.ts` needs nothing but Node; `*.pg.test.ts` talks to a real PostgreSQL that the global setup starts.
// Not 'import': it would also hold for `require`, and a package in CommonJS would get the other half of its dependency.
const conditions = ['sigra-source', 'node', 'default']
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } }
// `expect.poll` ends as soon as it holds; its default, one second, is what a busy machine needs to start a process.
const patient = { poll: { timeout: 60_000 } }
// For what hangs. A busy machine is no defect: some tests run six programs one after the other, each with an ORM of its own.
const bounds = { testTimeout: 600_000, hookTimeout: 600_000 }
// Programs that tests start from the sources: Node leaves their types out once for each version of a file, not in each process.
const compiled = fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url))
const env = { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? compiled }
/** What all projects have in common. Mails take their colours from the stylesheet. */
const alike = { css: true, ...bounds, env, expect: patient, maxWorkers: 2 }
const everywhere = ['packages/*/src/**', 'generators/src/**']

/** Files that take half a minute or more each, the longest first: begun last, they would be waited for alone. */
const LONG = [
  'worker/src/killed-worker.pg.test.ts',
  'dev/src/commands/change-features.test.ts',
  'dev/src/commands/run-dev.pg.test.ts',
  'create-sigra-remix/src/cli.test.ts',
  'mikro-orm/src/testing/model/model.pg.test.ts',
  'generators/src/plop.test.ts',
  'dev/src/commands/unusual-folders.pg.test.ts',
  'create-sigra-remix/src/cli-usage.test.ts',
  'dev/src/commands/change-features.pg.test.ts',
  'dev/src/commands/database-tools.pg.test.ts',
  'generators/src/plan/features.test.ts',
  'dev/src/postgres/start-embedded-postgres.pg.test.ts',
  'dev/src/commands/migrate-in-production.pg.test.ts',
]

/** Packages whose test files share a process, and so load what they test once. */
const SHARED = [
  ...['core', 'mikro-orm', 'remix', 'worker'].map((name) => `packages/${name}/src/**/*.test.{ts,tsx}`),
  'generators/src/**/*.test.ts',
]
/** Likewise of those on a database: none of them replaces modules. */
const SHARED_PG = ['mikro-orm', 'remix'].map((name) => `packages/${name}/src/**/*.pg.test.{ts,tsx}`)
const NEVER = ['**/*.pg.test.*', '**/node_modules/**']
/** They replace modules, which the next file of their process would get as well; the last one loads plop, which leaves listeners. */
const ALONE = [
  'packages/remix/src/close.test.ts',
  'packages/remix/src/one-version.test.ts',
  'packages/worker/src/one-version.test.ts',
  'packages/worker/src/mail/mail-languages.test.ts',
  'packages/worker/src/mail/owned-mails.test.ts',
  'generators/src/lock-file.test.ts',
  'generators/src/plan/joints.test.ts',
  'generators/src/plop.test.ts',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other))
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((path) => moduleId.endsWith(path))
  return place === -1 ? LONG.length : place
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          isolate: false,
          setupFiles: ['scripts/left-as-found-setup.ts'],
          include: SHARED,
          exclude: [...NEVER, ...ALONE],
          ...alike,
        },
      },
      {
        ...shared,
        test: {
          name: 'unit-alone',
          include: [
            ...['packages/{create-sigra-remix,dev}/src/**', 'scripts'].map(
              (root) => `${root}/*.test.{ts,tsx}`,
            ),
            ...ALONE,
          ],
          exclude: NEVER,
          ...alike,
        },
      },
      {
        ...shared,
        test: {
          name: 'postgres',
          isolate: false,
          setupFiles: ['scripts/left-as-found-setup.ts'],
          include: SHARED_PG,
          globalSetup: ['packages/dev/src/testing/vitest-postgres.ts'],
          ...alike,
        },
      },
      {
        ...shared,
        test: {
          name: 'postgres-alone',
          include: everywhere.map((root) => `${root}/*.pg.test.{ts,tsx}`),
          exclude: ['**/node_modules/**', ...SHARED_PG],
          globalSetup: ['packages/dev/src/testing/vitest-postgres.ts'],
          ...alike,
        },
      },
    ],
  },
})
