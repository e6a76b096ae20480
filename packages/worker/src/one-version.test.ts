import { MikroORM } from '@mikro-orm/postgresql'
import { ConfigInvalid, createRootSecret } from '@sigra/core'
import { configurePasskeys, createRuntime, type Runtime } from '@sigra/mikro-orm'
import { beforeEach, expect, it, vi } from 'vitest'
import { createTestEntities } from '../../mikro-orm/src/testing/test-entities.ts'
import { createTestPasskeyEntities } from '../../mikro-orm/src/testing/passkeys/test-passkeys.ts'
import { runWorker } from './run-worker.ts'
import { plainMails } from './testing-only/plain-mails.ts'
import { version } from './version.ts'

// Only the number is another one: a package of another version cannot be installed beside this one.
const loaded = vi.hoisted(() => ({ core: '', mikroOrm: '' }))
vi.mock(import('@sigra/core'), async (original) => ({
  ...(await original()),
  get version() {
    return loaded.core
  },
}))
vi.mock(import('@sigra/mikro-orm'), async (original) => ({
  ...(await original()),
  get version() {
    return loaded.mikroOrm
  },
}))

beforeEach(() => {
  loaded.core = version
  loaded.mikroOrm = version
})

function createOfflineRuntime(): Runtime {
  const accounts = createTestEntities('uuid')
  const entities = { ...accounts, ...createTestPasskeyEntities('uuid', accounts.User) }
  return createRuntime({
    orm: new MikroORM({
      entities: Object.values(entities),
      clientUrl: 'postgresql://nobody@127.0.0.1:1/none',
    }),
    entities,
    areas: [configurePasskeys({ entities })],
    origin: 'https://app.test',
    secrets: createRootSecret(),
    appName: 'Acme',
    production: false,
  })
}

const run = (runtime: Runtime) =>
  runWorker({ sigra: { edge: { runtime } }, mails: plainMails, transport: async () => undefined })

it.each([
  ['a key nobody knows', { sender: 'hello@acme.test' }, '"sender" is not an option of runWorker'],
  ['a transport that sends nothing', { transport: 'smtp://localhost' }, 'transport must be a function'],
  ['text for a switch', { inProcess: 'false' }, 'inProcess must be true or false'],
  ['no job at a time', { concurrency: 0 }, 'concurrency must be a whole number of jobs from 1 to 64'],
  ['half a job', { concurrency: 1.5 }, 'concurrency must be a whole number of jobs'],
  ['a thousand jobs', { concurrency: 1000 }, 'concurrency must be a whole number of jobs'],
  ['an interval nobody knows', { intervals: { poll: 1 } }, '"intervals.poll" is not an option'],
  ['no time', { intervals: { pollMilliseconds: 0 } }, 'pollMilliseconds must be a number of milliseconds'],
  ['a worker that is dead before it breathes', { intervals: { unseenMilliseconds: 100 } }, 'count as dead'],
])('CFG-08 refuses %s', async (_, change, sentence) => {
  const options = {
    sigra: { edge: { runtime: createOfflineRuntime() } },
    mails: plainMails,
    transport: async () => undefined,
  }
  await expect(Reflect.apply(runWorker, null, [{ ...options, ...change }])).rejects.toThrow(sentence)
})

it.each([
  ['core', '@sigra/core'],
  ['mikroOrm', '@sigra/mikro-orm'],
] as const)('refuses to run with another version of %s, and names both', async (key, name) => {
  loaded[key] = '0.0.9'
  const running = run(createOfflineRuntime())
  await expect(running).rejects.toThrow(ConfigInvalid)
  await expect(running).rejects.toThrow(`@sigra/worker is at version ${version}, but ${name} at 0.0.9`)
})

it('refuses an app whose flows are of another version than its own copy', async () => {
  const running = run({ ...createOfflineRuntime(), version: '0.0.9' })
  await expect(running).rejects.toThrow(
    `@sigra/worker is at version ${version}, but @sigra/mikro-orm of the app at 0.0.9`,
  )
})
