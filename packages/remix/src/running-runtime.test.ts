import { expect, it } from 'vitest'
import { replaceRuntime } from './running-runtime.ts'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'

/** The runtime of an app, and how often its pool was closed. */
function createRuntime(production: boolean) {
  const { runtime } = createOfflineSigra({ production }).sigra.edge
  const closed = { count: 0 }
  runtime.orm.close = async () => {
    closed.count += 1
  }
  return { runtime, closed }
}

it('closes the pool of a runtime that an edit replaced', async () => {
  const former = createRuntime(false)
  const edited = createRuntime(false)
  replaceRuntime(former.runtime, 0)
  replaceRuntime(edited.runtime, 0)
  await expect.poll(() => former.closed.count).toBe(1)
})

it('leaves a pool open that is still in use, and every pool of production', async () => {
  const first = createRuntime(false)
  const sameOrm = { ...createRuntime(false).runtime, orm: first.runtime.orm }
  const production = createRuntime(true)
  const last = createRuntime(false)
  replaceRuntime(first.runtime, 0)
  replaceRuntime(sameOrm, 0)
  expect(first.closed.count).toBe(0)
  replaceRuntime(production.runtime, 0)
  replaceRuntime(last.runtime, 0)
  await expect.poll(() => first.closed.count).toBe(1)
  expect(production.closed.count).toBe(0)
})
