import { describe, expect, it } from 'vitest'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { createTestApp, type TestRoute } from '../testing-only/test-app.ts'

const page = () => 'loaded'
const routes: Record<string, TestRoute> = {
  home: { index: true, loader: page },
  notes: { path: 'notes', loader: page },
  'log-in': { path: 'users/log-in', loader: page },
  sessions: { path: 'users/sessions', loader: page },
}

const appOf = (contentSecurityPolicy: 'report-only' | 'enforce', isWrapped: boolean) =>
  createTestApp(createOfflineSigra({ edge: { headers: { contentSecurityPolicy } } }).sigra, routes, {
    isWrapped,
  })

/** What React Router's client would do with the answer. */
async function follow(app: ReturnType<typeof appOf>, path: string, from: string | null, method = 'GET') {
  const headers: Record<string, string> = from === null ? {} : { referer: `https://app.test${from}` }
  const response = await app(new Request(`https://app.test${path}`, { method, headers }))
  const text = await response.text()
  if (response.status !== 202) return text.includes('loaded') ? 'shows it' : `answers ${response.status}`
  expect(response.headers.get('cache-control')).toBe('no-store')
  const { reload, redirect } = decode(text)
  expect(reload).toBe(true)
  return redirect
}

/** An object as React Router sends it: keys and values are places in one list. */
function decode(text: string): Record<string, unknown> {
  const [, places, ...rest] = JSON.parse(text)
  const at = (place: number) => rest[place - 2]
  return Object.fromEntries(
    Object.entries<number>(places).map(([key, place]) => [at(Number(key.slice(1))), at(place)]),
  )
}

describe.each([
  ['behind a wrapper', true],
  ['without a wrapper', false],
])('between pages of the host and ours, %s', (_kind, isWrapped) => {
  const watched = appOf('report-only', isWrapped)

  it.each([
    ['/users/log-in.data?redirectTo=%2Fnotes', '/notes', '/users/log-in?redirectTo=%2Fnotes'],
    ['/users/log-in.data', null, '/users/log-in'],
    ['/notes.data', '/users/log-in', '/notes'],
    ['/_.data', '/users/sessions', '/'],
    ['/notes.data?tab=2&_routes=root%2Cnotes', '/users/sessions', '/notes?tab=2'],
  ])(
    '%s from %s loads %s as a document: no page runs under the policy of the other side',
    async (path, from, to) => {
      expect(await follow(watched, path, from)).toBe(to)
    },
  )

  it.each([
    ['within ours', '/users/sessions.data', '/users/log-in'],
    ['within the host', '/notes.data', '/'],
    ['within a host that does not say where it is', '/notes.data', null],
    ['for a fetcher, which goes nowhere', '/notes.data?_routes=notes', '/users/log-in'],
    ['for a document', '/users/log-in', '/notes'],
  ])('nothing is reloaded %s', async (_what, path, from) => {
    expect(await follow(watched, path, from)).toBe('shows it')
  })

  it('nothing is reloaded where one policy holds for all', async () => {
    const app = appOf('enforce', isWrapped)
    expect(await follow(app, '/users/log-in.data', '/notes')).toBe('shows it')
    expect(await follow(app, '/notes.data', '/users/log-in')).toBe('shows it')
  })

  it('leads to no other site', async () => {
    expect(await follow(watched, '//evil.test/x.data', '/users/log-in')).not.toMatch(/evil/)
  })
})
