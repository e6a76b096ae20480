import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestRuntime, type TestRuntime } from '../../../mikro-orm/src/testing/index.ts'
import { createPerson } from './person.ts'
import { TestBrowser } from './test-browser.ts'
import { TestSetupFailed } from './test-setup-failed.ts'
import type { TestedSigra } from './tested-app.ts'

let test: TestRuntime
let sigra: TestedSigra
beforeAll(async () => {
  test = await createTestRuntime()
  const names = { session: '__Host-sid', browser: '__Host-browser', trusted: '__Host-trusted' }
  sigra = { edge: { runtime: test.runtime, settings: { cookies: { names } } } }
})
afterAll(() => test.close())

describe('a browser that opens pages', () => {
  it('tells the app where it comes from, and gives back what the app answers', async () => {
    const browser = openBrowser((request, address) => {
      const { pathname } = new URL(request.url)
      const headers = { Location: '/next', 'X-Seen': `${request.headers.get('origin')} ${address}` }
      return new Response(`<p>${request.method} ${pathname}</p>`, { status: 303, headers })
    })
    const page = await browser.get('/somewhere')
    expect(page).toMatchObject({ status: 303, location: '/next', html: '<p>GET /somewhere</p>' })
    expect(page.headers.get('X-Seen')).toMatch(/^https:\/\/app\.test 198\.18\.\d+\.\d+$/)
  })

  it('has an address that no other one has', async () => {
    const echo = (_request: Request, address: string) => new Response(address)
    const pages = [await openBrowser(echo).get('/'), await openBrowser(echo).get('/')]
    expect(pages[0]?.html).not.toBe(pages[1]?.html)
  })

  it('sends forms and JSON', async () => {
    const browser = openBrowser(async (request) =>
      Response.json([request.headers.get('content-type'), await request.text()]),
    )
    const { html } = await browser.post('/form', { email: 'ada@example.com' })
    expect(JSON.parse(html)).toEqual([
      'application/x-www-form-urlencoded;charset=UTF-8',
      'email=ada%40example.com',
    ])
    expect(await browser.postJson<[string, string]>('/json', { a: 1 })).toEqual([
      'application/json',
      '{"a":1}',
    ])
  })

  it('shows what came where JSON was awaited', async () => {
    const browser = openBrowser(() => new Response('<h1>Not found</h1>', { status: 404 }))
    await expect(browser.postJson('/gone', {})).rejects.toThrow(
      new TestSetupFailed('/gone answered 404 without JSON: <h1>Not found</h1>'),
    )
  })

  it('keeps the cookies it is given, and loses those that are over', async () => {
    const answers = [
      ['a=1; Path=/; HttpOnly', 'b=2=2; Max-Age=60', 'c=3', 'd=4'],
      ['a=changed', 'b=2; max-age=0', 'c=', 'd=4; Max-Age=-1; Path=/'],
    ]
    const browser = openBrowser(() => {
      const headers = new Headers()
      for (const line of answers.shift() ?? []) headers.append('Set-Cookie', line)
      return new Response(null, { headers })
    })
    await browser.get('/')
    expect(browser.cookies).toEqual({ a: '1', b: '2=2', c: '3', d: '4' })
    expect(browser.args('/').request.headers.get('cookie')).toBe('a=1; b=2=2; c=3; d=4')
    await browser.get('/')
    expect(browser.cookieHeader).toBe('a=changed')
  })
})

describe('a browser whose app signs somebody out', () => {
  it('is signed out', async () => {
    const browser = openBrowser(
      () => new Response(null, { headers: { 'Set-Cookie': '__Host-sid=; Path=/; Max-Age=0' } }),
    )
    await browser.logIn(await createPerson(sigra))
    expect((await browser.caller()).session).not.toBeNull()
    await browser.get('/')
    expect((await browser.caller()).session).toBeNull()
  })
})

describe('a browser without an app', () => {
  it('says what it lacks', async () => {
    const browser = new TestBrowser(sigra)
    await expect(browser.get('/')).rejects.toThrow(TestSetupFailed)
    await expect(browser.post('/', {})).rejects.toThrow(TestSetupFailed)
    await expect(browser.postJson('/', {})).rejects.toThrow('make it with { serve }')
  })
})

function openBrowser(
  serve: (request: Request, address: string) => Response | Promise<Response>,
): TestBrowser {
  return new TestBrowser(sigra, { serve: async (request, address) => serve(request, address) })
}
