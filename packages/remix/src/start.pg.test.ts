import { createServer } from 'node:http'
import { ConfigInvalid } from '@sigra/core'
import express from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sigraExpress } from './express/index.ts'
import { createSigra, type Sigra } from './sigra.ts'
import { createTestApp } from './testing-only/test-app.ts'
import { testAreas } from './testing-only/test-areas.ts'
import { createTestSigra, createTestUser, type TestSigra } from './testing-only/test-sigra.ts'
import { offlineOptions } from './testing-only/offline-sigra.ts'

let test: TestSigra
let refused: Sigra
beforeAll(async () => {
  test = await createTestSigra()
  await createTestUser(test, { email: 'ada@seed.example' })
  const { orm, entities } = test
  refused = createSigra(offlineOptions({ orm, entities, areas: testAreas(entities), production: true }))
})
afterAll(() => test.close())

it('CFG-02: refuses the start of a server', async () => {
  await expect(refused.start()).rejects.toThrow(ConfigInvalid)
})

const visit = () => new Request('https://app.test/health/live')

it('CFG-02: answers no request while there are demo users, whatever a host does with the refused start', async () => {
  const page = { path: 'health/live', isPage: false, loader: () => refused.health.live() }
  await expect(createTestApp(refused, { page })(visit())).rejects.toThrow('confirmed users of seed.example')
  await expect(refused.getUser({ request: visit() })).rejects.toThrow('confirmed users of seed.example')
})

it('CFG-02: answers none behind Express either', async () => {
  const app = express()
  app.use(sigraExpress({ sigra: () => refused }))
  app.use((_request, response) => void response.send('served'))
  const errors: unknown[] = []
  app.use((error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
    errors.push(error)
    response.sendStatus(500)
  })
  const server = createServer(app).listen(0)
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  server.close()
  expect(answer.status).toBe(500)
  expect(errors).toEqual([expect.any(ConfigInvalid)])
})

it('starts without waiting for a database that is away', async () => {
  const sigra = createSigra(offlineOptions({ production: true }))
  await sigra.start()
  expect(sigra.health.live().status).toBe(200)
})
