import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createBreachCheck } from './breach-check.ts'

const sha1 = '5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8' // of "password"
const suffix = sha1.slice(5)
const other = '0'.repeat(34)

function answering(body: string, status = 200): typeof fetch {
  return async () => new Response(body, { status })
}

const ask = (fetch: typeof globalThis.fetch): Promise<string> => createBreachCheck({ fetch })(sha1)

describe('createBreachCheck', () => {
  it.each([
    ['listed', `${other}1:3\r\n${suffix}:9545824\r\n${other}2:1`, 'breached'],
    ['listed in lower case', `${suffix.toLowerCase()}:2`, 'breached'],
    ['not listed', `${other}1:3\r\n${other}2:1`, 'clean'],
    ['listed as padding', `${other}1:3\r\n${suffix}:0`, 'clean'],
  ])('reads an answer where the password is %s', async (_, body, answer) => {
    expect(await ask(answering(body))).toBe(answer)
  })

  it('tells the service five characters of the hash, asks for padding and follows no redirect', async () => {
    const asked: { url: string; init: RequestInit | undefined }[] = []
    const check = createBreachCheck({
      fetch: async (url, init) => {
        asked.push({ url: String(url), init })
        return new Response(`${other}1:3`)
      },
    })
    await check(sha1)
    expect(asked.map(({ url }) => url)).toEqual(['https://api.pwnedpasswords.com/range/5BAA6'])
    expect(asked[0]?.init).toMatchObject({ headers: { 'Add-Padding': 'true' }, redirect: 'error' })
    expect(JSON.stringify(asked)).not.toContain(suffix)
  })

  it.each([
    ['an error page', answering('<html>busy</html>')],
    ['503', answering(`${suffix}:1`, 503)],
    ['an empty answer', answering('')],
    ['a line that is none', answering(`${other}1:3\r\n${suffix}:many`)],
    ['a megabyte', answering(`${other}1:3\r\n`.repeat(30_000))],
    ['no network', () => Promise.reject(new TypeError('fetch failed'))],
  ])('PWD-07 is unavailable, not clean, after %s', async (_, fetch) => {
    expect(await ask(fetch)).toBe('unavailable')
  })

  it('PWD-07 waits one second, for a fetch that ignores its signal too', async () => {
    const started = performance.now()
    expect(await ask(() => new Promise(() => {}))).toBe('unavailable')
    expect(performance.now() - started).toBeGreaterThan(900)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('PWD-07 gives up the request it no longer waits for', async () => {
    let signal: AbortSignal | null | undefined
    const check = createBreachCheck({
      timeoutMilliseconds: 10,
      fetch: (_, init) => {
        signal = init?.signal
        return new Promise(() => {})
      },
    })
    expect(await check(sha1)).toBe('unavailable')
    expect(signal?.aborted).toBe(true)
  })

  it('PWD-07 waits no longer for a real server that drips its answer', async () => {
    const server = createServer((_, response) => {
      response.write(`${other}1:3\r\n`)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const check = createBreachCheck({ endpoint: `http://127.0.0.1:${port}/`, timeoutMilliseconds: 100 })
    expect(await check(sha1)).toBe('unavailable')
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
})
