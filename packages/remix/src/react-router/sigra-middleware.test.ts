import { RouterContextProvider } from 'react-router'
import { describe, expect, it } from 'vitest'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { createTestApp, type TestRoute } from '../testing-only/test-app.ts'
import { createTestBrowser } from '../testing-only/test-browser.ts'

const { sigra } = createOfflineSigra()

/** Where an action waits until the test lets it go on. */
let arrived = Promise.withResolvers<void>()
let goOn = Promise.withResolvers<void>()

const idOf: NonNullable<TestRoute['loader']> = (args) => sigra.requestId(args)
const greet: NonNullable<TestRoute['action']> = (args) => {
  sigra.flash.set(args, 'Hello')
  return sigra.requestId(args)
}
const routes: Record<string, TestRoute> = {
  page: { path: 'page', loader: idOf, action: greet },
  resource: { path: 'resource', isPage: false, loader: idOf, action: greet },
  slow: {
    path: 'slow',
    loader: idOf,
    async action(args) {
      arrived.resolve()
      await goOn.promise
      return greet(args)
    },
  },
}

describe.each([
  ['a context of its own for each request', {}],
  ['one context for all', { context: new RouterContextProvider() }],
])('sigraMiddleware without a wrapper, with %s', (_kind, options) => {
  const app = createTestApp(sigra, routes, { ...options, isWrapped: false, rootLoader: idOf })

  it.each(['/page', '/page.data', '/resource'])(
    'SESS-06: %s knows nothing of a former request',
    async (path) => {
      const first = await createTestBrowser(app).submit(path, {})
      const second = await createTestBrowser(app).visit(path)
      expect(first.headers.getSetCookie()).toHaveLength(1)
      expect(second.headers.getSetCookie()).toEqual([])
      expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
    },
  )

  it.each(['/page', '/page.data', '/resource'])('%s shares one state, action and loaders', async (path) => {
    for (const method of ['GET', 'POST']) {
      const answer = await createTestBrowser(app).visit(path, { method })
      const id = answer.headers.get('x-request-id') ?? ''
      const text = await answer.text()
      expect(text).toContain(id)
      expect(text.match(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g)?.every((each) => each === id)).toBe(true)
    }
  })

  it('SESS-06: two requests at once each keep their own cookies', async () => {
    arrived = Promise.withResolvers()
    goOn = Promise.withResolvers()
    const ada = createTestBrowser(app).submit('/slow', {})
    await arrived.promise
    const eve = await createTestBrowser(app).visit('/page')
    goOn.resolve()
    expect(eve.headers.getSetCookie()).toEqual([])
    const answer = await ada
    expect(answer.headers.getSetCookie()).toHaveLength(1)
    const id = answer.headers.get('x-request-id')
    expect(await answer.json()).toMatchObject({
      loaderData: { root: id, slow: id },
      actionData: { slow: id },
    })
  })
})
