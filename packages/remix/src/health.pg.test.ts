import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestSigra, type TestSigra } from './testing-only/test-sigra.ts'

let test: TestSigra

beforeAll(async () => {
  test = await createTestSigra()
})
afterAll(() => test.close())

describe('health', () => {
  it('is live and ready, in JSON without versions', async () => {
    expect(await test.sigra.health.live().json()).toEqual({ status: 'ok' })
    const ready = await test.sigra.health.ready()
    expect(await ready.json()).toMatchObject({ database: 'up' })
    expect(JSON.stringify([...ready.headers])).not.toMatch(/postgres|sigra\//i)
  })
})
