import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// `*.test.ts` needs nothing but Node; `*.pg.test.ts` talks to a real PostgreSQL that the global setup starts.
// Not 'import': it would also hold for `require`, and a package in CommonJS would get the other half of its dependency.
const conditions = ['sigra-source', 'node', 'default']
const shared = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } }
// `expect.poll` ends as soon as it holds; its default, one second, is what a busy machine needs to start a process.
const patient = { poll: { timeout: 60_000 } }
// For what hangs. A busy machine is no defect: some tests run six programs one after the other, each with an ORM of its own.
const bounds = { testTimeout: 600_000, hookTimeout: 600_000 }
// Programs that tests start from the sources: Node leaves their types out once for each version of a file, not in each process.
const env = { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url)) }
const everywhere = ['packages/*/src/**', 'generators/src/**']

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          css: true, // mails take their colours from the stylesheet
          include: [...everywhere, 'scripts'].map((root) => `${root}/*.test.{ts,tsx}`),
          exclude: ['**/*.pg.test.*', '**/node_modules/**'],
          ...bounds,
          env,
          expect: patient,
          maxWorkers: 2,
        },
      },
      {
        ...shared,
        test: {
          name: 'postgres',
          css: true,
          include: everywhere.map((root) => `${root}/*.pg.test.{ts,tsx}`),
          globalSetup: ['packages/dev/src/testing/vitest-postgres.ts'],
          ...bounds,
          env,
          expect: patient,
          maxWorkers: 2,
        },
      },
    ],
  },
})
