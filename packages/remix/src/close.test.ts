import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createOfflineSigra } from './testing-only/offline-sigra.ts'

/** What was closed of an app, in order. */
function watchClosing() {
  const { sigra } = createOfflineSigra()
  const closed: string[] = []
  const { hasher, orm } = sigra.edge.runtime
  const closeHasher = hasher.close.bind(hasher)
  hasher.close = () => {
    closed.push('runtime')
    return closeHasher()
  }
  const closeOrm = orm.close.bind(orm)
  orm.close = (force) => {
    closed.push('orm')
    return closeOrm(force)
  }
  return { sigra, closed }
}

describe('sigra.close', () => {
  it('closes the runtime, and the ORM after it', async () => {
    const { sigra, closed } = watchClosing()
    await sigra.close()
    expect(closed).toEqual(['runtime', 'orm'])
  })

  it('closes the ORM all the same where the runtime cannot be closed', async () => {
    const { sigra, closed } = watchClosing()
    sigra.edge.runtime.hasher.close = () => Promise.reject(new Error('a thread hangs'))
    await expect(sigra.close()).rejects.toThrow('a thread hangs')
    expect(closed).toEqual(['orm'])
  })

  it('is beside a deprecated `runtime`, which warns once', async () => {
    const { sigra } = createOfflineSigra()
    const warning = once(process, 'warning')
    const read = () => Reflect.get(sigra, 'runtime')
    expect([read(), read()]).toEqual([sigra.edge.runtime, sigra.edge.runtime])
    expect(await warning).toMatchObject([{ name: 'DeprecationWarning', code: 'SIGRA_RUNTIME' }])
    expect(sigra.policy).toBe(sigra.edge.runtime.policy)
  })
})
