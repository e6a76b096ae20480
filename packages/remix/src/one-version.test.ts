import { ConfigInvalid } from '@sigra/core'
import { beforeEach, expect, it, vi } from 'vitest'
import { createSigra } from './sigra.ts'
import { offlineOptions } from './testing-only/offline-sigra.ts'
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

it('starts with packages of one version', async () => {
  const { runtime } = createSigra(offlineOptions()).edge
  expect(runtime.version).toBe(version)
  await runtime.close()
})

it.each([
  ['core', '@sigra/core'],
  ['mikroOrm', '@sigra/mikro-orm'],
] as const)('refuses to start with another version of %s, and names both', (key, name) => {
  loaded[key] = '0.0.9'
  expect(() => createSigra(offlineOptions())).toThrow(ConfigInvalid)
  expect(() => createSigra(offlineOptions())).toThrow(
    `@sigra/remix is at version ${version}, but ${name} at 0.0.9`,
  )
})
