import { describe, expect, it } from 'vitest'
import { createCookieJar } from './cookie-jar.ts'
import { createCookieSettings } from './cookie-settings.ts'

const jarAt = (origin: string, domain?: string) =>
  createCookieJar(createCookieSettings(new URL(origin), 'Acme', domain))

describe('createCookieJar', () => {
  it('writes every attribute that keeps a cookie in', () => {
    const jar = jarAt('https://app.test')
    jar.set('session', 'abc', null)
    jar.set('browser', 'def', 60)
    expect(jar.take()).toEqual([
      '__Host-sid=abc; Path=/; HttpOnly; Secure; SameSite=Lax',
      '__Host-browser=def; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    ])
  })

  it('leaves Secure out on http and names the domain where one is shared', () => {
    const local = jarAt('http://localhost:3000')
    local.set('session', 'abc', null)
    expect(local.take()).toEqual(['acme_3000_sid=abc; Path=/; HttpOnly; SameSite=Lax'])
    const shared = jarAt('https://app.example.com', 'example.com')
    shared.set('session', 'abc', null)
    shared.set('browser', 'def', 60)
    expect(shared.take()).toEqual([
      '__Secure-sid=abc; Path=/; Domain=example.com; HttpOnly; Secure; SameSite=Lax',
      '__Host-browser=def; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    ])
  })

  it('sends the last word about a cookie, once', () => {
    const jar = jarAt('https://app.test')
    jar.set('session', 'abc', null)
    jar.clear('session')
    expect(jar.take()).toEqual(['__Host-sid=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax'])
    expect(jar.take()).toEqual([])
  })

  it('puts all it has into an answer that is about to leave, each once and by its last word', () => {
    const jar = jarAt('https://app.test')
    jar.set('session', 'first', null)
    const [handedOut = ''] = jar.take()
    jar.set('session', 'second', null)
    jar.set('browser', 'lost', 60)
    expect(jar.take()).toHaveLength(2)
    const answer = ['theirs=1', handedOut]
    const complete = [
      'theirs=1',
      '__Host-sid=second; Path=/; HttpOnly; Secure; SameSite=Lax',
      '__Host-browser=lost; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]
    expect(jar.complete(answer)).toEqual(complete)
    expect(jar.complete(complete)).toEqual(complete)
    expect(jar.take()).toEqual([])
  })

  it('knows whether an answer belongs to one browser, also when everything was handed out', () => {
    const jar = jarAt('https://app.test')
    expect(jar.isUsed).toBe(false)
    jar.clear('flash')
    jar.take()
    expect(jar.isUsed).toBe(true)
  })

  it.each(['a;b', 'a b', 'a\r\nSet-Cookie: x=y', 'ä'])('refuses the value %j', (value) => {
    expect(() => jarAt('https://app.test').set('session', value, null)).toThrow('cookie value')
  })
})
